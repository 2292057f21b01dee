import { TwinloopError } from '@twinloop/kernel';

/** A loss of one answered request, given its label; NaN without a label or a score. */
export type Loss = (label: number, score: number) => number;

/** Probabilities are clipped to [0.005, 0.995] before the logarithm, so that no single request decides a comparison. */
export const LOG_LOSS_CLIP = 0.005;

function logLoss(label: number, score: number): number {
  if (Number.isNaN(label)) return Number.NaN;
  const p = Math.min(1 - LOG_LOSS_CLIP, Math.max(LOG_LOSS_CLIP, score));
  return label === 1 ? -Math.log(p) : -Math.log1p(-p);
}
const squaredError: Loss = (label, score) => (label - score) ** 2;

const LOSSES: Readonly<Record<string, Loss>> = {
  log_loss: logLoss,
  brier: squaredError,
  squared_error: squaredError,
};
export const LOSS_NAMES = Object.keys(LOSSES);

/** @throws invalid_request for a metric that is not a per-request loss */
export function lossOf(metric: string): Loss {
  if (Object.hasOwn(LOSSES, metric)) return LOSSES[metric]!;
  throw new TwinloopError('invalid_request', {
    field: 'endpoint.rollout.metric',
    values: { reason: `"${metric}" is not a loss of a single request` },
    hint: `Use one of ${LOSS_NAMES.join(', ')}.`,
  });
}
