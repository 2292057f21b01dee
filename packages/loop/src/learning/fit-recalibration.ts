import type { Evidence } from '@twinloop/kernel';
import { logisticShift, logLoss } from '@twinloop/stats';

export interface RecalibrationOptions {
  /** Precision of the normal prior around 0, in units of Σ p(1 − p): 20 weighs like about 120 labels at a rate of 0.2. */
  readonly ridge: number;
  readonly minLabels: number;
  /** The shift that is in service now; default 0. */
  readonly present?: number;
}

export interface Recalibration {
  /** Add it to the log-odds of every score that was passed in. */
  readonly shift: number;
  readonly evidence: Evidence;
}

/** Below that the repair is not worth a new version. The optimism of fitting one parameter is 1 / (2n). */
const MIN_GAIN = 0.001;

/**
 * Refits only the intercept of a probabilistic classifier on late labels, shrunk towards "no shift" (a ridge). Pass the
 * scores of the model as it was trained, without the shift in service (`present`): the new shift replaces that one, and
 * shrinking leads back to training.
 *
 * Undefined when there are fewer than `minLabels` labels, when the 95 % interval of the shift holds the present one, or
 * when the mean log loss of those labels would fall by less than 0.001.
 */
export function fitRecalibration(
  labels: Float64Array,
  scores: Float64Array,
  { ridge, minLabels, present = 0 }: RecalibrationOptions,
): Recalibration | undefined {
  const n = labels.length;
  if (n < minLabels) return undefined;
  const { shift, standardError } = logisticShift(labels, scores, { ridge });
  const low = shift - 1.96 * standardError;
  const high = shift + 1.96 * standardError;
  if (!(low > present || high < present)) return undefined;
  const gain = logLoss(labels, shifted(scores, present)) - logLoss(labels, shifted(scores, shift));
  if (gain < MIN_GAIN) return undefined;
  return {
    shift,
    evidence: {
      statistic: 'log-odds shift of the intercept',
      value: shift,
      n,
      interval: [low, high],
      threshold: present,
      method: `penalised maximum likelihood, ridge ${ridge}`,
    },
  };
}

function shifted(scores: Float64Array, shift: number): Float64Array {
  return scores.map(score => 1 / (1 + Math.exp(-(Math.log(score / (1 - score)) + shift))));
}
