import { present, type Sample } from '../common/samples.js';

/** Two pooled samples in ascending order, equal values in one group. */
export interface TieGroups {
  /** Rows of the reference and of the current sample in each group; those of a sketch need not be whole. */
  readonly reference: Float64Array;
  readonly current: Float64Array;
  /** A value of each group. */
  readonly value: Float64Array;
  /** Rows in all. */
  readonly n: number;
  readonly m: number;
}

/** Above that many values grouping by leading bits is cheaper than sorting, and loses nothing that can be measured. */
const LARGEST_SORTED = 20_000;
/** Sign, exponent and 6 bits of mantissa of the distance from the centre: bins are 1/64 of that distance wide. */
const SHIFT = 14;
const HALF = 1 << (31 - SHIFT);

/**
 * Groups two samples (NaN dropped). Each value of the reference stands for `weight` rows: 1, or more when it is a sketch
 * of evenly spaced order statistics. Small samples are sorted. Large ones are counted by the leading bits of their distance
 * from the pooled median, without sorting, in one pass: values closer than 1/64 of that distance are called equal, on both
 * sides alike, so that tests on the groups keep their level.
 */
export function tieGroups(reference: Sample, current: Sample, weight = 1): TieGroups {
  return reference.length + current.length <= LARGEST_SORTED
    ? sortedGroups(present(reference).sort(), present(current).sort(), weight)
    : binnedGroups(reference, current, weight);
}

function sortedGroups(x: Float64Array, y: Float64Array, weight: number): TieGroups {
  const most = x.length + y.length;
  const reference = new Float64Array(most);
  const current = new Float64Array(most);
  const value = new Float64Array(most);
  let groups = 0;
  for (let i = 0, j = 0; i < x.length || j < y.length; groups++) {
    const v = j >= y.length || (i < x.length && x[i]! <= y[j]!) ? x[i]! : y[j]!;
    const [i0, j0] = [i, j];
    while (i < x.length && x[i]! === v) i++;
    while (j < y.length && y[j]! === v) j++;
    reference[groups] = (i - i0) * weight;
    current[groups] = j - j0;
    value[groups] = v;
  }
  return {
    reference: reference.subarray(0, groups),
    current: current.subarray(0, groups),
    value: value.subarray(0, groups),
    n: x.length * weight,
    m: y.length,
  };
}

function binnedGroups(x: Sample, y: Sample, weight: number): TieGroups {
  const centre = roughMedian(x, y);
  const a = countBins(x, centre);
  const b = countBins(y, centre);
  let groups = 0;
  for (let k = 0; k < 2 * HALF; k++) if (a.counts[k]! + b.counts[k]! > 0) groups++;
  const reference = new Float64Array(groups);
  const current = new Float64Array(groups);
  const value = new Float64Array(groups);
  const put = (k: number): void => {
    if (a.counts[k]! + b.counts[k]! === 0) return;
    reference[groups] = a.counts[k]! * weight;
    current[groups] = b.counts[k]!;
    value[groups++] = centre + binMiddle(k);
  };
  groups = 0;
  // Keys of negative distances descend with the value.
  for (let k = 2 * HALF - 1; k >= HALF; k--) put(k);
  for (let k = 0; k < HALF; k++) put(k);
  return { reference, current, value, n: a.rows * weight, m: b.rows };
}

function countBins(values: Sample, centre: number): { counts: Uint32Array; rows: number } {
  const counts = new Uint32Array(2 * HALF);
  const number = new Float64Array(1);
  const words = new Uint32Array(number.buffer);
  const high = LITTLE_ENDIAN ? 1 : 0;
  let rows = 0;
  for (let i = 0; i < values.length; i++) {
    // Adding 0 turns −0 into 0: a file may hold either for the same value.
    const distance = values[i]! - centre + 0;
    if (distance !== distance) continue;
    number[0] = distance;
    counts[words[high]! >>> SHIFT]!++;
    rows++;
  }
  return { counts, rows };
}

const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** The middle of a bin's distances; its inner end for 0 and for infinities. */
function binMiddle(key: number): number {
  const words = new Uint32Array(2);
  const number = new Float64Array(words.buffer);
  const inner = key << SHIFT;
  words[LITTLE_ENDIAN ? 1 : 0] = inner;
  const low = number[0]!;
  if (low === 0 || !Number.isFinite(low)) return low;
  words[LITTLE_ENDIAN ? 1 : 0] = inner + (1 << (SHIFT - 1));
  return number[0]!;
}

/** Median of a thousand evenly spaced finite rows of both; 0 when there is none. */
function roughMedian(x: Sample, y: Sample): number {
  const some: number[] = [];
  for (const values of [x, y]) {
    const step = Math.max(1, Math.floor(values.length / 1000));
    for (let i = 0; i < values.length; i += step) if (Number.isFinite(values[i])) some.push(values[i]!);
  }
  some.sort((p, q) => p - q);
  return some[Math.floor(some.length / 2)] ?? 0;
}

/** The q quantile (0 ≤ q ≤ 1) of one side of the groups: the value at which its rows reach the share q. */
export function groupQuantile(
  { value, ...sides }: TieGroups,
  side: 'reference' | 'current' | 'pooled',
  q: number,
): number {
  const { reference, current } = sides;
  const total = side === 'reference' ? sides.n : side === 'current' ? sides.m : sides.n + sides.m;
  const target = q * total;
  let reached = 0;
  for (let g = 0; g < value.length; g++) {
    reached +=
      side === 'reference' ? reference[g]! : side === 'current' ? current[g]! : reference[g]! + current[g]!;
    // Half a row of slack: with an even count the upper of the two middle values.
    if (reached > target || (reached >= target - 1e-9 * total && q === 1)) return value[g]!;
  }
  return value.length === 0 ? NaN : value[value.length - 1]!;
}
