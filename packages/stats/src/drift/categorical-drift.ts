import { type AlignedCounts, alignCounts, type Counts } from '../common/counts.js';
import { requireOpenUnit } from '../common/samples.js';
import { totalVariationOf } from '../distances/categorical.js';
import { normalQuantile, normalSf } from '../special/normal.js';
import { softDeviation } from '../special/soft-deviation.js';
import { chiSquareTwoSample } from '../two-sample/chi-square.js';
import { sparseChiSquarePValue } from '../two-sample/chi-square-sparse.js';
import { type DriftOptions, type DriftResult, requireTolerance } from './drift-result.js';

/**
 * Tests H0: total variation (TV) between the level distributions ≤ tolerance. `statistic` is Pearson's χ².
 *
 * Tolerance 0 is the χ² test of homogeneity, with a p-value that also holds for rare levels (Fisher's exact test or
 * permutation moments where an expected count is below 5).
 *
 * With a tolerance, S_c = ½Σ(|q̂−p̂| − c·s)₊ is compared with tolerance + B_c, where s is a level's standard error
 * and B_c the mean of S_c over random re-assignments of the rows; c = 0 (S is TV itself; best when every level moves
 * a little) and c = Φ⁻¹(1 − 1/K) (best when few of K levels move) share the error rate. The p-value is never below
 * that of tolerance 0.
 *
 * Why it holds: a level's bias E(|q̂−p̂| − cs)₊ − |q−p| is largest when p = q, so E S_c ≤ TV + B_c. S_c is convex in
 * the cell errors and its slope is at most that of the difference of a set of levels, so in the Gaussian limit
 * Borell's inequality bounds its upper deviations by a normal tail with the largest variance of a set,
 * ≤ ¼(1/n + 1/m); McDiarmid's inequality is the finite-sample counterpart. Conservative.
 *
 * An empty side gives NaN (and the interval [0, 1]).
 */
export function categoricalDrift(
  referenceCounts: Counts,
  currentCounts: Counts,
  { tolerance, confidence = 0.95 }: DriftOptions,
): DriftResult {
  requireTolerance(tolerance);
  requireOpenUnit('confidence', confidence);
  const counts = alignCounts(referenceCounts, currentCounts);
  const { a, b, totalA: n, totalB: m } = counts;
  const { statistic } = chiSquareTwoSample(a, b);
  const effect = totalVariationOf(counts);
  if (n === 0 || m === 0) {
    return { statistic, effect, chanceEffect: NaN, effectInterval: [0, 1], pValue: NaN, n, m };
  }
  const deviation = Math.sqrt(largestSetVariance(a, n) / n + largestSetVariance(b, m) / m);
  const levels = Math.max(2, a.length);
  const plain = softDistance(counts, 0);
  const sparing = levels === 2 ? plain : softDistance(counts, normalQuantile(1 - 1 / levels));
  const surplus = Math.max(plain.observed - plain.byChance, sparing.observed - sparing.byChance);
  const tries = levels === 2 ? 1 : 2;
  const beyond = Math.min(1, tries * normalSf((surplus - tolerance) / deviation));
  const tail = (1 - confidence) / 2;
  const low = surplus + normalQuantile(tail / tries) * deviation;
  const high = effect - normalQuantile(tail) * deviation;
  const difference = sparseChiSquarePValue(counts, statistic);
  return {
    statistic,
    effect,
    chanceEffect: Math.min(1, plain.byChance),
    effectInterval: [Math.min(1, Math.max(0, low)), Math.min(1, high)],
    pValue: tolerance === 0 ? difference : Math.max(difference, beyond),
    n,
    m,
  };
}

/** S_c as observed, and its mean when each level's pooled rows fall to the two sides at random, n : m. */
function softDistance(
  { a, b, totalA: n, totalB: m }: AlignedCounts,
  c: number,
): { observed: number; byChance: number } {
  const share = n / (n + m);
  const unit = 1 / n + 1 / m;
  let observed = 0;
  let byChance = 0;
  for (let k = 0; k < a.length; k++) {
    const pooled = a[k]! + b[k]!;
    // a/n − b/m = (a − pooled·share)·unit.
    const gap = Math.abs(a[k]! - pooled * share) - c * Math.sqrt(pooled * share * (1 - share));
    observed += Math.max(0, gap);
    byChance += softDeviation(pooled, share, c);
  }
  return { observed: (observed * unit) / 2, byChance: (byChance * unit) / 2 };
}

/**
 * The largest p(1 − p) of a set of levels: ¼, unless one level holds more than half (then no set comes closer to ½
 * than its complement). The leading share is shrunk by two pseudo-rows a side (Agresti & Coull 1998), so that a level
 * which happens to fill a small sample does not claim certainty.
 */
function largestSetVariance(counts: Float64Array, total: number): number {
  let top = 0;
  for (let k = 0; k < counts.length; k++) top = Math.max(top, counts[k]!);
  const share = (top + 2) / (total + 4);
  return share > 0.5 ? share * (1 - share) : 0.25;
}
