import { type Sample, requireSameLength } from '../common/samples.js';
import { chiSquareSf } from '../special/chi-square.js';

export interface SampleRatioResult {
  /** Pearson's χ² of the observed counts against N·weight/Σweights. */
  readonly statistic: number;
  /** Arms that can receive anybody, less one. */
  readonly df: number;
  readonly pValue: number;
  readonly n: number;
}

/**
 * Sample-ratio mismatch: were units split as configured? An experiment whose p-value is below 0.001 should not be
 * read (Fabijan et al. 2019, "Diagnosing sample ratio mismatch"). An arm of weight zero leaves the degrees of freedom
 * when nobody is in it; somebody in it makes the statistic Infinity and p 0. Nobody at all: NaN. One arm: p = 1.
 */
export function sampleRatioMismatch(observed: Sample, weights: Sample): SampleRatioResult {
  requireSameLength('observed', observed, 'weights', weights);
  let n = 0;
  let total = 0;
  let open = 0;
  for (let i = 0; i < observed.length; i++) {
    const count = observed[i]!;
    const weight = weights[i]!;
    if (!(count >= 0 && count < Infinity && weight >= 0 && weight < Infinity))
      throw new RangeError(`counts and weights must be finite and not negative, got ${count} and ${weight}`);
    n += count;
    total += weight;
    if (weight > 0) open += 1;
  }
  const df = Math.max(0, open - 1);
  if (n === 0 || total === 0) return { statistic: NaN, df, pValue: NaN, n };
  let statistic = 0;
  for (let i = 0; i < observed.length; i++) {
    const expected = (weights[i]! / total) * n;
    const excess = observed[i]! - expected;
    if (excess !== 0) statistic += (excess * excess) / expected;
  }
  const pValue = statistic === Infinity ? 0 : df === 0 ? 1 : chiSquareSf(statistic, df);
  return { statistic, df, pValue, n };
}
