import { type Sample, sortedPresent } from '../common/samples.js';
import { quantile } from '../profiles/quantile.js';

/** Bins of equal counts. */
export interface QuantileCodes {
  /** One code a row, "number of cuts ≤ value"; −1 where the value is missing. */
  readonly codes: Int32Array;
  /** Ascending; bin b covers [cuts[b − 1], cuts[b]), the outer ones running to ±∞. */
  readonly cuts: readonly number[];
  readonly levels: number;
}

/** Distinct inner quantiles of the present values. Ties may leave fewer than `bins` − 1. */
export function quantileCuts(values: Sample, bins: number): number[] {
  const sorted = sortedPresent(values);
  const cuts = new Set<number>();
  for (let b = 1; b < bins && sorted.length > 0; b++) cuts.add(quantile(sorted, b / bins));
  // A cut at the smallest value leaves nothing below it.
  cuts.delete(sorted[0] ?? NaN);
  return [...cuts];
}

/** How many of the ascending cuts lie at or below a value. */
export function cutsBelow(cuts: readonly number[], value: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cuts[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Codes of a number's quantile bins, for slices and groups. NaN is missing. */
export function quantileCodes(values: Sample, bins = 10): QuantileCodes {
  if (!Number.isInteger(bins) || bins < 1)
    throw new RangeError(`bins must be a positive integer, got ${bins}`);
  const cuts = quantileCuts(values, bins);
  const codes = Int32Array.from(values, value => (Number.isNaN(value) ? -1 : cutsBelow(cuts, value)));
  return { codes, cuts, levels: cuts.length + 1 };
}
