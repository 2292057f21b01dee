import { requireOpenUnit } from '../common/samples.js';
import type { EProcess } from './betting-e-process.js';
import { requireFinite } from './confidence-sequence.js';

/** Wealth of each stake over all gamblers that have started, and what waits for later ones. */
export interface RestartedState {
  readonly n: number;
  readonly wealth: readonly number[];
  readonly waiting: number;
}

export interface RestartedOptions {
  /** The null hypothesis: the mean is at most this, whatever came before; inside (0, 1). */
  readonly mean: number;
  /** Shares of the largest stake, 1/mean, each inside (0, 1). */
  readonly stakes: readonly number[];
  /** Share of the wealth that starts at once. */
  readonly first: number;
  /** Share of the waiting wealth that starts with each further value. */
  readonly restart: number;
}

/**
 * Betting e-process for a mean of values in [0, 1] that may rise at any moment: gamblers start one after the other, with
 * weights that sum to at most 1, so that what came before the rise does not dilute it and Ville's inequality holds over
 * the whole run (Shin, Ramdas & Rinaldo 2023, "E-detectors"). Each holds its stakes (Waudby-Smith & Ramdas 2023, §4.2).
 */
export function restartedBetting(options: RestartedOptions): EProcess<RestartedState> {
  const { mean, stakes, first, restart } = options;
  requireOpenUnit('mean', mean);
  for (const stake of stakes) requireOpenUnit('stake', stake);
  if (!(first > 0 && first <= 1)) throw new RangeError(`first must lie in (0, 1], got ${first}`);
  if (!(restart >= 0 && restart < 1)) throw new RangeError(`restart must lie in [0, 1), got ${restart}`);
  return {
    start: () => ({ n: 0, wealth: stakes.map(() => first / stakes.length), waiting: 1 - first }),
    update({ n, wealth, waiting }, value) {
      requireFinite(value);
      if (value < 0 || value > 1)
        throw new RangeError(`value ${value} lies outside the stated bounds [0, 1]`);
      const starting = n === 0 ? 0 : waiting * restart;
      const gain = (value - mean) / mean;
      return {
        n: n + 1,
        wealth: wealth.map((held, i) => (held + starting / stakes.length) * (1 + stakes[i]! * gain)),
        waiting: waiting - starting,
      };
    },
    eValue: ({ wealth, waiting }) => wealth.reduce((sum, held) => sum + held, waiting),
  };
}
