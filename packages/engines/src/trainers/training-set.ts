/** What a training core sees: encoded rows and labels, in the order given. */
export interface TrainingSet {
  /** Row-major rows × features; a category is its index, missing and unknown are NaN. */
  readonly x: Float64Array;
  readonly rows: number;
  /** Number of categories of each feature; -1 for numeric ones. */
  readonly categories: readonly number[];
  /** 0 or 1 for binary tasks. */
  readonly y: Float64Array;
  /** Weight of each row, above 0; without it all count 1. */
  readonly weights?: Float64Array;
  readonly task: 'binary' | 'regression';
}

/** Weighted mean of the labels. */
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

/** Mean loss of raw scores: log-loss (of the logit) or squared error. */
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
