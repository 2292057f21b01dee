import { requireNonNegative, requireOpenUnit } from '../common/samples.js';
import { type ConfidenceSequence, requireFinite } from './confidence-sequence.js';

export interface MsprtState {
  readonly n: number;
  readonly mean: number;
  /** Smallest 1/Λ so far, at most 1. */
  readonly pValue: number;
}

export interface MsprtOptions {
  /** Known variance of one value; for paired arms, of one difference. */
  readonly variance: number;
  /** Variance τ² of the normal prior over the true mean: about the square of the effects one expects. */
  readonly mixtureVariance: number;
  /** Mean under the null hypothesis, and centre of the prior. Default 0. */
  readonly nullMean?: number;
  /** Level of the interval. Default 0.05. */
  readonly alpha?: number;
}

export interface Msprt extends ConfidenceSequence<MsprtState> {
  /** Mixture likelihood ratio Λₙ against `mu0`, by default the null mean. Infinity where it overflows. */
  eValue(state: MsprtState, mu0?: number): number;
  /** Always-valid p-value: at most alpha with probability ≤ alpha over all looks together. */
  pValue(state: MsprtState): number;
}

/**
 * Mixture sequential probability ratio test of a normal mean with known variance (Robbins 1970; Johari, Koomen,
 * Pekelis & Walsh 2022, "Always valid inference"): Λₙ = √(V/(V+nτ²))·exp(n²τ²(x̄−θ₀)²/(2V(V+nτ²))). The interval
 * inverts it. Exact for normal values. A value that is not finite is a RangeError.
 */
export function msprtNormal({ variance, mixtureVariance, nullMean = 0, alpha = 0.05 }: MsprtOptions): Msprt {
  if (!(variance > 0 && variance < Infinity))
    throw new RangeError(`variance must be positive and finite, got ${variance}`);
  requireNonNegative('mixtureVariance', mixtureVariance);
  requireFinite(nullMean);
  requireOpenUnit('alpha', alpha);
  const logRatio = (n: number, mean: number, mu0: number): number => {
    const spread = variance + n * mixtureVariance;
    const departure = n * (mean - mu0);
    return (
      (departure * departure * mixtureVariance) / (2 * variance * spread) - 0.5 * Math.log(spread / variance)
    );
  };
  return {
    start: () => ({ n: 0, mean: 0, pValue: 1 }),
    update(state, value) {
      requireFinite(value);
      const n = state.n + 1;
      const mean = state.mean + (value - state.mean) / n;
      return { n, mean, pValue: Math.min(state.pValue, Math.exp(-logRatio(n, mean, nullMean))) };
    },
    interval({ n, mean }) {
      if (n === 0 || mixtureVariance === 0) return [-Infinity, Infinity];
      const spread = variance + n * mixtureVariance;
      const log = 0.5 * Math.log(spread / variance) - Math.log(alpha);
      const radius = Math.sqrt((2 * variance * spread * log) / mixtureVariance) / n;
      return [mean - radius, mean + radius];
    },
    mean: ({ n, mean }) => (n === 0 ? NaN : mean),
    eValue: ({ n, mean }, mu0 = nullMean) => Math.exp(logRatio(n, mean, mu0)),
    pValue: state => state.pValue,
  };
}
