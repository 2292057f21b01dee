import type { Sample } from '../common/samples.js';

/**
 * The q quantile of an ascending sample without NaN, interpolated linearly (type 7 of Hyndman & Fan 1996: numpy's
 * and R's default). NaN when empty; q outside [0, 1] is a RangeError.
 */
export function quantile(sorted: Sample, q: number): number {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`q must lie in [0, 1], got ${q}`);
  const n = sorted.length;
  if (n === 0) return NaN;
  const position = (n - 1) * q;
  const below = Math.floor(position);
  const low = sorted[below]!;
  const share = position - below;
  if (share === 0) return low;
  const high = sorted[below + 1]!;
  // Between equal values there is nothing to interpolate (and ∞ − ∞ would be NaN).
  if (low === high) return low;
  // From the nearer end, as numpy rounds it: a quantile that falls on a value must be that value.
  return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
}
