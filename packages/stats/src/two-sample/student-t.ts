import { moments } from '../common/moments.js';
import { present, type Sample } from '../common/samples.js';
import { studentTTwoSided } from '../special/student-t.js';
import type { WelchResult } from './welch.js';

/**
 * Student's t test for two samples of equal variance (pooled). Prefer `welchT`, which does not assume it.
 * NaN is dropped; fewer than three values in all, or an empty side: NaN. No spread on either side: t and p are NaN
 * when the means agree, ±Infinity and 0 when they differ. Source: scipy.stats.ttest_ind(equal_var=True).
 */
export function studentT(a: Sample, b: Sample): WelchResult {
  const x = moments(present(a));
  const y = moments(present(b));
  const df = x.n + y.n - 2;
  const difference = x.mean - y.mean;
  const base = { n: x.n, m: y.n, difference };
  if (df < 1 || x.n === 0 || y.n === 0) {
    return { ...base, statistic: NaN, df: Math.max(0, df), pValue: NaN, standardError: NaN };
  }
  const squares = (x.n < 2 ? 0 : x.variance * (x.n - 1)) + (y.n < 2 ? 0 : y.variance * (y.n - 1));
  const standardError = Math.sqrt((squares / df) * (1 / x.n + 1 / y.n));
  // 0/0 is NaN, anything else over 0 is infinite: what the words above say.
  const statistic = difference / standardError;
  return { ...base, statistic, df, pValue: studentTTwoSided(statistic, df), standardError };
}
