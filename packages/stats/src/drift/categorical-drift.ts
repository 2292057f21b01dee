import { alignCounts, type Counts } from '../common/counts.js';
import { requireOpenUnit } from '../common/samples.js';
import { totalVariationOf } from '../distances/categorical.js';
import { hypergeometricSf } from '../special/hypergeometric.js';
import { liftPValue, noncentralChiSquareSf } from '../special/noncentral.js';
import { normalQuantile } from '../special/normal.js';
import { sparseChiSquarePValue } from '../two-sample/chi-square-sparse.js';
import { type DriftOptions, type DriftResult, effectiveSize, requireTolerance } from './drift-result.js';
import { eitherLevelTest } from './either-level-test.js';

/**
 * Tests H0 "the shares of the levels are as in the reference up to an effect of `tolerance`". Two tests share the
 * error rate ({@link eitherLevelTest}): Pearson's χ² over all levels, best when many move a little, and the largest deviation of one level
 * (exact, hypergeometric, Bonferroni over levels), best when a level appears, vanishes or swells among many. Two levels need
 * only the first.
 *
 * The effect is Cohen's w = √(Σ(q−p)²/p̄), which for two levels is the shift of the indicator in its standard
 * deviations; it is estimated without what chance adds: √((χ² − df)₊ / N), N = nm/(n+m). Under an effect of the tolerance
 * χ² is noncentral with λ = N·tolerance². With rare levels the p-value of no change is that of
 * {@link sparseChiSquarePValue}, and the larger of the two holds.
 *
 * Levels seen on neither side do not exist; one level on both sides has p = 1; an empty side gives NaN (and the
 * interval [0, ∞]). Sources: Cohen 1988 (w), Holm 1979.
 * @throws RangeError for a negative tolerance, a confidence outside (0, 1) or counts below 0
 */
export function categoricalDrift(
  referenceCounts: Counts,
  currentCounts: Counts,
  { tolerance, confidence = 0.95 }: DriftOptions,
): DriftResult {
  requireTolerance(tolerance);
  requireOpenUnit('confidence', confidence);
  const { a, b, names } = namedCounts(referenceCounts, currentCounts);
  const shares = levelShares(a, b);
  const { n, m, statistic, df } = shares;
  if (n === 0 || m === 0) {
    const summary = { measure: 'share', of: null, from: NaN, to: NaN } as const;
    return {
      ...{ statistic: NaN, aspect: 'levels', effect: NaN, chanceEffect: NaN, effectInterval: [0, Infinity] },
      ...{ distance: NaN, pValue: NaN, summary, n, m },
    };
  }
  const size = effectiveSize(n, m);
  const test = levelTest(shares, tolerance);
  const effect = test.size / Math.sqrt(size);
  const radius = -normalQuantile((1 - confidence) / 2) / Math.sqrt(size);
  // The widest change of a share names the level.
  let most = 0;
  for (let k = 1; k < a.length; k++) {
    if (Math.abs(a[k]! / n - b[k]! / m) > Math.abs(a[most]! / n - b[most]! / m)) most = k;
  }
  return {
    statistic,
    aspect: 'levels',
    effect,
    chanceEffect: Math.sqrt(df / size),
    effectInterval: [
      Math.max(0, effect - radius * Math.sqrt(1 + df / (2 * Math.max(1, statistic)))),
      effect + radius * Math.sqrt(1 + df / (2 * Math.max(1, statistic))),
    ],
    distance: totalVariationOf({ a, b, totalA: n, totalB: m }),
    pValue: test.pValue,
    summary: { measure: 'share', of: names[most] ?? most, from: a[most]! / n, to: b[most]! / m },
    n,
    m,
  };
}

export interface LevelShares {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly n: number;
  readonly m: number;
  /** Pearson's χ² of homogeneity. */
  readonly statistic: number;
  readonly df: number;
}

/** χ² of two aligned count tables; levels that nobody has do not count. */
export function levelShares(countsA: Float64Array, countsB: Float64Array): LevelShares {
  const seen = (_: number, k: number): boolean => countsA[k]! + countsB[k]! > 0;
  const a = countsA.filter(seen);
  const b = countsB.filter(seen);
  const n = a.reduce((sum, count) => sum + count, 0);
  const m = b.reduce((sum, count) => sum + count, 0);
  let statistic = n === 0 || m === 0 ? NaN : 0;
  for (let k = 0; k < a.length; k++) {
    const gap = a[k]! / n - b[k]! / m;
    statistic += (gap * gap * n * m) / (a[k]! + b[k]!);
  }
  return { a, b, n, m, statistic, df: Math.max(0, a.length - 1) };
}

export interface LevelTest {
  readonly pValue: number;
  /** Effect times √(nm/(n+m)), of the test with the smaller p-value. */
  readonly size: number;
}

/** Test of H0 "effect ≤ tolerance", see {@link categoricalDrift}. */
export function levelTest({ a, b, n, m, statistic, df }: LevelShares, tolerance: number): LevelTest {
  if (df === 0) return { pValue: 1, size: 0 };
  const size = effectiveSize(n, m);
  const plain = sparseChiSquarePValue({ a, b, totalA: n, totalB: m }, statistic);
  const lambda = size * tolerance * tolerance;
  const overall = tolerance === 0 ? plain : Math.max(plain, noncentralChiSquareSf(statistic, df, lambda));
  const spread = Math.sqrt(Math.max(0, statistic - df));
  if (df === 1) return { pValue: overall, size: spread };
  const outlier = outlyingLevel(a, b, n, m);
  const single = liftPValue(Math.min(1, a.length * outlier.pValue), tolerance * Math.sqrt(size));
  const pValue = eitherLevelTest(Math.min(overall, single), a.length);
  return { pValue, size: overall <= single ? spread : Math.max(spread, outlier.deviate) };
}

/** Exact two-sided p-value (twice the smaller tail) of the level with the largest standardised deviation. */
function outlyingLevel(
  a: Float64Array,
  b: Float64Array,
  n: number,
  m: number,
): { pValue: number; deviate: number } {
  const total = n + m;
  let most = 0;
  let largest = -1;
  for (let k = 0; k < a.length; k++) {
    const pooled = a[k]! + b[k]!;
    const gap = Math.abs(b[k]! - (pooled * m) / total);
    const variance = pooled * (1 - pooled / total) * (n / total) * (m / total);
    const deviate = variance > 0 ? gap / Math.sqrt(variance) : 0;
    if (deviate > largest) [most, largest] = [k, deviate];
  }
  const whole = Math.round(a[most]!) + Math.round(b[most]!);
  const [then, now] = [Math.round(a[most]!), Math.round(b[most]!)];
  const [rows, draws] = [Math.round(n) + Math.round(m), Math.round(m)];
  const tail =
    now * rows >= whole * draws
      ? hypergeometricSf(now, rows, whole, draws)
      : hypergeometricSf(then, rows, whole, rows - draws);
  return { pValue: Math.min(1, 2 * tail), deviate: largest };
}

function namedCounts(
  countsA: Counts,
  countsB: Counts,
): { a: Float64Array; b: Float64Array; names: readonly string[] } {
  const { a, b } = alignCounts(countsA, countsB);
  const keys = (counts: Counts): string[] =>
    Array.isArray(counts) || ArrayBuffer.isView(counts)
      ? []
      : (counts instanceof Map ? [...counts] : Object.entries(counts as Record<string, number>))
          .filter(([, count]) => count !== 0)
          .map(([name]) => name as string);
  // The order of `alignCounts`: code units, over the levels that were seen.
  return { a, b, names: [...new Set([...keys(countsA), ...keys(countsB)])].sort() };
}
