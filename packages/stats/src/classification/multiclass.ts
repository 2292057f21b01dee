import { requireSameLength, type Sample } from '../common/samples.js';

/** Rows of the true class `t` predicted as `p` at `t·classes + p`. */
export interface ConfusionMatrix {
  readonly classes: number;
  readonly counts: Float64Array;
}

/**
 * Counts of class codes 0 … classes − 1. Rows whose label or prediction is NaN are left out; codes outside throw a
 * RangeError.
 */
export function confusionMatrix(labels: Sample, predictions: Sample, classes: number): ConfusionMatrix {
  requireSameLength('labels', labels, 'predictions', predictions);
  const counts = new Float64Array(classes * classes);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    const prediction = predictions[i]!;
    if (Number.isNaN(label) || Number.isNaN(prediction)) continue;
    for (const code of [label, prediction])
      if (!(code >= 0 && code < classes && Number.isInteger(code)))
        throw new RangeError(`class codes must be whole numbers below ${classes}, got ${code} at ${i}`);
    counts[label * classes + prediction]!++;
  }
  return { classes, counts };
}

interface Margins {
  readonly total: number;
  readonly right: number;
  readonly labels: Float64Array;
  readonly predictions: Float64Array;
}

function margins({ classes, counts }: ConfusionMatrix): Margins {
  const labels = new Float64Array(classes);
  const predictions = new Float64Array(classes);
  let total = 0;
  let right = 0;
  for (let t = 0; t < classes; t++) {
    for (let p = 0; p < classes; p++) {
      const count = counts[t * classes + p]!;
      labels[t]! += count;
      predictions[p]! += count;
      total += count;
    }
    right += counts[t * classes + t]!;
  }
  return { total, right, labels, predictions };
}

/** Share of rows whose class is predicted; NaN without rows. */
export function multiclassAccuracy(matrix: ConfusionMatrix): number {
  const { right, total } = margins(matrix);
  return right / total;
}

/**
 * Mean of the classes' F1, each counting alike (`macro`) or by its rows (`weighted`). Classes that are neither label nor
 * prediction of any row are left out, as scikit-learn. NaN without rows.
 */
export function multiclassF1(matrix: ConfusionMatrix, average: 'macro' | 'weighted'): number {
  const { labels, predictions, total } = margins(matrix);
  let sum = 0;
  let seen = 0;
  for (let c = 0; c < matrix.classes; c++) {
    const rows = labels[c]! + predictions[c]!;
    if (rows === 0) continue;
    const f1 = (2 * matrix.counts[c * matrix.classes + c]!) / rows;
    sum += average === 'macro' ? f1 : f1 * labels[c]!;
    seen++;
  }
  return average === 'macro' ? sum / seen : sum / total;
}

/** Mean recall of the classes that have rows; NaN without rows. */
export function multiclassBalancedAccuracy(matrix: ConfusionMatrix): number {
  const { labels } = margins(matrix);
  let sum = 0;
  let seen = 0;
  for (let c = 0; c < matrix.classes; c++) {
    if (labels[c] === 0) continue;
    sum += matrix.counts[c * matrix.classes + c]! / labels[c]!;
    seen++;
  }
  return sum / seen;
}

/** Gorodkin's R_K (2004), Matthews' correlation for several classes; NaN when labels or predictions are constant. */
export function multiclassMatthews(matrix: ConfusionMatrix): number {
  const { labels, predictions, total, right } = margins(matrix);
  let both = 0;
  let ownLabels = 0;
  let ownPredictions = 0;
  for (let c = 0; c < matrix.classes; c++) {
    both += labels[c]! * predictions[c]!;
    ownLabels += labels[c]! ** 2;
    ownPredictions += predictions[c]! ** 2;
  }
  const square = total * total;
  return (right * total - both) / (Math.sqrt(square - ownPredictions) * Math.sqrt(square - ownLabels));
}

/** Cohen's kappa, unweighted; NaN when labels and predictions are the same constant. */
export function multiclassKappa(matrix: ConfusionMatrix): number {
  const { labels, predictions, total, right } = margins(matrix);
  let chance = 0;
  for (let c = 0; c < matrix.classes; c++) chance += labels[c]! * predictions[c]!;
  return (total * right - chance) / (total * total - chance);
}
