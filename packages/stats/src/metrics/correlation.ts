import { mean } from '../common/moments.js';
import { requireSameLength, type Sample } from '../common/samples.js';

/** Pearson's correlation; NaN below two pairs, for a constant side, or when any value is NaN. */
export function pearson(a: Sample, b: Sample): number {
  requireSameLength('a', a, 'b', b);
  const n = a.length;
  if (n < 2) return NaN;
  const meanA = mean(a);
  const meanB = mean(b);
  // Scaled by the largest deviation, so that squares neither over- nor underflow.
  let scaleA = 0;
  let scaleB = 0;
  for (let i = 0; i < n; i++) {
    scaleA = Math.max(scaleA, Math.abs(a[i]! - meanA));
    scaleB = Math.max(scaleB, Math.abs(b[i]! - meanB));
  }
  // A spread within rounding of the mean is a constant.
  if (!(scaleA > Math.abs(meanA) * 2 ** -51 && scaleB > Math.abs(meanB) * 2 ** -51)) return NaN;
  let aa = 0;
  let bb = 0;
  let ab = 0;
  for (let i = 0; i < n; i++) {
    const x = (a[i]! - meanA) / scaleA;
    const y = (b[i]! - meanB) / scaleB;
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  return Math.max(-1, Math.min(1, ab / (Math.sqrt(aa) * Math.sqrt(bb))));
}

/** Ranks 1 … n of the values, ties sharing the mean of theirs. */
export function midRanks(values: Sample): Float64Array {
  const n = values.length;
  const order = ascendingOrder(values);
  const ranks = new Float64Array(n);
  for (let i = 0; i < n; ) {
    let j = i + 1;
    while (j < n && values[order[j]!] === values[order[i]!]) j++;
    for (let k = i; k < j; k++) ranks[order[k]!] = (i + j + 1) / 2;
    i = j;
  }
  return ranks;
}

/** Row numbers by ascending value. */
export function ascendingOrder(values: Sample): Uint32Array {
  const order = new Uint32Array(values.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  return order.sort((i, j) => values[i]! - values[j]!);
}

/** Spearman's rank correlation with mid-ranks; NaN as {@link pearson}. */
export function spearman(a: Sample, b: Sample): number {
  requireSameLength('a', a, 'b', b);
  for (let i = 0; i < a.length; i++) if (Number.isNaN(a[i]! + b[i]!)) return NaN;
  return pearson(midRanks(a), midRanks(b));
}

/** Kendall's τ-b in O(n log n) (Knight 1966); NaN below two pairs, for a constant side, or when any value is NaN. */
export function kendallTauB(a: Sample, b: Sample): number {
  requireSameLength('a', a, 'b', b);
  const n = a.length;
  for (let i = 0; i < n; i++) if (Number.isNaN(a[i]! + b[i]!)) return NaN;
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  order.sort((i, j) => a[i]! - a[j]! || b[i]! - b[j]!);
  const sortedB = Float64Array.from(order, row => b[row]!);
  let tiedA = 0;
  let tiedBoth = 0;
  for (let i = 0; i < n; ) {
    let j = i + 1;
    while (j < n && a[order[j]!] === a[order[i]!]) j++;
    tiedA += ((j - i) * (j - i - 1)) / 2;
    for (let k = i; k < j; ) {
      let l = k + 1;
      while (l < j && sortedB[l] === sortedB[k]) l++;
      tiedBoth += ((l - k) * (l - k - 1)) / 2;
      k = l;
    }
    i = j;
  }
  const discordant = inversions(sortedB);
  let tiedB = 0;
  for (let i = 0; i < n; ) {
    let j = i + 1;
    while (j < n && sortedB[j] === sortedB[i]) j++;
    tiedB += ((j - i) * (j - i - 1)) / 2;
    i = j;
  }
  const pairs = (n * (n - 1)) / 2;
  const concordantLess = pairs - tiedA - tiedB + tiedBoth - 2 * discordant;
  return Math.max(-1, Math.min(1, concordantLess / Math.sqrt(pairs - tiedA) / Math.sqrt(pairs - tiedB)));
}

/** Pairs in descending order; sorts `values` by merging. */
function inversions(values: Float64Array<ArrayBuffer>): number {
  const n = values.length;
  let from = values;
  let to = new Float64Array(n);
  let count = 0;
  for (let width = 1; width < n; width *= 2) {
    for (let low = 0; low < n; low += 2 * width) {
      const middle = Math.min(low + width, n);
      const high = Math.min(low + 2 * width, n);
      let i = low;
      let j = middle;
      for (let k = low; k < high; k++) {
        if (i < middle && (j >= high || from[i]! <= from[j]!)) to[k] = from[i++]!;
        else {
          count += middle - i;
          to[k] = from[j++]!;
        }
      }
    }
    [from, to] = [to, from];
  }
  if (from !== values) values.set(from);
  return count;
}
