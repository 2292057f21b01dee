import { logLossOf } from '@twinloop/stats';

/** What one row costs; smaller is better. */
const LOSSES = {
  log_loss: (label: number, score: number) => logLossOf(label, score),
  brier: (label: number, score: number) => (score - label) ** 2,
  squared_error: (label: number, score: number) => (score - label) ** 2,
  absolute_error: (label: number, score: number) => Math.abs(score - label),
} as const;

export type Loss = keyof typeof LOSSES;

export function isLoss(metric: string): metric is Loss {
  return Object.hasOwn(LOSSES, metric);
}

/** The loss of each row. */
export function lossesOf(loss: Loss, labels: Float64Array, scores: Float64Array): Float64Array {
  const of = LOSSES[loss];
  return labels.map((label, row) => of(label, scores[row]!));
}
