import type { EProcess } from './betting-e-process.js';
import { requireFinite } from './confidence-sequence.js';

export interface SymmetricState {
  readonly n: number;
  /** Σx² of the values so far: their scale. */
  readonly squares: number;
  readonly wealth: readonly number[];
  /** Wealth of the second gambler before it starts. */
  readonly waiting: number;
}

export interface SymmetricOptions {
  /** In units of the root mean square of the values so far. Small stakes listen to the mean, large ones to the sign. */
  readonly stakes: readonly number[];
  /** Share of the wealth that starts at once; the rest is staked by `again`. Default 1. */
  readonly first?: number;
  /** Values are taken to be so much smaller, in units of the scale: a departure below it is none. Default 0. */
  readonly margin?: number;
}

export interface SymmetricEProcess extends EProcess<SymmetricState> {
  /** A second gambler starts, at a moment that does not look at the values to come. Calling it twice changes nothing. */
  again(state: SymmetricState): SymmetricState;
}

/**
 * E-process against "each value is symmetric around at most margin × scale, given what came before", for values of any
 * scale and tail: wealth Π(1 + tanh(λ(x/s − margin))), averaged over the stakes λ. For a symmetric x,
 * 1 + tanh λx = e^{λx}/cosh λx has mean 1 (Ramdas, Ruf, Larsson & Koolen 2020, "Admissible anytime-valid sequential
 * inference must rely on nonnegative martingales", §5; de la Peña 1999). s is the root mean square of the earlier values,
 * hence nothing is staked on the first. Large values count as their sign, so a single one decides nothing. Skewed values
 * with a mean of zero are not covered: small frequent losses with rare great gains count as losses.
 */
export function symmetricBetting({ stakes, first = 1, margin = 0 }: SymmetricOptions): SymmetricEProcess {
  if (stakes.length === 0 || !stakes.every(stake => stake > 0 && Number.isFinite(stake)))
    throw new RangeError('stakes must be positive, and at least one');
  if (!(first > 0 && first <= 1)) throw new RangeError(`first must lie in (0, 1], got ${first}`);
  if (!(margin >= 0)) throw new RangeError(`margin must not be negative, got ${margin}`);
  return {
    start: () => ({ n: 0, squares: 0, wealth: stakes.map(() => first / stakes.length), waiting: 1 - first }),
    again: state => ({
      ...state,
      wealth: state.wealth.map(held => held + state.waiting / stakes.length),
      waiting: 0,
    }),
    update({ n, squares, wealth, waiting }, value) {
      requireFinite(value);
      const next = { n: n + 1, squares: squares + value * value, waiting };
      if (squares === 0) return { ...next, wealth };
      const units = value / Math.sqrt(squares / n) - margin;
      return { ...next, wealth: wealth.map((held, i) => held * (1 + Math.tanh(stakes[i]! * units))) };
    },
    eValue: ({ wealth, waiting }) => wealth.reduce((sum, held) => sum + held, waiting),
  };
}
