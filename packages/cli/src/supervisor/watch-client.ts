import { Agent, get } from 'node:http';

const EVERY_MS = 100;
const PATIENCE_MS = 30_000;

/**
 * A light client that asks whether the server is ready, ten times a second on connections of its own, while a server
 * is away: what it meets is what any client meets.
 */
export class WatchClient {
  readonly #url: string;
  readonly #open = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #away = false;
  waited = 0;
  failed = 0;

  constructor(url: string) {
    this.#url = url;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#ask(), EVERY_MS);
  }

  /** The server has ended: whoever asks from now on waits. */
  away(): void {
    this.#away = true;
    this.start();
  }

  /** Resolves when every question was answered, or failed. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await Promise.all(this.#open);
  }

  #ask(): void {
    const waits = this.#away;
    const asked = new Promise<void>(resolve => {
      const agent = new Agent();
      const done = (ok: boolean): void => {
        if (!ok) this.failed++;
        else if (waits) this.waited++;
        agent.destroy();
        resolve();
      };
      const call = get(`${this.#url}/readyz`, { agent, timeout: PATIENCE_MS }, response => {
        response.resume();
        response.on('end', () => done(response.statusCode === 200));
        response.on('error', () => done(false));
      });
      call.on('timeout', () => call.destroy(new Error('too late')));
      call.on('error', () => done(false));
    });
    this.#open.add(asked);
    void asked.then(() => this.#open.delete(asked));
  }
}
