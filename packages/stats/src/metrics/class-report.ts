import type { Sample } from '../common/samples.js';

/** The usual figures of a probabilistic classifier of several classes; names as they appear in metric tables. */
export interface ClassReport {
  /** Labelled rows that the figures rest on. */
  readonly n: number;
  /** Mean −log of the probability given to the true class, clipped to [2^-52, 1]. */
  readonly log_loss: number;
  readonly accuracy: number;
  /** Unweighted mean of the F1 of every class that is a label or a prediction of some row. */
  readonly macro_f1: number;
  /** Row of the true class, column of the predicted one. */
  readonly confusion: readonly Float64Array[];
  /** Share of each class's rows that are predicted so; NaN for a class without rows. */
  readonly recall: Float64Array;
}

/** The index of the largest value of a row; the first one on ties. */
export function likeliest(probabilities: ArrayLike<number>, at: number, classes: number): number {
  let best = 0;
  for (let c = 1; c < classes; c++) if (probabilities[at + c]! > probabilities[at + best]!) best = c;
  return best;
}

/**
 * Figures of a classifier whose row i gives `probabilities[i·width … (i+1)·width)` for the classes 0 … width − 1. A
 * label may be a class from `width` on, one that the model does not know: its probability is 0. Conventions of
 * scikit-learn (log_loss, accuracy_score, f1_score(average="macro"), confusion_matrix); NaN when there are no rows.
 */
export function classReport(labels: Sample, probabilities: Sample, width: number): ClassReport {
  const n = labels.length;
  if (probabilities.length !== n * width)
    throw new RangeError(
      `${n} labels of ${width} classes need ${n * width} probabilities, not ${probabilities.length}`,
    );
  let classes = width;
  for (let i = 0; i < n; i++) classes = Math.max(classes, labels[i]! + 1);
  const confusion = Array.from({ length: classes }, () => new Float64Array(classes));
  let loss = 0;
  let right = 0;
  for (let i = 0; i < n; i++) {
    const label = labels[i]!;
    const predicted = likeliest(probabilities, i * width, width);
    const p = label < width ? probabilities[i * width + label]! : 0;
    loss -= Math.log(Math.min(1, Math.max(2 ** -52, p)));
    confusion[label]![predicted]!++;
    if (predicted === label) right++;
  }
  const recall = new Float64Array(classes);
  let f1 = 0;
  let seen = 0;
  for (let c = 0; c < classes; c++) {
    const own = confusion[c]!.reduce((sum, count) => sum + count, 0);
    const predicted = confusion.reduce((sum, row) => sum + row[c]!, 0);
    recall[c] = confusion[c]![c]! / own;
    if (own + predicted === 0) continue;
    f1 += (2 * confusion[c]![c]!) / (own + predicted);
    seen++;
  }
  return { n, log_loss: loss / n, accuracy: right / n, macro_f1: f1 / seen, confusion, recall };
}
