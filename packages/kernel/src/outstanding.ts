import type { Outstanding } from './clock.js';

/** The counting implementation of {@link Outstanding}. */
export class WorkCounter implements Outstanding {
  #count = 0;
  #waiting: (() => void)[] = [];

  track<T>(work: Promise<T>): Promise<T> {
    this.#count++;
    const done = (): void => {
      this.#count--;
      if (this.#count === 0) for (const resolve of this.#waiting.splice(0)) resolve();
    };
    work.then(done, done);
    return work;
  }

  idle(): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise(resolve => this.#waiting.push(resolve));
  }
}
