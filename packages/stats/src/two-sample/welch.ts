import { moments } from '../common/moments.js';
import { present, type Sample } from '../common/samples.js';
import { studentTTwoSided } from '../special/student-t.js';

export interface WelchResult {
  /** t; positive when the mean of `a` is larger. */
  readonly statistic: number;
  readonly df: number;
  /** Two-sided. */
  readonly pValue: number;
  readonly n: number;
  readonly m: number;
  /** mean(a) − mean(b). */
  readonly difference: number;
  readonly standardError: number;
}

/**
 * Welch's unequal-variances t test (Welch 1947). NaN is dropped; fewer than two values on a side: NaN.
 * Two constant samples: df 1; t and p are NaN when they are equal, ±Infinity and 0 when they differ.
 */
export function welchT(a: Sample, b: Sample): WelchResult {
  const x = moments(present(a));
  const y = moments(present(b));
  const difference = x.mean - y.mean;
  const va = x.variance / x.n;
  const vb = y.variance / y.n;
  const standardError = Math.sqrt(va + vb);
  const base = { n: x.n, m: y.n, difference, standardError };
  if (va + vb === 0) {
    if (difference === 0) return { ...base, statistic: NaN, df: 1, pValue: NaN };
    return { ...base, statistic: difference > 0 ? Infinity : -Infinity, df: 1, pValue: 0 };
  }
  const statistic = difference / standardError;
  // Shares instead of squared variances: no under- or overflow.
  const share = va / (va + vb);
  const df = 1 / (share ** 2 / (x.n - 1) + (1 - share) ** 2 / (y.n - 1));
  return { ...base, statistic, df, pValue: studentTTwoSided(statistic, df) };
}
