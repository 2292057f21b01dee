import { sortAscending } from './sort.js';

/** A read-only numeric sample. */
export type Sample = ArrayLike<number>;

/** A sample that was sorted once, to be compared many times (a reference, say). Made by `sortSample`. */
export interface SortedSample {
  /** Ascending, without NaN. Never written to. */
  readonly sorted: Float64Array;
}

/** What the tests and distances of one column take: values in any order, or a sample sorted beforehand. */
export type AnySample = Sample | SortedSample;

/** Sorts a sample once; every function that takes an `AnySample` then skips its own sort. NaN is dropped. */
export function sortSample(values: Sample): SortedSample {
  return { sorted: sortAscending(values) };
}

/** The values of a sample that are present (not NaN), sorted ascending; not to be written to. */
export function sortedPresent(values: AnySample): Float64Array {
  return 'sorted' in values ? values.sorted : sortAscending(values);
}

/** The present values in their given order. */
export function present(values: Sample): Float64Array {
  const kept = new Float64Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isNaN(value)) kept[n++] = value;
  }
  return n === kept.length ? kept : kept.subarray(0, n);
}

/** Throws a RangeError that names both arguments when two paired arrays differ in length. */
export function requireSameLength(aName: string, a: Sample, bName: string, b: Sample): void {
  if (a.length !== b.length) {
    throw new RangeError(`${aName} has ${a.length} values but ${bName} has ${b.length}; they are paired`);
  }
}

/** Throws a RangeError unless `value` is strictly between 0 and 1. */
export function requireOpenUnit(name: string, value: number): void {
  if (!(value > 0 && value < 1))
    throw new RangeError(`${name} must lie strictly between 0 and 1, got ${value}`);
}

/** Throws a RangeError unless `value` is a finite number ≥ 0. */
export function requireNonNegative(name: string, value: number): void {
  if (!(value >= 0 && value < Infinity))
    throw new RangeError(`${name} must be a finite number ≥ 0, got ${value}`);
}
