import { requireSameLength, type Sample } from '../common/samples.js';

/** Rows by what they are and what was predicted; class 1 is the positive one. */
export interface BinaryConfusion {
  readonly tp: number;
  readonly fp: number;
  readonly tn: number;
  readonly fn: number;
}

/** Throws a RangeError unless `value` is 0 or 1. */
export function requireBinary(name: string, value: number, at: number): void {
  if (value !== 0 && value !== 1) throw new RangeError(`${name} must be 0 or 1, got ${value} at ${at}`);
}

/** Counts of the four outcomes. Rows whose label or prediction is NaN are left out; other values than 0 and 1 throw. */
export function binaryConfusion(labels: Sample, predictions: Sample): BinaryConfusion {
  requireSameLength('labels', labels, 'predictions', predictions);
  const counts = [0, 0, 0, 0] as [number, number, number, number];
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    const prediction = predictions[i]!;
    if (Number.isNaN(label) || Number.isNaN(prediction)) continue;
    requireBinary('labels', label, i);
    requireBinary('predictions', prediction, i);
    counts[2 * label + prediction]!++;
  }
  const [tn, fp, fn, tp] = counts;
  return { tp, fp, tn, fn };
}

/** 1 where the score is at least the threshold, else 0; NaN stays NaN. */
export function thresholded(scores: Sample, threshold = 0.5): Float64Array {
  return Float64Array.from(scores, score => (Number.isNaN(score) ? NaN : score >= threshold ? 1 : 0));
}
