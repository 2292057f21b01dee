import { mean } from '../common/moments.js';
import { type AnySample, present, type Sample, sortedPresent } from '../common/samples.js';
import { sortAscending } from '../common/sort.js';
import { quantile } from '../profiles/quantile.js';
import { chiSquareSf } from '../special/chi-square.js';
import { symmetricEigen } from './symmetric-eigen.js';

export interface EppsSingletonResult {
  readonly statistic: number;
  /** Rank of the covariance of the characteristic functions. */
  readonly df: number;
  readonly pValue: number;
  readonly n: number;
  readonly m: number;
}

const SMALLEST_SIDE = 5;
const SMALL_SAMPLE = 25;

/**
 * Epps–Singleton two-sample test (Epps & Singleton 1986): compares the empirical characteristic functions at the
 * points `t`, in units of half the pooled interquartile range. It does not assume continuous values. χ² for large
 * samples; below 25 a side the authors' correction.
 * NaN is dropped. No spread on either side: statistic Infinity, p = 0. Fewer than 5 values a side, an infinite value, or a pooled interquartile range of 0: NaN.
 * Source: scipy.stats.epps_singleton_2samp.
 */
export function eppsSingleton(
  a: AnySample,
  b: AnySample,
  t: readonly number[] = [0.4, 0.8],
): EppsSingletonResult {
  if (t.length === 0 || t.some(point => !(point > 0 && point < Infinity)))
    throw new RangeError('the points of the Epps–Singleton test must be positive and finite');
  const x = valuesOf(a);
  const y = valuesOf(b);
  const n = x.length;
  const m = y.length;
  const undefinedResult = { statistic: NaN, df: NaN, pValue: NaN, n, m };
  if (n < SMALLEST_SIDE || m < SMALLEST_SIDE) return undefinedResult;
  const pool = new Float64Array(n + m);
  pool.set(x);
  pool.set(y, n);
  const sorted = sortAscending(pool);
  const halfRange = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2;
  if (!(halfRange > 0) || !Number.isFinite(sorted[0]! - sorted[n + m - 1]!)) return undefinedResult;
  const points = t.map(point => point / halfRange);
  const inA = waves(x, points);
  const inB = waves(y, points);
  const total = n + m;
  const covariance = inA.map((row, i) =>
    inA.map(
      (_, j) => (total / n) * covarianceOf(row, inA[j]!) + (total / m) * covarianceOf(inB[i]!, inB[j]!),
    ),
  );
  const gaps = inA.map((row, i) => mean(row) - mean(inB[i]!));
  const { form, rank } = inverseForm(covariance, gaps);
  const correction =
    Math.max(n, m) < SMALL_SAMPLE ? 1 / (1 + total ** -0.45 + 10.1 * (n ** -1.7 + m ** -1.7)) : 1;
  const statistic = total * form * correction;
  // The pool has spread: two constants that differ.
  if (rank === 0) return { statistic: Infinity, df: 0, pValue: 0, n, m };
  return { statistic, df: rank, pValue: chiSquareSf(statistic, rank), n, m };
}

function valuesOf(sample: AnySample): Float64Array {
  return 'sorted' in sample ? sortedPresent(sample) : present(sample);
}

/** cos(t·x) for every point, then sin(t·x). */
function waves(values: Float64Array, points: readonly number[]): Float64Array[] {
  return [
    ...points.map(point => values.map(value => Math.cos(point * value))),
    ...points.map(point => values.map(value => Math.sin(point * value))),
  ];
}

/** Divided by n. */
function covarianceOf(u: Sample, v: Sample): number {
  const centreU = mean(u);
  const centreV = mean(v);
  let sum = 0;
  for (let i = 0; i < u.length; i++) sum += (u[i]! - centreU) * (v[i]! - centreV);
  return sum / u.length;
}

/** gᵀ·C⁺·g with the pseudo-inverse, and the rank of C⁺, with the cut-offs of numpy's pinv and matrix_rank. */
function inverseForm(
  covariance: readonly (readonly number[])[],
  g: readonly number[],
): { form: number; rank: number } {
  const { values, vectors } = symmetricEigen(covariance);
  const largest = Math.max(...values.map(Math.abs));
  const inverses = values.map(value => (Math.abs(value) > 1e-15 * largest ? 1 / value : 0));
  const cut = Math.max(...inverses.map(Math.abs)) * g.length * Number.EPSILON;
  let form = 0;
  let rank = 0;
  inverses.forEach((inverse, k) => {
    const along = g.reduce((sum, each, i) => sum + each * vectors[i]![k]!, 0);
    form += inverse * along * along;
    if (Math.abs(inverse) > cut) rank++;
  });
  return { form, rank };
}
