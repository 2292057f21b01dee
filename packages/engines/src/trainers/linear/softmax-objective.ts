import { logSumExp, type TrainingSet } from '../training-set.js';
import { multiply, multiplyTransposed, type Design } from './design.js';
import type { Smooth } from './objective.js';

/**
 * Multinomial logistic regression: Σ weight·(−log p of the row's class) + l2/2·|w|², intercepts free. Weights are
 * class-major: class c has `w[c·columns … (c+1)·columns)`. Every class has its own vector, as in scikit-learn; the
 * penalty makes the answer unique.
 */
export class SoftmaxObjective implements Smooth {
  readonly rows: number;
  /** Raw scores at the last evaluated point, class-major. */
  readonly scores: Float64Array;
  readonly #design: Design;
  readonly #set: TrainingSet;
  readonly #l2: number;
  readonly #normaliser: Float64Array;
  readonly #residual: Float64Array;

  constructor(design: Design, set: TrainingSet, l2: number) {
    this.rows = design.rows;
    this.#design = design;
    this.#set = set;
    this.#l2 = l2;
    this.scores = new Float64Array(design.rows * set.classes);
    this.#normaliser = new Float64Array(design.rows);
    this.#residual = new Float64Array(design.rows);
  }

  value(w: Float64Array): number {
    const { y, weights, classes } = this.#set;
    const { rows } = this;
    const { columns } = this.#design;
    let squares = 0;
    for (let c = 0; c < classes; c++) {
      const own = w.subarray(c * columns, (c + 1) * columns);
      multiply(this.#design, own, this.scores.subarray(c * rows, (c + 1) * rows));
      for (let k = 1; k < columns; k++) squares += own[k]! * own[k]!;
    }
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      const normaliser = logSumExp(this.scores, i, rows, classes);
      this.#normaliser[i] = normaliser;
      const loss = normaliser - this.scores[y[i]! * rows + i]!;
      sum += weights === undefined ? loss : weights[i]! * loss;
    }
    return sum + 0.5 * this.#l2 * squares;
  }

  gradient(w: Float64Array, out: Float64Array): void {
    const { y, weights, classes } = this.#set;
    const { rows } = this;
    const { columns } = this.#design;
    for (let c = 0; c < classes; c++) {
      for (let i = 0; i < rows; i++) {
        const p = Math.exp(this.scores[c * rows + i]! - this.#normaliser[i]!);
        this.#residual[i] = (weights === undefined ? 1 : weights[i]!) * (p - (y[i] === c ? 1 : 0));
      }
      const from = c * columns;
      multiplyTransposed(this.#design, this.#residual, out.subarray(from, from + columns));
      for (let k = 1; k < columns; k++) out[from + k]! += this.#l2 * w[from + k]!;
    }
  }
}
