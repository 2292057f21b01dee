import type { Cancel, Clock, DeliveryRecord, EpochMs } from '@twinloop/kernel';

export interface LaneParts {
  readonly clock: Clock;
  /** The first row that is due at `until`. */
  readonly due: (until: EpochMs) => Promise<DeliveryRecord | undefined>;
  readonly attempt: (record: DeliveryRecord) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** After the store failed; the messages themselves are paced by their own times. */
const STORE_PAUSE_MS = 60_000;

/** One channel's queue: one message at a time, in order of their times, so that a channel that hangs holds up only itself. */
export class Lane {
  readonly #parts: LaneParts;
  #running: Promise<void> | undefined;
  #again = false;
  #closed = false;
  #timer: Cancel | undefined;

  constructor(parts: LaneParts) {
    this.#parts = parts;
  }

  /** Works off what is due, then waits for what comes next. Resolves when nothing is due any more. */
  run(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    if (this.#running !== undefined) {
      this.#again = true;
      return this.#running;
    }
    this.#timer?.();
    this.#running = this.#work()
      .catch(error => {
        this.#parts.onError(error);
        this.#wake(this.#parts.clock.now() + STORE_PAUSE_MS);
      })
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }

  /** No new attempt; resolves when the one under way has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.();
    await this.#running;
  }

  async #work(): Promise<void> {
    const { clock, due, attempt } = this.#parts;
    for (;;) {
      this.#again = false;
      for (;;) {
        if (this.#closed) return;
        const record = await due(clock.now());
        if (record === undefined) break;
        if (this.#closed) return;
        await attempt(record);
      }
      const next = await due(Number.MAX_SAFE_INTEGER);
      if (this.#again) continue;
      if (next?.nextAt != null) this.#wake(next.nextAt);
      return;
    }
  }

  #wake(time: EpochMs): void {
    this.#timer?.();
    if (!this.#closed) this.#timer = this.#parts.clock.at(time, () => this.run());
  }
}
