import { alignCounts, type Counts } from '../common/counts.js';
import { chiSquareSf } from '../special/chi-square.js';

export interface ChiSquareResult {
  readonly statistic: number;
  readonly df: number;
  readonly pValue: number;
  readonly n: number;
  readonly m: number;
  /** √(χ²/(n+m)), not bias-corrected; in [0, 1]. */
  readonly cramersV: number;
}

/**
 * Pearson's χ² test of homogeneity on the 2×K table of two count tables; levels seen on neither side are dropped,
 * no Yates correction. One level on both sides: statistic 0, df 0, p = 1. An empty side: NaN.
 * Source: scipy.stats.chi2_contingency(correction=False).
 */
export function chiSquareTwoSample(countsA: Counts, countsB: Counts): ChiSquareResult {
  const { a, b, totalA: n, totalB: m } = alignCounts(countsA, countsB);
  const df = Math.max(0, a.length - 1);
  if (n === 0 || m === 0) return { statistic: NaN, df, pValue: NaN, n, m, cramersV: NaN };
  let statistic = 0;
  for (let k = 0; k < a.length; k++) {
    const level = a[k]! + b[k]!;
    // (a − e)²/e + (b − e')²/e' of one column, in one term.
    const difference = a[k]! * m - b[k]! * n;
    statistic += ((difference / n) * (difference / m)) / level;
  }
  const pValue = df === 0 ? 1 : chiSquareSf(statistic, df);
  return { statistic, df, pValue, n, m, cramersV: Math.sqrt(statistic / (n + m)) };
}
