import type { Cancel, Clock } from './clock.js';
import type { EpochMs } from './ids.js';

interface Timer {
  readonly time: EpochMs;
  readonly order: number;
  readonly fn: () => void | Promise<void>;
}

/**
 * A clock that stands still until `advanceTo` moves it. Timers fire in order of time, then of setting;
 * each is awaited before the next, so a run is the same on an idle and on a busy machine.
 */
export class VirtualClock implements Clock {
  #now: EpochMs;
  #order = 0;
  #timers: Timer[] = [];

  constructor(start: EpochMs) {
    this.#now = start;
  }

  now(): EpochMs {
    return this.#now;
  }

  at(time: EpochMs, fn: () => void | Promise<void>): Cancel {
    const timer: Timer = { time, order: this.#order++, fn };
    // Insertion keeps the list sorted; it is short (monitors, runs), so a heap would buy nothing.
    let index = this.#timers.length;
    while (index > 0 && this.#timers[index - 1]!.time > time) index--;
    this.#timers.splice(index, 0, timer);
    return () => {
      this.#timers = this.#timers.filter(other => other !== timer);
    };
  }

  /** The time of the next timer, if any is set. */
  next(): EpochMs | undefined {
    return this.#timers[0]?.time;
  }

  /** Fires what is due up to and including `time`, then stands at `time`. Time never goes back: an earlier `time` only fires what is due now. */
  async advanceTo(time: EpochMs): Promise<void> {
    for (;;) {
      const timer = this.#timers[0];
      if (timer === undefined || timer.time > Math.max(time, this.#now)) break;
      this.#timers.shift();
      this.#now = Math.max(this.#now, timer.time);
      await timer.fn();
    }
    this.#now = Math.max(this.#now, time);
  }
}
