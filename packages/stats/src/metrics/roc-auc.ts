import { requireSameLength, type Sample } from '../common/samples.js';

/**
 * Area under the ROC curve: the probability that a positive row scores above a negative one, ties counting ½.
 * `labels` are 0 or 1. NaN when there is no row of one class, or when any score or label is NaN.
 */
export function rocAuc(labels: Sample, scores: Sample): number {
  const classes = splitByClass(labels, scores);
  if (classes === undefined) return NaN;
  const { positive, negative } = classes;
  // Sorting the two classes apart needs no index permutation, hence stays native.
  positive.sort();
  negative.sort();
  const p = positive.length;
  const n = negative.length;
  let twice = 0;
  let below = 0;
  let notAbove = 0;
  for (let i = 0; i < p; i++) {
    const score = positive[i]!;
    while (below < n && negative[below]! < score) below++;
    if (notAbove < below) notAbove = below;
    while (notAbove < n && negative[notAbove]! <= score) notAbove++;
    twice += below + notAbove;
  }
  return twice / (2 * p * n);
}

/** Scores by class in row order; undefined when anything is NaN or, unless `onlyOne` class will do, a class is missing. */
export function splitByClass(
  labels: Sample,
  scores: Sample,
  onlyOne = false,
): { positive: Float64Array; negative: Float64Array } | undefined {
  requireSameLength('labels', labels, 'scores', scores);
  let positives = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (Number.isNaN(scores[i]!) || Number.isNaN(label)) return undefined;
    if (label !== 0 && label !== 1) throw new RangeError(`labels must be 0 or 1, got ${label} at ${i}`);
    positives += label;
  }
  if (!onlyOne && (positives === 0 || positives === labels.length)) return undefined;
  const positive = new Float64Array(positives);
  const negative = new Float64Array(labels.length - positives);
  let p = 0;
  let n = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === 1) positive[p++] = scores[i]!;
    else negative[n++] = scores[i]!;
  }
  return { positive, negative };
}
