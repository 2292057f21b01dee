import { requireOpenUnit, requireSameLength, type Sample } from '../common/samples.js';
import { studentTQuantile, studentTSf } from '../special/student-t.js';
import { type Candidate, packFeature, type Predicate, searchCandidates } from './candidates.js';
import { resamplingBound } from './resampling-bound.js';
import { contrast, minus, SliceRows, type Sums } from './slice-rows.js';

export interface SliceOptions {
  /** Conditions that a slice may join, 1 to 3; default 2. */
  readonly maxPredicates?: number;
  /** Fewest rows of a slice and of its rest; default ½ % of the rows, at least 30. */
  readonly minimumSize?: number;
  /** Smallest difference of means in units of the two groups' deviation (SliceFinder's effect size); default 0.1. */
  readonly minimumEffect?: number;
  /** Probability of any slice being returned when losses do not depend on the features; default 0.05. */
  readonly alpha?: number;
  /** Most slices returned; default 10. */
  readonly limit?: number;
}

export interface Slice {
  readonly predicates: readonly Predicate[];
  readonly n: number;
  readonly meanLoss: number;
  /** Of all the other rows. */
  readonly restMeanLoss: number;
  readonly difference: number;
  /** Welch's, at confidence 1 − α/searched: holds for the slice although it was picked as the worst of so many. */
  readonly interval: readonly [low: number, high: number];
  /** √2·difference/√(s² + s²_rest). */
  readonly effectSize: number;
  /** One-sided bound, before correction. */
  readonly pValue: number;
  /** Holm's correction over every slice searched. */
  readonly adjustedP: number;
}

export interface SliceSearch {
  /** Most significant first. */
  readonly slices: readonly Slice[];
  /** Slices of a lawful size that were looked at. */
  readonly searched: number;
  /** Rows with a loss, and their mean. */
  readonly n: number;
  readonly meanLoss: number;
}

/** A significant slice is looked at for being more than its neighbours at most so often. */
const MOST_COMPARED = 300;

/**
 * Slices with the highest losses (Chung et al. 2019; Sagadeeva & Boehm 2021): every value of a coded feature, and every pair
 * of two features' (three with maxPredicates 3), tested one-sided against a random subset of the rows of that size, corrected
 * over all of them. The p-values are bounds that hold at any size and for losses of any shape, hence skewed losses and small
 * slices give no false alarms. A slice is left out when, without the rows of more significant ones, it is not significantly
 * worse than what is left; a part of a returned slice is returned only if it is significantly worse than the rest of that.
 *
 * @param losses one a row, larger is worse; rows with NaN are left out
 * @param features codes a row (`groupCodes`, `quantileCodes`); −1 is missing: the row is in no slice of that feature
 */
export function worstSlices(
  losses: Sample,
  features: readonly ArrayLike<number>[],
  options: SliceOptions = {},
): SliceSearch {
  const { maxPredicates = 2, minimumEffect = 0.1, alpha = 0.05, limit = 10 } = options;
  requireOpenUnit('alpha', alpha);
  if (![1, 2, 3].includes(maxPredicates))
    throw new RangeError(`maxPredicates must be 1, 2 or 3, got ${maxPredicates}`);
  features.forEach((codes, f) => requireSameLength('losses', losses, `feature ${f}`, codes));
  const kept: number[] = [];
  for (let i = 0; i < losses.length; i++) {
    if (Math.abs(losses[i]!) === Infinity)
      throw new RangeError(`losses must be finite, got ${losses[i]!} at ${i}`);
    if (!Number.isNaN(losses[i]!)) kept.push(i);
  }
  const rows = Uint32Array.from(kept);
  const x = Float64Array.from(rows, row => losses[row]!);
  const n = x.length;
  const minimum = Math.max(2, options.minimumSize ?? Math.max(30, Math.ceil(n / 200)));
  const bound = resamplingBound(x);
  if (n < 2 * minimum || bound.deviation === 0) return { slices: [], searched: 0, n, meanLoss: bound.mean };
  const packed = features.map(codes => packFeature(codes, rows, minimum));
  const { found, searched } = searchCandidates(x, packed, bound, maxPredicates, minimum, alpha);
  const sliceRows = new SliceRows(
    x.map(loss => loss - bound.mean),
    packed,
  );
  const slices: Slice[] = [];
  const covered = new Uint8Array(n);
  let left = sliceRows.total;
  let compared = 0;
  for (const { candidate, adjustedP } of holmOrder(found, searched)) {
    if (adjustedP > alpha || slices.length === limit || compared++ === MOST_COMPARED) break;
    const rowsInside = sliceRows.rowsOf(candidate.predicates);
    const parent = slices.find(larger => isPart(candidate, larger));
    if (parent === undefined) {
      // Without the rows already explained, is it still worse than what is left?
      const own = sliceRows.sums(rowsInside, covered);
      if (own.n < minimum) continue;
      const logP = bound.logTail(own.sum / own.n - left.sum / left.n, own.n);
      if (logP + Math.log(searched) > Math.log(alpha)) continue;
    } else {
      const own = sliceRows.sums(rowsInside);
      const rest = minus(sliceRows.sums(sliceRows.rowsOf(parent.predicates)), own);
      if (rest.n < minimum) continue;
      const { difference, error, df, effect } = contrast(own, rest);
      if (effect < minimumEffect || studentTSf(difference / error, df) > alpha / searched) continue;
    }
    const inside = sliceRows.sums(rowsInside);
    const slice = described(
      candidate,
      adjustedP,
      inside,
      minus(sliceRows.total, inside),
      bound.mean,
      alpha / searched,
    );
    if (slice.effectSize < minimumEffect) continue;
    slices.push(slice);
    left = minus(left, sliceRows.sums(rowsInside, covered));
    for (const row of rowsInside) covered[row] = 1;
  }
  return { slices, searched, n, meanLoss: bound.mean };
}

/** Most significant first, fewer predicates first on ties, with Holm's adjusted p-values. */
function holmOrder(found: Candidate[], searched: number): { candidate: Candidate; adjustedP: number }[] {
  found.sort((a, b) => a.logP - b.logP || a.predicates.length - b.predicates.length || b.n - a.n);
  let worst = 0;
  return found.map((candidate, rank) => {
    worst = Math.max(worst, Math.min(1, Math.exp(candidate.logP + Math.log(searched - rank))));
    return { candidate, adjustedP: worst };
  });
}

function isPart(candidate: Candidate, { predicates }: Slice): boolean {
  return predicates.every(({ feature, code }) =>
    candidate.predicates.some(own => own.feature === feature && own.code === code),
  );
}

function described(
  { predicates, n, logP }: Candidate,
  adjustedP: number,
  inside: Sums,
  rest: Sums,
  centre: number,
  level: number,
): Slice {
  const { difference, error, df, effect } = contrast(inside, rest);
  const half = studentTQuantile(1 - level / 2, df) * error;
  return {
    predicates,
    n,
    meanLoss: centre + inside.sum / inside.n,
    restMeanLoss: centre + rest.sum / rest.n,
    difference,
    interval: [difference - half, difference + half],
    effectSize: effect,
    pValue: Math.exp(logP),
    adjustedP,
  };
}
