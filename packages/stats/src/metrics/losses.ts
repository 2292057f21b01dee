import { requireSameLength, type Sample } from '../common/samples.js';
import { logLossOf } from './probability-scores.js';

/**
 * What one answered row costs, given its label; smaller is better. `words` names it; `shown` and `title` name the figure
 * that people are shown for its mean: a mean squared error has squared units, its root has those of the label.
 */
interface LossDefinition {
  readonly words: string;
  /** Has the label's unit (squared or not), so that its size says nothing by itself. */
  readonly scaled: boolean;
  readonly shown: string;
  readonly title: string;
  readonly of: (label: number, score: number) => number;
}

const squared = (label: number, score: number): number => (score - label) ** 2;

const LOSSES = {
  log_loss: { words: 'log loss', scaled: false, shown: 'log_loss', title: 'log loss', of: logLossOf },
  brier: { words: 'Brier score', scaled: false, shown: 'brier', title: 'Brier score', of: squared },
  squared_error: { words: 'squared error', scaled: true, shown: 'rmse', title: 'RMSE', of: squared },
  absolute_error: {
    words: 'absolute error',
    scaled: true,
    shown: 'mae',
    title: 'mean absolute error',
    of: (label: number, score: number) => Math.abs(score - label),
  },
} as const satisfies Readonly<Record<string, LossDefinition>>;

/** The losses that single rows have, and models can therefore be compared by in pairs. */
export type LossName = keyof typeof LOSSES;
export const LOSS_NAMES = Object.keys(LOSSES) as readonly LossName[];

/** Probabilities are clipped to [0.005, 0.995] where models are compared or watched, so that no single row decides. */
export const LOSS_CLIP = 0.005;

export function isLoss(metric: string): metric is LossName {
  return Object.hasOwn(LOSSES, metric);
}

/** The loss of one row; NaN without a label or a score. @param clip log loss only: probabilities are clipped to [clip, 1 − clip] */
export function lossFunction(loss: LossName, clip = 1e-15): (label: number, score: number) => number {
  if (loss !== 'log_loss') return LOSSES[loss].of;
  return (label, score) => (Number.isNaN(label) ? Number.NaN : logLossOf(label, score, clip));
}

/** The loss of each row. @throws RangeError when the lengths differ */
export function lossesOf(loss: LossName, labels: Sample, scores: Sample, clip?: number): Float64Array {
  requireSameLength('labels', labels, 'scores', scores);
  const of = lossFunction(loss, clip);
  return Float64Array.from(labels, (label, row) => of(label, scores[row]!));
}

/** Mean loss; NaN when empty or when any value is NaN. */
export function meanLoss(loss: LossName, labels: Sample, scores: Sample): number {
  const losses = lossesOf(loss, labels, scores);
  return losses.length === 0 ? Number.NaN : losses.reduce((sum, one) => sum + one, 0) / losses.length;
}

/** How people name the mean of a loss: `squared_error` → `squared error`. */
export function lossWords(loss: LossName): string {
  return LOSSES[loss].words;
}

/**
 * Losses with the label's unit have no natural size: differences of them matter as a share of the loss itself.
 * Log loss and Brier score are measured on one scale everywhere.
 */
export function isScaled(loss: LossName): boolean {
  return LOSSES[loss].scaled;
}

export interface ShownLoss {
  /** Its name in hold-out reports: `rmse`. */
  readonly metric: string;
  /** As people write it: `RMSE`. */
  readonly title: string;
  readonly value: number;
}

/** The figure that a mean loss is shown as: the root of a mean squared error is the RMSE, in the label's unit. */
export function shownLoss(loss: LossName, mean: number): ShownLoss {
  const { shown, title } = LOSSES[loss];
  return { metric: shown, title, value: loss === 'squared_error' ? Math.sqrt(Math.max(0, mean)) : mean };
}

/** The mean loss behind a shown figure: undoes {@link shownLoss}. */
export function lossOfShown(loss: LossName, value: number): number {
  return loss === 'squared_error' ? value ** 2 : value;
}

/**
 * The constant answer with the smallest mean loss on these labels: their mean, for absolute errors their median.
 * NaN when empty.
 */
export function bestConstant(loss: LossName, labels: Sample): number {
  const n = labels.length;
  if (n === 0) return Number.NaN;
  if (loss !== 'absolute_error') {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += labels[i]!;
    return sum / n;
  }
  const sorted = Float64Array.from(labels).sort();
  return (sorted[(n - 1) >> 1]! + sorted[n >> 1]!) / 2;
}

/** By task, the losses that fit it; the first one is what a project is judged by when it names none. */
const BY_TASK: Readonly<Record<string, readonly LossName[]>> = {
  binary: ['log_loss', 'brier'],
  multiclass: ['log_loss'],
  regression: ['squared_error', 'absolute_error'],
};

/** The losses of a task (`binary`, `multiclass`, `regression`), default first. @throws RangeError for another task */
export function lossesOfTask(task: string): readonly [LossName, ...LossName[]] {
  const losses = Object.hasOwn(BY_TASK, task) ? BY_TASK[task]! : undefined;
  if (losses === undefined) throw new RangeError(`task "${task}" has no losses`);
  return losses as readonly [LossName, ...LossName[]];
}
