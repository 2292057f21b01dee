import { mean } from '../common/moments.js';
import { present, type Sample } from '../common/samples.js';

/** Moments of the values themselves, not estimates for a population: divided by n. */
export interface Shape {
  readonly n: number;
  readonly mean: number;
  /** Standard deviation, ddof 0. */
  readonly deviation: number;
  /** m₃/m₂^1.5. */
  readonly skewness: number;
  /** m₄/m₂² − 3. */
  readonly excessKurtosis: number;
}

/**
 * Spread, skewness and excess kurtosis of a sample (biased, ddof 0). NaN is dropped; an empty sample gives NaN.
 * No spread beyond rounding: deviation as it is, skewness and kurtosis NaN.
 * Source: numpy.std, scipy.stats.skew and kurtosis.
 */
export function shapeOf(values: Sample): Shape {
  const x = present(values);
  const n = x.length;
  const centre = mean(x);
  let m2 = 0;
  let m3 = 0;
  let m4 = 0;
  for (let i = 0; i < n; i++) {
    const d = x[i]! - centre;
    const square = d * d;
    m2 += square;
    m3 += square * d;
    m4 += square * square;
  }
  const variance = m2 / n;
  const deviation = Math.sqrt(variance);
  if (!(variance > (Number.EPSILON * centre) ** 2)) {
    return { n, mean: centre, deviation, skewness: NaN, excessKurtosis: NaN };
  }
  return {
    n,
    mean: centre,
    deviation,
    skewness: m3 / n / variance ** 1.5,
    excessKurtosis: m4 / n / (variance * variance) - 3,
  };
}
