import { type AlignedCounts, alignCounts, type Counts } from '../common/counts.js';
import { devianceTerm } from '../special/binomial.js';
import { chiSquareSf } from '../special/chi-square.js';
import type { ChiSquareResult } from './chi-square.js';

/** Everything of a `ChiSquareResult` but the effect. */
export type TableTest = Omit<ChiSquareResult, 'cramersV'>;

/**
 * G test (likelihood ratio, 2Σ o·ln(o/e)) of homogeneity on the 2×K table of two count tables; levels seen on neither
 * side are dropped, no correction. One level: statistic 0, df 0, p = 1. An empty side: NaN.
 * Source: scipy.stats.chi2_contingency(lambda_='log-likelihood', correction=False).
 */
export function gTest(countsA: Counts, countsB: Counts): TableTest {
  // Σ(e − o) is 0 in each row; with it every term is positive and nothing cancels.
  return tableTest(alignCounts(countsA, countsB), (observed, expected) =>
    observed === 0 ? 2 * expected : 2 * devianceTerm(observed, expected),
  );
}

/**
 * χ² with Yates's continuity correction: |o − e| is reduced by min(½, |o − e|). Meant for two levels, where it is
 * conservative; with more levels prefer `chiSquareTwoSample`. One level: 0 and p = 1. An empty side: NaN.
 * Source: scipy.stats.chi2_contingency(correction=True).
 */
export function chiSquareYates(countsA: Counts, countsB: Counts): TableTest {
  return tableTest(alignCounts(countsA, countsB), (observed, expected) => {
    const gap = Math.abs(observed - expected);
    return (gap - Math.min(0.5, gap)) ** 2 / expected;
  });
}

function tableTest(
  { a, b, totalA: n, totalB: m }: AlignedCounts,
  term: (observed: number, expected: number) => number,
): TableTest {
  const df = Math.max(0, a.length - 1);
  if (n === 0 || m === 0) return { statistic: NaN, df, pValue: NaN, n, m };
  if (df === 0) return { statistic: 0, df, pValue: 1, n, m };
  let sum = 0;
  for (let k = 0; k < a.length; k++) {
    const level = a[k]! + b[k]!;
    sum += term(a[k]!, (n * level) / (n + m)) + term(b[k]!, (m * level) / (n + m));
  }
  return { statistic: sum, df, pValue: chiSquareSf(sum, df), n, m };
}
