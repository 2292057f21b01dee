import { type Sample, sortedPresent } from '../common/samples.js';
import { normalSf } from '../special/normal.js';

export type MannWhitneyMethod = 'auto' | 'exact' | 'asymptotic';

export interface MannWhitneyResult {
  /** U of `a`: pairs with a > b, plus ½ for each tie. */
  readonly statistic: number;
  /** Two-sided. */
  readonly pValue: number;
  readonly n: number;
  readonly m: number;
  /** U/(nm), the probability that a value of `a` is the larger one. */
  readonly superiority: number;
}

const LARGEST_EXACT_PRODUCT = 10_000;

/**
 * Mann–Whitney U test (Mann & Whitney 1947), as scipy.stats.mannwhitneyu: tie-corrected normal approximation with
 * continuity correction, or the permutation distribution. `auto` is exact when there are no ties and the smaller
 * side has at most 8 values. `exact` with ties, or when n·m exceeds 10,000, is a RangeError.
 * NaN is dropped; an empty side gives NaN; everything tied gives p = 1.
 */
export function mannWhitney(a: Sample, b: Sample, method: MannWhitneyMethod = 'auto'): MannWhitneyResult {
  const x = sortedPresent(a);
  const y = sortedPresent(b);
  const n = x.length;
  const m = y.length;
  if (n === 0 || m === 0) return { statistic: NaN, pValue: NaN, n, m, superiority: NaN };
  const { u, tieSum } = countPairs(x, y);
  const small = Math.min(n, m) <= 8 && n * m <= LARGEST_EXACT_PRODUCT;
  const useExact = method === 'exact' || (method === 'auto' && tieSum === 0 && small);
  if (useExact && (tieSum > 0 || n * m > LARGEST_EXACT_PRODUCT)) {
    throw new RangeError('the exact Mann–Whitney distribution needs samples without ties and n·m ≤ 10,000');
  }
  const upper = Math.max(u, n * m - u);
  const tail = useExact ? permutationSf(upper, n, m) : asymptoticSf(upper, n, m, tieSum);
  return { statistic: u, pValue: Math.min(1, 2 * tail), n, m, superiority: u / (n * m) };
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

/** P(U ≥ u) when every arrangement is equally likely; the recursion on the largest pooled value. */
function permutationSf(u: number, n: number, m: number): number {
  const size = n * m + 1;
  // rows[i] = distribution of U for i values of the first sample and the current j of the second.
  let rows: Float64Array[] = [];
  for (let i = 0; i <= n; i++) {
    const row = new Float64Array(size);
    row[0] = 1;
    rows.push(row);
  }
  for (let j = 1; j <= m; j++) {
    const next: Float64Array[] = [];
    for (let i = 0; i <= n; i++) {
      const row = new Float64Array(size);
      const share = i / (i + j);
      for (let k = 0; k <= i * j; k++) {
        const fromFirst = i > 0 && k >= j ? next[i - 1]![k - j]! : 0;
        row[k] = share * fromFirst + (1 - share) * rows[i]![k]!;
      }
      next.push(row);
    }
    rows = next;
  }
  let sum = 0;
  for (let k = size - 1; k >= Math.ceil(u); k--) sum += rows[n]![k]!;
  return sum;
}
