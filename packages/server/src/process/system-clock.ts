import type { Cancel, Clock, EpochMs } from '@twinloop/kernel';

// setTimeout overflows beyond 2^31 − 1 ms (24.8 days); longer waits are made of shorter ones.
const LONGEST_WAIT = 2 ** 31 - 1;

/** The wall clock. A timer's failure is reported, never thrown into the event loop. */
export class SystemClock implements Clock {
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  now(): EpochMs {
    return Date.now();
  }

  at(time: EpochMs, fn: () => void | Promise<void>): Cancel {
    let handle: NodeJS.Timeout;
    const arm = (): void => {
      const wait = Math.min(Math.max(0, time - Date.now()), LONGEST_WAIT);
      handle = setTimeout(() => {
        if (Date.now() < time) return arm();
        Promise.resolve()
          .then(fn)
          .catch((error: unknown) => this.#onError(error));
      }, wait);
      handle.unref();
    };
    arm();
    return () => clearTimeout(handle);
  }
}
