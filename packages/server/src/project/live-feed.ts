import type { Decision, LiveEvent, LoopStatus } from '@twinloop/client';

/** Status changes are told at most that often; decisions always. */
const STATUS_EVERY_MS = 200;

type Listener = (event: LiveEvent) => void;

/** What pages hear while they watch. Nothing is computed while nobody listens. */
export class LiveFeed {
  readonly #status: () => Promise<LoopStatus>;
  readonly #wallNow: () => number;
  readonly #listeners = new Set<Listener>();
  #told = 0;
  #waiting = false;

  constructor(status: () => Promise<LoopStatus>, wallNow: () => number) {
    this.#status = status;
    this.#wallNow = wallNow;
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  decision(make: () => Decision): void {
    if (this.#listeners.size === 0) return;
    this.#send({ event: 'decision', data: make() });
    this.changed();
  }

  changed(): void {
    if (this.#listeners.size === 0 || this.#waiting) return;
    this.#waiting = true;
    const wait = Math.max(0, this.#told + STATUS_EVERY_MS - this.#wallNow());
    setTimeout(() => void this.#tell(), wait).unref();
  }

  async #tell(): Promise<void> {
    this.#waiting = false;
    this.#told = this.#wallNow();
    this.#send({ event: 'status', data: await this.#status() });
  }

  #send(event: LiveEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
