import { type AnySample, sortedPresent } from '../common/samples.js';
import { quantile } from '../profiles/quantile.js';

/** Two samples counted over the quantile bins of the first. */
export interface QuantileBinned {
  /** Distinct quantiles, ascending; the outer bins run on to ±∞. */
  readonly edges: number[];
  readonly reference: number[];
  readonly current: number[];
}

/**
 * Counts per bin [lo, hi), cut at the reference's own quantiles (type 7); tied quantiles merge. Nothing is lost:
 * the outer bins are open. A constant reference v gives two bins, x < v and x ≥ v; an empty one gives none.
 * The counts feed `populationStabilityIndex`, `hellinger`, `jensenShannonDistance`, `chiSquareTwoSample`.
 */
export function quantileBinned(reference: AnySample, current: AnySample, bins = 10): QuantileBinned {
  if (!Number.isInteger(bins) || bins < 1)
    throw new RangeError(`bins must be a positive integer, got ${bins}`);
  const a = sortedPresent(reference);
  const b = sortedPresent(current);
  if (a.length === 0) return { edges: [], reference: [], current: [] };
  const edges: number[] = [];
  // Levels as numpy.linspace rounds them (0.1·3 is a little above 0.3): which side of a tied cut a value falls on
  // hangs on that.
  const step = 1 / bins;
  for (let i = 0; i <= bins; i++) {
    const edge = quantile(a, i === bins ? 1 : Math.min(1, i * step));
    if (edges.length === 0 || edge > edges.at(-1)!) edges.push(edge);
  }
  const cuts = edges.length === 1 ? edges : edges.slice(1, -1);
  return { edges, reference: countBetween(a, cuts), current: countBetween(b, cuts) };
}

/** How many values of a sorted sample fall before, between and after the cuts; a value on a cut goes above it. */
function countBetween(sorted: Float64Array, cuts: readonly number[]): number[] {
  const counts: number[] = [];
  let i = 0;
  for (const cut of cuts) {
    const start = i;
    while (i < sorted.length && sorted[i]! < cut) i++;
    counts.push(i - start);
  }
  counts.push(sorted.length - i);
  return counts;
}
