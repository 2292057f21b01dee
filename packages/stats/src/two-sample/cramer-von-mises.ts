import { type AnySample, sortedPresent } from '../common/samples.js';
import { cramerVonMisesSf } from '../special/cramer-von-mises.js';
import { cramerVonMisesExactSf } from './cramer-von-mises-exact.js';
import { forEachTie } from './pooled-ranks.js';

export type CramerVonMisesMethod = 'auto' | 'exact' | 'asymptotic';

export interface CramerVonMisesResult {
  /** T = nm/(n+m)·∫(F_a − F_b)² dH, H the pooled distribution. */
  readonly statistic: number;
  /** The statistic with the mean and variance of the limiting distribution, ⅙ and 1/45. */
  readonly standardized: number;
  readonly pValue: number;
  readonly n: number;
  readonly m: number;
}

const LARGEST_EXACT = 20;

/**
 * Two-sample Cramér–von Mises test (Anderson 1962) with mid-ranks. It weighs the whole gap between the two
 * distribution functions where Kolmogorov–Smirnov sees its largest point only.
 *
 * `asymptotic`: the statistic, standardised with its exact mean and variance, on the limiting distribution.
 * `exact`: all arrangements (Xiao, Gordon & Yakovlev 2006), conservative with ties; more than 20 values a side: RangeError.
 * `auto`: exact up to 20 values a side. NaN is dropped; an empty side gives NaN.
 * Source: scipy.stats.cramervonmises_2samp, whose p-value this equals, except that tiny ones keep their digits.
 */
export function cramerVonMises(
  a: AnySample,
  b: AnySample,
  method: CramerVonMisesMethod = 'auto',
): CramerVonMisesResult {
  const x = sortedPresent(a);
  const y = sortedPresent(b);
  const n = x.length;
  const m = y.length;
  if (n === 0 || m === 0) return { statistic: NaN, standardized: NaN, pValue: NaN, n, m };
  const small = Math.max(n, m) <= LARGEST_EXACT;
  if (method === 'exact' && !small) {
    throw new RangeError(
      `the exact Cramér–von Mises distribution needs at most ${LARGEST_EXACT} values a side`,
    );
  }
  const u = rankSum(x, y);
  const total = n + m;
  const statistic = u / (n * m * total) - (4 * n * m - 1) / (6 * total);
  const standardized = standardize(statistic, n, m);
  const useExact = method === 'exact' || (method === 'auto' && small);
  const pValue = useExact ? cramerVonMisesExactSf(u, n, m) : cramerVonMisesSf(standardized);
  return { statistic, standardized, pValue, n, m };
}

/** n·Σ(r_i − i)² + m·Σ(s_j − j)², r and s the mid-ranks of the sorted samples in the pool. */
function rankSum(x: Float64Array, y: Float64Array): number {
  let a = 0;
  let b = 0;
  forEachTie(x, y, (inA, inB, belowA, belowB) => {
    const middle = (inA + inB + 1) / 2;
    a += squares(belowB + middle, inA);
    b += squares(belowA + middle, inB);
  });
  return x.length * a + y.length * b;
}

/** Σ (shift − k)², k = 1 … count. */
function squares(shift: number, count: number): number {
  const centre = (count + 1) / 2;
  return count * (shift - centre) ** 2 + (count * (count * count - 1)) / 12;
}

/** Mean and variance of T: Anderson 1962, eq. 11 and 14. */
function standardize(statistic: number, n: number, m: number): number {
  const total = n + m;
  const mean = (1 + 1 / total) / 6;
  const variance =
    (((total + 1) / total / 45) * (4 * n * m - (3 * (n * n + m * m)) / total - (2 * n * m) / total)) /
    (4 * n * m);
  return 1 / 6 + (statistic - mean) / Math.sqrt(45 * variance);
}
