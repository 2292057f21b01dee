import type { EpochMs } from './ids.js';

export type Cancel = () => void;

/**
 * Time as the product sees it. Live it is the wall clock; in a replay or backtest a driver moves it,
 * and only when no request, job or due timer is outstanding.
 */
export interface Clock {
  now(): EpochMs;
  /** Calls `fn` once when `now() >= time`; at once (next turn) when that has passed. Timers of one time fire in the order they were set. */
  at(time: EpochMs, fn: () => void | Promise<void>): Cancel;
}

/** Work that virtual time must wait for: a worker's job, a query, a write. */
export interface Outstanding {
  /** Counts `work` as outstanding until it settles; returns it unchanged. */
  track<T>(work: Promise<T>): Promise<T>;
  /** Resolves when nothing is outstanding. */
  idle(): Promise<void>;
}
