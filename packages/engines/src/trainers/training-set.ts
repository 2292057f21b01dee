import type { Task } from '@twinloop/kernel';

/** What a training core sees: encoded rows and labels, in the order given. */
export interface TrainingSet {
  /** Row-major rows × features; a category is its index, missing and unknown are NaN. */
  readonly x: Float64Array;
  readonly rows: number;
  /** Number of categories of each feature; -1 for numeric ones. */
  readonly categories: readonly number[];
  /** The last so many features count words of texts: never missing, nearly always 0. */
  readonly words: number;
  /** 0 or 1 for binary tasks, the class's index for multi-class ones. */
  readonly y: Float64Array;
  /** Weight of each row, above 0; without it all count 1. */
  readonly weights?: Float64Array;
  readonly task: Task;
  /** Number of classes of multi-class tasks; 0 otherwise. */
  readonly classes: number;
}

/** Weighted share of each class. */
export function classShares({ y, weights, classes }: TrainingSet): Float64Array {
  const shares = new Float64Array(classes);
  let total = 0;
  for (let i = 0; i < y.length; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    shares[y[i]!]! += weight;
    total += weight;
  }
  return shares.map(share => share / total);
}

/** Mean log-loss of raw scores, class-major (class c has `scores[c·rows … (c+1)·rows)`). */
export function meanSoftmaxLoss({ y, weights, rows, classes }: TrainingSet, scores: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    sum += weight * (logSumExp(scores, i, rows, classes) - scores[y[i]! * rows + i]!);
    total += weight;
  }
  return sum / total;
}

/** log Σ exp over the classes of row `i`, class-major; never overflows. */
export function logSumExp(scores: Float64Array, i: number, rows: number, classes: number): number {
  let top = scores[i]!;
  for (let c = 1; c < classes; c++) top = Math.max(top, scores[c * rows + i]!);
  let sum = 0;
  for (let c = 0; c < classes; c++) sum += Math.exp(scores[c * rows + i]! - top);
  return top + Math.log(sum);
}

/** Weighted mean of the labels; for tasks of one score. */
export function meanLabel({ y, weights }: TrainingSet): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < y.length; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    sum += weight * y[i]!;
    total += weight;
  }
  return sum / total;
}

/** Mean loss of raw scores of tasks of one score: log-loss (of the logit) or squared error. */
export function meanLoss(set: TrainingSet, scores: Float64Array): number {
  const { y, weights, task } = set;
  let sum = 0;
  let total = 0;
  for (let i = 0; i < y.length; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    const z = scores[i]!;
    const loss = task === 'binary' ? logLossOfLogit(z, y[i]!) : (z - y[i]!) ** 2;
    sum += weight * loss;
    total += weight;
  }
  return sum / total;
}

/** log(1 + e^z) − y·z without overflow. */
export function logLossOfLogit(z: number, y: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - y * z;
}
