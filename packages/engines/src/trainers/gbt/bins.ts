import { seededRng, shuffle } from '@twinloop/kernel';
import type { TrainingSet } from '../training-set.js';

/** Values looked at to place thresholds; more would not move quantiles visibly. */
const SAMPLE = 200_000;

/** Features whose histograms are summed together. */
export const GROUP = 4;

/** A data set in which every value is a byte: the bin it falls into. */
export interface BinnedSet {
  readonly rows: number;
  readonly features: number;
  /** Column-major: feature f has `bins[f·rows … (f+1)·rows)`; padded with empty columns to whole groups of {@link GROUP}. */
  readonly bins: Uint8Array;
  /** Upper bounds (inclusive) of a numeric feature's bins, but the last; null for categorical ones. */
  readonly thresholds: readonly (Float64Array | null)[];
  /** Bins of values; the bin of missing values is this number. */
  readonly valueBins: Int32Array;
  /** First histogram bin of each feature, padding included (one bin each); the last entry is the sum. */
  readonly offsets: Int32Array;
}

/** A number between a < b that is < b, so that `x ≤ threshold` separates them even when they are neighbours. */
function between(a: number, b: number): number {
  const middle = a / 2 + b / 2;
  return middle >= a && middle < b ? middle : a;
}

/** Midpoints between distinct values when they are few, else quantiles (as scikit-learn's _BinMapper). `sorted` holds no NaN. */
export function thresholdsOf(sorted: Float64Array, maxBins: number): Float64Array {
  const distinct: number[] = [];
  for (let i = 0; i < sorted.length && distinct.length <= maxBins; i++)
    if (i === 0 || sorted[i]! !== sorted[i - 1]!) distinct.push(sorted[i]!);
  if (distinct.length <= maxBins) {
    return Float64Array.from({ length: Math.max(0, distinct.length - 1) }, (_, i) =>
      between(distinct[i]!, distinct[i + 1]!),
    );
  }
  const thresholds: number[] = [];
  for (let q = 1; q < maxBins; q++) {
    const position = (q / maxBins) * (sorted.length - 1);
    const a = sorted[Math.floor(position)]!;
    const b = sorted[Math.ceil(position)]!;
    const threshold = a === b ? a : between(a, b);
    if (thresholds.length === 0 || threshold > thresholds[thresholds.length - 1]!) thresholds.push(threshold);
  }
  return Float64Array.from(thresholds);
}

/** The first bin whose upper bound is not below `value`. */
function binOf(thresholds: Float64Array, value: number): number {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value <= thresholds[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

function present(column: Float64Array): Float64Array {
  const kept = new Float64Array(column.length);
  let count = 0;
  for (let i = 0; i < column.length; i++) {
    const value = column[i]!;
    if (value === value) kept[count++] = value;
  }
  return kept.subarray(0, count);
}

/** Rows whose values place the thresholds: all, or a seeded sample in row order. */
function sampleRows(rows: number, seed: number): Int32Array | null {
  if (rows <= SAMPLE) return null;
  const all = Int32Array.from({ length: rows }, (_, i) => i);
  return shuffle(all, seededRng(seed)).slice(0, SAMPLE).sort();
}

export function binSet(set: TrainingSet, maxBins: number, seed: number): BinnedSet {
  const { x, rows } = set;
  const features = set.categories.length;
  const padded = Math.ceil(features / GROUP) * GROUP;
  const bins = new Uint8Array(rows * padded);
  const thresholds: (Float64Array | null)[] = [];
  const valueBins = new Int32Array(features);
  const offsets = new Int32Array(padded + 1);
  const sample = sampleRows(rows, seed);
  const column = new Float64Array(rows);
  for (let f = 0; f < features; f++) {
    for (let i = 0; i < rows; i++) column[i] = x[i * features + f]!;
    const categories = set.categories[f]!;
    const to = f * rows;
    if (categories >= 0) {
      thresholds.push(null);
      valueBins[f] = categories;
      for (let i = 0; i < rows; i++) {
        const value = column[i]!;
        bins[to + i] = value === value ? value : categories;
      }
    } else {
      const seen = sample === null ? column : Float64Array.from(sample, i => column[i]!);
      const bounds = thresholdsOf(present(seen).sort(), maxBins);
      thresholds.push(bounds);
      valueBins[f] = bounds.length + 1;
      for (let i = 0; i < rows; i++) {
        const value = column[i]!;
        bins[to + i] = value === value ? binOf(bounds, value) : bounds.length + 1;
      }
    }
    offsets[f + 1] = offsets[f]! + valueBins[f]! + 1;
  }
  for (let f = features; f < padded; f++) offsets[f + 1] = offsets[f]! + 1;
  return { rows, features, bins, thresholds, valueBins, offsets };
}
