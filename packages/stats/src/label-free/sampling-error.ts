import type { BinaryConfusion } from '../classification/binary-confusion.js';
import { binaryConfusion } from '../classification/binary-confusion.js';
import { shareBelow } from '../metrics/delong.js';
import type { Sample } from '../common/samples.js';
import { splitByClass } from '../metrics/roc-auc.js';

/** By how much figures of `n` rows scatter, judged by a labelled reference. */
export interface SamplingErrors {
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly specificity: number;
  readonly f1: number;
  readonly auc: number;
}

/** Standard error of a proportion over the part of n rows that it is a proportion of. */
function ofRate(successes: number, trials: number, rows: number, n: number): number {
  const rate = successes / trials;
  return Math.sqrt((rate * (1 - rate)) / ((n * trials) / rows));
}

/**
 * Sampling errors of a chunk of n rows (NannyML): the reference's deviation of what each row contributes, over the root of
 * the rows expected to contribute. F1 through the share J = tp/(tp + fp + fn) times 2/(1 + J), which is larger than the
 * delta method's by 1 + J; AUC through the placements of the rarer class
 * alone, which leaves out the other one's scatter (DeLong's error is larger). NaN without such rows in the reference.
 */
export function samplingErrors(
  labels: Sample,
  scores: Sample,
  predictions: Sample,
  n: number,
): SamplingErrors {
  const confusion: BinaryConfusion = binaryConfusion(labels, predictions);
  const { tp, fp, tn, fn } = confusion;
  const rows = tp + fp + tn + fn;
  const relevant = tp + fp + fn;
  return {
    accuracy: ofRate(tp + tn, rows, rows, n),
    precision: ofRate(tp, tp + fp, rows, n),
    recall: ofRate(tp, tp + fn, rows, n),
    specificity: ofRate(tn, tn + fp, rows, n),
    f1: ofRate(tp, relevant, rows, n) * (relevant / (tp + (fp + fn) / 2)),
    auc: aucSamplingError(labels, scores, n),
  };
}

function aucSamplingError(labels: Sample, scores: Sample, n: number): number {
  const classes = splitByClass(labels, scores);
  if (classes === undefined) return NaN;
  const { positive, negative } = classes;
  const positiveIsRarer = positive.length <= negative.length;
  const placements = positiveIsRarer ? shareBelow(positive, negative) : shareBelow(negative, positive);
  let sum = 0;
  for (const share of placements) sum += share;
  const mean = sum / placements.length;
  let squares = 0;
  for (const share of placements) squares += (share - mean) ** 2;
  const share = placements.length / labels.length;
  return Math.sqrt(squares / placements.length / (n * share));
}
