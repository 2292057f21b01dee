import { mean } from '../common/moments.js';
import { requireSameLength, type Sample } from '../common/samples.js';
import { meanInterval } from '../intervals/mean-interval.js';
import { studentTTwoSided } from '../special/student-t.js';

export interface LossComparison {
  /** Mean of a − b: negative when the first loses less. */
  readonly difference: number;
  readonly interval: readonly [low: number, high: number];
  readonly standardError: number;
  /** Student's t with n − 1 degrees of freedom; ±Infinity when all differences are one number other than 0. */
  readonly statistic: number;
  /** Two-sided. Equal losses on every row: 1. */
  readonly pValue: number;
  readonly n: number;
}

export interface LossComparisonOptions {
  /** Default 0.95. */
  readonly confidence?: number;
}

function differences(a: Sample, b: Sample): Float64Array {
  requireSameLength('a', a, 'b', b);
  const kept = new Float64Array(a.length);
  let n = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]! - b[i]!;
    if (!Number.isNaN(difference)) kept[n++] = difference;
  }
  return kept.subarray(0, n);
}

/** Paired t test of two models' losses on the same rows. Rows with a NaN are left out; below two rows NaN. */
export function pairedLossTest(
  lossesA: Sample,
  lossesB: Sample,
  { confidence = 0.95 }: LossComparisonOptions = {},
): LossComparison {
  const {
    n,
    mean: difference,
    low,
    high,
    standardError,
  } = meanInterval(differences(lossesA, lossesB), confidence);
  const statistic = n > 1 && difference === 0 ? 0 : difference / standardError;
  const pValue = Number.isFinite(statistic)
    ? studentTTwoSided(statistic, n - 1)
    : Number.isNaN(statistic)
      ? NaN
      : 0;
  return { difference, interval: [low, high], standardError, statistic, pValue, n };
}

export interface SignFlipResult {
  readonly difference: number;
  /** Two-sided: (1 + flips at least as extreme) / (1 + flips). */
  readonly pValue: number;
  readonly n: number;
}

/**
 * Sign-flip test of a mean difference of losses: exact in finite samples when differences are symmetric about 0 if the models
 * are equal. NaN without rows.
 * @param rng uniform draws in [0, 1)
 */
export function signFlipTest(
  lossesA: Sample,
  lossesB: Sample,
  { rng, flips = 2000 }: { readonly rng: () => number; readonly flips?: number },
): SignFlipResult {
  const values = differences(lossesA, lossesB);
  const n = values.length;
  const difference = mean(values);
  if (n === 0) return { difference, pValue: NaN, n };
  let size = 0;
  for (const value of values) size += Math.abs(value);
  // Sums in another order differ by rounding: equal ones count as extreme.
  const observed = Math.abs(difference) * n - 1e-12 * size;
  let extreme = 0;
  for (let flip = 0; flip < flips; flip++) {
    let sum = 0;
    let bits = 0;
    for (let i = 0; i < n; i++) {
      // One draw gives the signs of 24 rows.
      if (i % 24 === 0) bits = Math.floor(rng() * 16_777_216);
      sum += (bits & 1) === 1 ? values[i]! : -values[i]!;
      bits >>>= 1;
    }
    if (Math.abs(sum) >= observed) extreme++;
  }
  return { difference, pValue: (1 + extreme) / (1 + flips), n };
}
