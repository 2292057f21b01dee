import type { Evidence, Task } from '@twinloop/kernel';
import { logisticShift, logLoss, meanLoss, meanShift, type MeanShift } from '@twinloop/stats';

export interface RecalibrationOptions {
  readonly task: Task;
  /**
   * Precision of the normal prior around 0. Binary: in units of Σ p(1 − p), so that 20 weighs like about 120 labels at a
   * rate of 0.2. Regression: in labels.
   */
  readonly ridge: number;
  readonly minLabels: number;
  /** The shift that is in service now; default 0. */
  readonly present?: number;
}

export interface Recalibration {
  /** Add it to the log-odds of every score that was passed in; for regression to the score. */
  readonly shift: number;
  readonly evidence: Evidence;
}

/** Below that the repair is not worth a new version. The optimism of fitting one parameter is 1 / (2n). */
const MIN_GAIN = 0.001;
/** The same for squared errors: a share of what they are now. */
const MIN_SHARE = 0.005;

/** How a task shifts its scores, and what a shift is worth. */
interface Scale {
  readonly statistic: string;
  readonly method: string;
  fit(labels: Float64Array, scores: Float64Array, ridge: number): MeanShift;
  loss(labels: Float64Array, scores: Float64Array, shift: number): number;
  /** Whether going from one loss to the other pays. */
  pays(before: number, after: number): boolean;
}

const SCALES: Readonly<Partial<Record<Task, Scale>>> = {
  binary: {
    statistic: 'log-odds shift of the intercept',
    method: 'penalised maximum likelihood',
    fit: (labels, scores, ridge) => logisticShift(labels, scores, { ridge }),
    loss: (labels, scores, shift) => logLoss(labels, shiftedOdds(scores, shift)),
    pays: (before, after) => before - after >= MIN_GAIN,
  },
  regression: {
    statistic: 'shift of the intercept',
    method: 'mean residual, shrunk',
    fit: meanShift,
    loss: (labels, scores, shift) => meanLoss('squared_error', labels, shiftedValues(scores, shift)),
    pays: (before, after) => before - after >= MIN_SHARE * before,
  },
};

/** Whether a model of this task has an intercept that late labels can refit. */
export function canRecalibrate(task: Task): boolean {
  return SCALES[task] !== undefined;
}

/**
 * Refits only the intercept on late labels, shrunk towards "no shift" (a ridge): of a probabilistic classifier on the
 * log-odds scale, of a regression in the label's unit. Pass the scores of the model as it was trained, without the shift
 * in service (`present`): the new shift replaces that one, and shrinking leads back to training.
 *
 * Undefined when there are fewer than `minLabels` labels, when the 95 % interval of the shift holds the present one,
 * when the loss of those labels would hardly fall (log loss by less than 0.001, squared error by less than 0.5 %), or
 * when the task has no single intercept.
 */
export function fitRecalibration(
  labels: Float64Array,
  scores: Float64Array,
  { task, ridge, minLabels, present = 0 }: RecalibrationOptions,
): Recalibration | undefined {
  const n = labels.length;
  const scale = SCALES[task];
  if (scale === undefined || n < minLabels) return undefined;
  const { shift, standardError } = scale.fit(labels, scores, ridge);
  const low = shift - 1.96 * standardError;
  const high = shift + 1.96 * standardError;
  if (!(low > present || high < present)) return undefined;
  if (!scale.pays(scale.loss(labels, scores, present), scale.loss(labels, scores, shift))) return undefined;
  return {
    shift,
    evidence: {
      statistic: scale.statistic,
      value: shift,
      n,
      interval: [low, high],
      threshold: present,
      method: `${scale.method}, ridge ${ridge}`,
    },
  };
}

function shiftedOdds(scores: Float64Array, shift: number): Float64Array {
  return scores.map(score => 1 / (1 + Math.exp(-(Math.log(score / (1 - score)) + shift))));
}

function shiftedValues(scores: Float64Array, shift: number): Float64Array {
  return scores.map(score => score + shift);
}
