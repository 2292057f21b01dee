import { TwinloopError } from '@twinloop/kernel';
import { isLoss, isScaled, LOSS_CLIP, LOSS_NAMES, lossFunction } from '@twinloop/stats';

/** A loss of one answered request, given its label; NaN without a label or a score. Probabilities are clipped, so that no single request decides. */
export type Loss = (label: number, score: number) => number;

/** @throws invalid_request for a metric that is not a per-request loss */
export function lossOf(metric: string): Loss {
  if (isLoss(metric)) return lossFunction(metric, LOSS_CLIP);
  throw new TwinloopError('invalid_request', {
    field: 'endpoint.rollout.metric',
    values: { reason: `"${metric}" is not a loss of a single request` },
    hint: `Use one of ${LOSS_NAMES.join(', ')}.`,
  });
}

/**
 * A loss difference as the project file writes it (a tolerance, a clip), in units of the loss. It is absolute for losses
 * that have one scale everywhere; for those with the label's unit (squared, absolute error) it is a share of the
 * champion's own mean loss.
 */
export function inLossUnits(metric: string, difference: number, championLoss: number): number {
  return isLoss(metric) && isScaled(metric) ? difference * championLoss : difference;
}
