import { requireOpenUnit } from '../common/samples.js';
import type { EProcess } from './betting-e-process.js';
import { requireFinite } from './confidence-sequence.js';

/** Wealth of each bet of the gamblers that have started, and the share that has not been staked yet. */
export interface HarmState {
  readonly n: number;
  readonly wealth: readonly number[];
  readonly waiting: number;
}

export interface HarmOptions {
  /** A gambler starts before each value: the chance of the change at that value, geometric. 0: only at the start. */
  readonly restart: number;
  /** Share that starts at once. */
  readonly first: number;
  /** Stakes, each inside (0, 1), of equal weight. */
  readonly stakes: readonly number[];
}

/**
 * An e-process against "no value is positive on average, whatever came before", for values in [−1, 1] that may turn bad
 * at any moment: a weighted sum of betting processes that start later and later (Shin, Ramdas & Rinaldo 2023,
 * "E-detectors", with weights that sum to at most 1, so that Ville's inequality holds over the whole run). Each bets
 * fixed stakes: its wealth is Π(1 + λx), averaged over the stakes (Waudby-Smith & Ramdas 2023, §4.2).
 */
export function harmEProcess({ restart, first, stakes }: HarmOptions): EProcess<HarmState> {
  if (!(restart >= 0 && restart < 1)) throw new RangeError(`restart must lie in [0, 1), got ${restart}`);
  if (!(first > 0 && first <= 1)) throw new RangeError(`first must lie in (0, 1], got ${first}`);
  for (const stake of stakes) requireOpenUnit('stake', stake);
  return {
    start: () => ({ n: 0, wealth: stakes.map(() => first / stakes.length), waiting: 1 - first }),
    update({ n, wealth, waiting }, value) {
      requireFinite(value);
      if (value < -1 || value > 1) throw new RangeError(`value ${value} lies outside [-1, 1]`);
      const starting = n === 0 ? 0 : waiting * restart;
      const each = starting / stakes.length;
      return {
        n: n + 1,
        wealth: wealth.map((held, i) => (held + each) * (1 + stakes[i]! * value)),
        waiting: waiting - starting,
      };
    },
    eValue: ({ wealth, waiting }) => wealth.reduce((sum, held) => sum + held, waiting),
  };
}
