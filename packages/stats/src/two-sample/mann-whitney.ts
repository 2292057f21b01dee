import { type AnySample, sortedPresent } from '../common/samples.js';
import { normalSf } from '../special/normal.js';

export type MannWhitneyMethod = 'auto' | 'exact' | 'asymptotic';

/** `less`: the values of `a` tend to be smaller than those of `b`. */
export type RankAlternative = 'two-sided' | 'less' | 'greater';

export interface MannWhitneyResult {
  /** U of `a`: pairs with a > b, plus ½ for each tie. */
  readonly statistic: number;
  /** Of the alternative asked for; two-sided unless said otherwise. */
  readonly pValue: number;
  readonly n: number;
  readonly m: number;
  /** U/(nm), the probability that a value of `a` is the larger one. */
  readonly superiority: number;
}

/** Additions the exact distribution may take: n = m = 700, about half a second. */
const LARGEST_EXACT_WORK = 2e8;

/**
 * Mann–Whitney U test (Mann & Whitney 1947), as scipy.stats.mannwhitneyu: tie-corrected normal approximation with
 * continuity correction, or the permutation distribution. `auto` is exact when there are no ties and the smaller
 * side has at most 8 values. `exact` with ties, or when min(n, m)·n·m/2 exceeds 2·10⁸, is a RangeError.
 * NaN is dropped; an empty side gives NaN; everything tied gives p = 1.
 */
export function mannWhitney(
  a: AnySample,
  b: AnySample,
  method: MannWhitneyMethod = 'auto',
  alternative: RankAlternative = 'two-sided',
): MannWhitneyResult {
  const x = sortedPresent(a);
  const y = sortedPresent(b);
  const n = x.length;
  const m = y.length;
  if (n === 0 || m === 0) return { statistic: NaN, pValue: NaN, n, m, superiority: NaN };
  const { u, tieSum } = countPairs(x, y);
  const affordable = (Math.min(n, m) * n * m) / 2 <= LARGEST_EXACT_WORK;
  const useExact =
    method === 'exact' || (method === 'auto' && tieSum === 0 && Math.min(n, m) <= 8 && affordable);
  if (useExact && (tieSum > 0 || !affordable)) {
    throw new RangeError(
      'the exact Mann–Whitney distribution needs samples without ties and min(n, m)·n·m/2 ≤ 2e8',
    );
  }
  const other = n * m - u;
  const upper = alternative === 'greater' ? u : alternative === 'less' ? other : Math.max(u, other);
  const tail = useExact ? permutationSf(upper, n, m) : asymptoticSf(upper, n, m, tieSum);
  const sides = alternative === 'two-sided' ? 2 : 1;
  return { statistic: u, pValue: Math.min(1, sides * tail), n, m, superiority: u / (n * m) };
}

/** U of the first sample and Σ(t³ − t) over groups of tied values of the pooled sample. */
function countPairs(x: Float64Array, y: Float64Array): { u: number; tieSum: number } {
  let u = 0;
  let tieSum = 0;
  let i = 0;
  let j = 0;
  while (i < x.length || j < y.length) {
    const value = j >= y.length || (i < x.length && x[i]! <= y[j]!) ? x[i]! : y[j]!;
    const below = j;
    const start = i;
    while (i < x.length && x[i]! === value) i++;
    while (j < y.length && y[j]! === value) j++;
    u += (i - start) * (below + (j - below) / 2);
    const tied = i - start + j - below;
    tieSum += tied * tied * tied - tied;
  }
  return { u, tieSum };
}

function asymptoticSf(upper: number, n: number, m: number, tieSum: number): number {
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - tieSum / (total * (total - 1)));
  if (!(variance > 0)) return 1;
  return normalSf((upper - (n * m) / 2 - 0.5) / Math.sqrt(variance));
}

/**
 * P(U ≥ u) when every arrangement is equally likely. The distribution of U is the Gaussian binomial coefficient
 * ∏ (1 − q^(n+i))/(1 − q^i), i = 1 … m, as a polynomial in q, built factor by factor with each step scaled to sum 1
 * (Andrews 1976, ch. 3). It is symmetric: only the half that holds the tail is built.
 */
function permutationSf(u: number, n: number, m: number): number {
  const small = Math.min(n, m);
  const large = Math.max(n, m);
  const mirrored = n * m - Math.ceil(u);
  const half = Math.floor((n * m) / 2);
  if (mirrored < 0) return 0;
  // P(U ≥ u) = P(U ≤ nm − u); beyond the middle through the complement.
  const lower = mirrored <= half;
  const last = lower ? mirrored : n * m - mirrored - 1;
  const chance = new Float64Array(last + 1);
  chance[0] = 1;
  for (let i = 1; i <= small; i++) {
    for (let k = last; k >= large + i; k--) chance[k]! -= chance[k - large - i]!;
    for (let k = i; k <= last; k++) chance[k]! += chance[k - i]!;
    const scale = i / (large + i);
    for (let k = 0; k <= last; k++) chance[k]! *= scale;
  }
  const sum = chance.reduce((total, each) => total + Math.max(0, each), 0);
  return lower ? sum : 1 - sum;
}
