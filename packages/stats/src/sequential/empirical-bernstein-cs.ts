import { requireOpenUnit } from '../common/samples.js';
import { type ConfidenceSequence, requireFinite } from './confidence-sequence.js';

/** Everything on the unit scale. */
export interface EmpiricalBernsteinState {
  readonly n: number;
  readonly sum: number;
  /** ¼ + Σ(xᵢ − μ̂ᵢ)². */
  readonly squares: number;
  /** Σλᵢ, Σλᵢxᵢ and Σvᵢψ(λᵢ). */
  readonly weight: number;
  readonly weighted: number;
  readonly penalty: number;
  /** Running intersection of the intervals so far. */
  readonly low: number;
  readonly high: number;
}

export interface EmpiricalBernsteinOptions {
  readonly alpha?: number;
  /** Known bounds of a value; default 0 and 1. */
  readonly lower?: number;
  readonly upper?: number;
}

const LARGEST_BET = 0.5;

/**
 * Predictable plug-in empirical Bernstein confidence sequence for the mean of bounded values; exact at every sample
 * size, adapts to the variance, and keeps the intersection of its intervals (Waudby-Smith & Ramdas 2023, "Estimating
 * means of bounded random variables by betting", Theorem 2). A value outside the bounds is a RangeError.
 */
export function empiricalBernsteinCS({
  alpha = 0.05,
  lower = 0,
  upper = 1,
}: EmpiricalBernsteinOptions = {}): ConfidenceSequence<EmpiricalBernsteinState> {
  requireOpenUnit('alpha', alpha);
  if (!(upper > lower && Number.isFinite(upper - lower))) {
    throw new RangeError(`need finite bounds lower < upper, got ${lower} and ${upper}`);
  }
  const width = upper - lower;
  const logBound = Math.log(2 / alpha);
  return {
    start: () => ({ n: 0, sum: 0, squares: 0.25, weight: 0, weighted: 0, penalty: 0, low: 0, high: 1 }),
    update(state, value) {
      requireFinite(value);
      if (value < lower || value > upper) {
        throw new RangeError(`value ${value} lies outside the stated bounds [${lower}, ${upper}]`);
      }
      const x = (value - lower) / width;
      const n = state.n + 1;
      // Both from the past only: the bet on value n must be placed before it is seen.
      const variance = state.squares / n;
      const guess = (0.5 + state.sum) / n;
      const bet = Math.min(LARGEST_BET, Math.sqrt((2 * logBound) / (variance * n * Math.log(n + 1))));
      const sum = state.sum + x;
      const psi = -Math.log1p(-bet) - bet;
      const weight = state.weight + bet;
      const weighted = state.weighted + bet * x;
      // vᵢψ_E(λ) = 4(x − guess)²·(−log(1−λ) − λ)/4.
      const penalty = state.penalty + (x - guess) ** 2 * psi;
      const centre = weighted / weight;
      const radius = (logBound + penalty) / weight;
      return {
        n,
        sum,
        squares: state.squares + (x - (0.5 + sum) / (n + 1)) ** 2,
        weight,
        weighted,
        penalty,
        low: Math.max(state.low, centre - radius),
        high: Math.min(state.high, centre + radius),
      };
    },
    interval: ({ low, high }) => [lower + width * low, lower + width * high],
    mean: ({ n, sum }) => (n === 0 ? NaN : lower + (width * sum) / n),
    eValue({ weighted, weight, penalty }, mu0) {
      const drift = weighted - weight * ((mu0 - lower) / width);
      return 0.5 * (Math.exp(drift - penalty) + Math.exp(-drift - penalty));
    },
  };
}
