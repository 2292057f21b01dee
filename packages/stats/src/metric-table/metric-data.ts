import { thresholded } from '../classification/binary-confusion.js';
import { requireSameLength, type Sample } from '../common/samples.js';
import { likeliest } from '../metrics/class-report.js';

/** Labels 0 or 1, and a score (probability of 1), a predicted class, or both. Without predictions: score ≥ threshold (½). */
export interface BinaryData {
  readonly task: 'binary';
  readonly labels: Sample;
  readonly scores?: Sample;
  readonly predictions?: Sample;
  readonly threshold?: number;
}

/**
 * Labels are codes below `classes`. `probabilities` has a row of `classes` numbers per label; without predictions the
 * likeliest class is predicted, the first one on ties.
 */
export interface MulticlassData {
  readonly task: 'multiclass';
  readonly labels: Sample;
  readonly classes: number;
  readonly probabilities?: Sample;
  readonly predictions?: Sample;
}

export interface RegressionData {
  readonly task: 'regression';
  readonly labels: Sample;
  readonly predictions: Sample;
}

/** Rows of one task. A row with a NaN among what a metric needs counts as not there. */
export type MetricData = BinaryData | MulticlassData | RegressionData;

/** The columns that a metric needs, without the rows that miss any. */
export interface CompleteRows {
  readonly labels: Float64Array;
  /** Predicted classes or numbers; empty where scores are asked for. */
  readonly predictions: Float64Array;
  /** Scores, `width` a row; empty where predictions are asked for. */
  readonly scores: Float64Array;
  readonly width: number;
}

function missing(what: string): never {
  throw new RangeError(`this metric needs ${what}`);
}

/** Predicted classes or numbers, given or derived. */
export function predictionsOf(data: MetricData): Sample {
  if (data.predictions !== undefined) return data.predictions;
  if (data.task === 'regression') return missing('predictions');
  if (data.task === 'binary')
    return thresholded(data.scores ?? missing('predictions or scores'), data.threshold);
  const probabilities = data.probabilities ?? missing('predictions or probabilities');
  const { classes } = data;
  requireSameLength(
    'labels × classes',
    { length: data.labels.length * classes },
    'probabilities',
    probabilities,
  );
  return Float64Array.from(data.labels, (_, row) => {
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += probabilities[row * classes + c]!;
    return Number.isNaN(sum) ? NaN : likeliest(probabilities, row * classes, classes);
  });
}

/** The rows that have a label and what a metric `needs`. */
export function completeRows(data: MetricData, needs: 'predictions' | 'scores'): CompleteRows {
  const { labels } = data;
  const n = labels.length;
  let width = 1;
  let values: Sample;
  if (needs === 'predictions' || data.task === 'regression') values = predictionsOf(data);
  else if (data.task === 'binary') values = data.scores ?? missing('scores');
  else {
    values = data.probabilities ?? missing('probabilities');
    width = data.classes;
  }
  requireSameLength('labels × width', { length: n * width }, needs, values);
  const keptLabels = new Float64Array(n);
  const kept = new Float64Array(n * width);
  let rows = 0;
  for (let i = 0; i < n; i++) {
    let sum = labels[i]!;
    for (let c = 0; c < width; c++) {
      const value = values[i * width + c]!;
      kept[rows * width + c] = value;
      sum += value;
    }
    if (Number.isNaN(sum)) continue;
    keptLabels[rows++] = labels[i]!;
  }
  const cut = kept.subarray(0, rows * width);
  const none = new Float64Array(0);
  return {
    labels: keptLabels.subarray(0, rows),
    predictions: needs === 'predictions' ? cut : none,
    scores: needs === 'scores' ? cut : none,
    width,
  };
}
