import { requireOpenUnit } from '../common/samples.js';
import { type ConfidenceSequence, requireFinite } from './confidence-sequence.js';
import { mixtureEValue, mixtureRadius, mixtureVariance } from './normal-mixture.js';

export interface NormalMixtureState {
  readonly n: number;
  readonly mean: number;
}

export interface NormalMixtureOptions {
  readonly alpha?: number;
  /** Known sub-Gaussian scale of one value (its standard deviation when normal; half the range when bounded). */
  readonly sigma: number;
  /** Number of values at which the interval should be narrowest. */
  readonly tightestAt: number;
}

/**
 * Confidence sequence for the mean of sub-Gaussian values of known scale; exact at every sample size.
 * Source: Robbins 1970; Howard et al. 2021, "Time-uniform, nonparametric, nonasymptotic confidence sequences".
 */
export function normalMixtureCS({
  alpha = 0.05,
  sigma,
  tightestAt,
}: NormalMixtureOptions): ConfidenceSequence<NormalMixtureState> {
  requireOpenUnit('alpha', alpha);
  if (!(sigma > 0)) throw new RangeError(`sigma must be positive, got ${sigma}`);
  if (!(tightestAt > 0)) throw new RangeError(`tightestAt must be positive, got ${tightestAt}`);
  const rho2 = mixtureVariance(alpha, tightestAt);
  return {
    start: () => ({ n: 0, mean: 0 }),
    update({ n, mean }, value) {
      requireFinite(value);
      return { n: n + 1, mean: mean + (value - mean) / (n + 1) };
    },
    interval({ n, mean }) {
      const radius = mixtureRadius(n, sigma, alpha, rho2);
      return [mean - radius, mean + radius];
    },
    mean: ({ n, mean }) => (n === 0 ? NaN : mean),
    eValue: ({ n, mean }, mu0) => mixtureEValue(n, n * (mean - mu0), sigma * sigma, rho2),
  };
}
