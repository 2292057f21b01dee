import { rocAuc } from '../metrics/roc-auc.js';
import { choleskyInPlace, choleskySolve } from './cholesky.js';

/** Rows (row-major), and which rows each fold holds out. */
export interface Design {
  readonly matrix: Float64Array;
  readonly width: number;
  readonly folds: readonly Int32Array[];
}

/**
 * Ridge regression of the label on the features, fitted on all folds but one and judged on that one (with two classes
 * its direction is Fisher's linear discriminant, whatever the class sizes). The factorisations do not depend on the
 * labels: another labelling costs two passes over the rows.
 */
export class CrossFittedDiscriminant {
  readonly #design: Design;
  readonly #factors: readonly Float64Array[];

  /** `ridge` is relative to the rows: 1 doubles the diagonal of the features' second moments. */
  constructor(design: Design, ridge: number) {
    this.#design = design;
    const { width } = design;
    const grams = design.folds.map(rows => gram(design, rows));
    const whole = sumOf(grams, width * width);
    const total = design.matrix.length / width;
    this.#factors = grams.map((gramOfFold, k) => {
      const rest = whole.map((value, i) => value - gramOfFold[i]!);
      const weight = ridge * (total - design.folds[k]!.length);
      for (let i = 0; i < width; i++) rest[i * width + i]! += weight;
      choleskyInPlace(rest, width);
      return rest;
    });
  }

  /** Coefficients of each fold's model: fitted without that fold. `labels` are centred numbers, one a row. */
  fit(labels: Float64Array): Float64Array[] {
    const { matrix, width, folds } = this.#design;
    const parts = folds.map(rows => {
      const sums = new Float64Array(width);
      for (const row of rows) {
        const label = labels[row]!;
        const start = row * width;
        for (let i = 0; i < width; i++) sums[i]! += label * matrix[start + i]!;
      }
      return sums;
    });
    const whole = sumOf(parts, width);
    return parts.map((part, k) => {
      const coefficients = whole.map((value, i) => value - part[i]!);
      choleskySolve(this.#factors[k]!, width, coefficients);
      return coefficients;
    });
  }

  /** Scores of the rows of fold k, in the order of `rows`. */
  scores(k: number, coefficients: Float64Array): Float64Array {
    const { matrix, width, folds } = this.#design;
    const scores = new Float64Array(folds[k]!.length);
    folds[k]!.forEach((row, at) => {
      const start = row * width;
      let sum = 0;
      for (let i = 0; i < width; i++) sum += coefficients[i]! * matrix[start + i]!;
      scores[at] = sum;
    });
    return scores;
  }

  /** Mean over the folds of the AUC on held-out rows. Only ranks within a fold count, so models need no common scale. */
  auc(labels: Float64Array): number {
    const models = this.fit(labels);
    const sum = models.reduce((all, model, k) => {
      const truth = Float64Array.from(this.#design.folds[k]!, row => Number(labels[row]! > 0));
      return all + rocAuc(truth, this.scores(k, model));
    }, 0);
    return sum / models.length;
  }
}

function gram({ matrix, width }: Design, rows: Int32Array): Float64Array {
  const sums = new Float64Array(width * width);
  for (const row of rows) {
    const start = row * width;
    for (let i = 0; i < width; i++) {
      const value = matrix[start + i]!;
      const at = i * width;
      for (let j = 0; j <= i; j++) sums[at + j]! += value * matrix[start + j]!;
    }
  }
  return sums;
}

function sumOf(parts: readonly Float64Array[], length: number): Float64Array {
  const whole = new Float64Array(length);
  for (const part of parts) for (let i = 0; i < length; i++) whole[i]! += part[i]!;
  return whole;
}
