import { logLossOfLogit, type TrainingSet } from '../training-set.js';
import { multiply, multiplyTransposed, type Design } from './design.js';

/** A convex function to minimise, over so many rows. */
export interface Smooth {
  readonly rows: number;
  value(w: Float64Array): number;
  /** Gradient at the point whose {@link value} was asked last. */
  gradient(w: Float64Array, out: Float64Array): void;
}

/** Σ weight·loss + l2/2·|w|² (intercept free), with log-loss or half the squared error. */
export class Objective implements Smooth {
  readonly design: Design;
  readonly rows: number;
  readonly scores: Float64Array;
  /** Second derivative of each row's loss at the last evaluated point. */
  readonly curvature: Float64Array;
  readonly #set: TrainingSet;
  readonly #l2: number;
  readonly #residual: Float64Array;

  constructor(design: Design, set: TrainingSet, l2: number) {
    this.design = design;
    this.rows = design.rows;
    this.#set = set;
    this.#l2 = l2;
    this.scores = new Float64Array(design.rows);
    this.curvature = new Float64Array(design.rows);
    this.#residual = new Float64Array(design.rows);
  }

  value(w: Float64Array): number {
    const { y, weights, task } = this.#set;
    multiply(this.design, w, this.scores);
    let sum = 0;
    for (let i = 0; i < y.length; i++) {
      const z = this.scores[i]!;
      const loss = task === 'binary' ? logLossOfLogit(z, y[i]!) : 0.5 * (z - y[i]!) ** 2;
      sum += weights === undefined ? loss : weights[i]! * loss;
    }
    let squares = 0;
    for (let k = 1; k < w.length; k++) squares += w[k]! * w[k]!;
    return sum + 0.5 * this.#l2 * squares;
  }

  /** Gradient at the point whose {@link value} was asked last; fills {@link curvature}. */
  gradient(w: Float64Array, out: Float64Array): void {
    const { y, weights, task } = this.#set;
    for (let i = 0; i < y.length; i++) {
      const weight = weights === undefined ? 1 : weights[i]!;
      if (task === 'binary') {
        const p = 1 / (1 + Math.exp(-this.scores[i]!));
        this.#residual[i] = weight * (p - y[i]!);
        this.curvature[i] = weight * p * (1 - p);
      } else {
        this.#residual[i] = weight * (this.scores[i]! - y[i]!);
        this.curvature[i] = weight;
      }
    }
    multiplyTransposed(this.design, this.#residual, out);
    for (let k = 1; k < w.length; k++) out[k]! += this.#l2 * w[k]!;
  }
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** `out = a + t·b`. */
export function step(a: Float64Array, t: number, b: Float64Array, out: Float64Array): void {
  for (let i = 0; i < a.length; i++) out[i] = a[i]! + t * b[i]!;
}
