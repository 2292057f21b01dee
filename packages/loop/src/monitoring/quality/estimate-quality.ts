import type { Task } from '@twinloop/kernel';
import {
  cbpe,
  checkEstimates,
  directLossEstimate,
  isotonicFit,
  isotonicValues,
  isScaled,
  type LabelFreeEstimate,
  lossesOf,
  lossModelFit,
  lossModelValues,
  LOSS_CLIP,
  type LossName,
  shownLoss,
} from '@twinloop/stats';
import { count, figure, percent } from '../format.js';
import type { AnsweredRows, Figure, Figures, QualityWindow } from './quality-windows.js';

/** Labelled rows that an estimate learns from: fewer teach nothing, more are old. */
const FEWEST = 300;
const MOST = 5000;
const THRESHOLD = 0.5;

export interface EstimatedRows extends AnsweredRows {
  /** When the label became known; NaN where none has. */
  readonly arrived: Float64Array;
}

interface Options {
  readonly task: Task;
  readonly loss: LossName;
  readonly threshold?: number;
}

/**
 * What the figures of a window look like before its labels are there: from the answers alone, calibrated on the newest
 * 5,000 labels that had arrived by the window's end for predictions before it. Probabilities by CBPE (calibration by
 * isotonic regression; losses as their expectation under it), numbers by direct loss estimation (a model of the loss by
 * the predicted value). Empty for a window with fewer than 300 labels to learn from, and for several classes, of
 * which the log holds one probability only. Right while the answers mean what they meant: no concept drift.
 */
export function estimateWindow(
  rows: EstimatedRows,
  window: QualityWindow,
  { task, loss, threshold = THRESHOLD }: Options,
): Figures {
  if (task === 'multiclass') return {};
  const known = knownBefore(rows, window);
  if (known.length < FEWEST) return {};
  const [from, until] = window.rows;
  const estimate = task === 'binary' ? estimateBinary : estimateNumbers;
  return estimate(
    {
      labels: Float64Array.from(known, row => rows.label[row]!),
      scores: Float64Array.from(known, row => rows.score[row]!),
    },
    rows.score.subarray(from, until).filter(score => !Number.isNaN(score)),
    loss,
    threshold,
  );
}

/** The newest labelled rows before a window, as they were known at its end. */
function knownBefore(rows: EstimatedRows, { rows: [first], until }: QualityWindow): number[] {
  const known: number[] = [];
  for (let row = first - 1; row >= 0 && known.length < MOST; row--) {
    if (rows.arrived[row]! < until && !Number.isNaN(rows.label[row]! + rows.score[row]!)) known.push(row);
  }
  return known;
}

interface Reference {
  readonly labels: Float64Array;
  readonly scores: Float64Array;
}

function shape({ value, interval: [low, high] }: LabelFreeEstimate, n: number): Figure {
  return { value, low, high, n };
}

function estimateBinary(
  reference: Reference,
  scores: Float64Array,
  loss: LossName,
  threshold: number,
): Figures {
  const fit = isotonicFit(reference.scores, reference.labels);
  const calibrated = isotonicValues(fit, scores);
  const referenceRows = reference.labels.length;
  const estimates = cbpe(
    calibrated,
    scores,
    scores.map(score => (score >= threshold ? 1 : 0)),
    { referenceRows },
  );
  const n = scores.length;
  const expected = (name: LossName): LabelFreeEstimate => {
    const come = lossesOf(name, new Float64Array(n).fill(1), scores, LOSS_CLIP);
    const stay = lossesOf(name, new Float64Array(n), scores, LOSS_CLIP);
    let variance = 0;
    const losses = calibrated.map((p, i) => {
      variance += p * (1 - p) * (come[i]! - stay[i]!) ** 2;
      return p * come[i]! + (1 - p) * stay[i]!;
    });
    return directLossEstimate(losses, { residualVariance: variance / n, referenceRows });
  };
  const figures: Record<string, Figure> = {};
  const give = (metric: string, estimate: LabelFreeEstimate): void => {
    if (!Number.isNaN(estimate.value)) figures[metric] = shape(estimate, n);
  };
  give(shownLoss(loss, 0).metric, expected(loss));
  give('auc', estimates.auc);
  give('accuracy', estimates.accuracy);
  give('precision', estimates.precision);
  give('recall', estimates.recall);
  return figures;
}

function estimateNumbers(reference: Reference, scores: Float64Array, loss: LossName): Figures {
  const fit = lossModelFit(lossesOf(loss, reference.labels, reference.scores, LOSS_CLIP), [reference.scores]);
  const estimate = directLossEstimate(lossModelValues(fit, [scores]), {
    residualVariance: fit.residualVariance,
    referenceRows: reference.labels.length,
    root: loss === 'squared_error',
  });
  return Number.isNaN(estimate.value) ? {} : { [shownLoss(loss, 0).metric]: shape(estimate, scores.length) };
}

export interface EstimatorCheck {
  readonly metric: string;
  readonly windows: number;
  readonly inside: number;
  readonly bias: number;
  readonly sentence: string;
}

/** Could the estimates be believed? Those of windows whose labels have nearly all come, against what the labels said. Null before the first of them. */
export function checkEstimator(
  windows: readonly QualityWindow[],
  estimated: readonly Figures[],
  { loss }: Pick<Options, 'loss'>,
): EstimatorCheck | null {
  const { metric, title } = shownLoss(loss, 0);
  const pairs = windows.flatMap((window, i) => {
    const estimate = estimated[i]![metric];
    const realised = window.realised[metric];
    // A window whose labels are still coming is not settled yet.
    if (estimate === undefined || realised === undefined || window.labelled < 0.9 * window.predictions)
      return [];
    return [
      {
        estimate: estimate.value,
        // The half-width of a 95 % interval is 1.96 standard errors.
        standardError: (estimate.high - estimate.low) / (2 * 1.959963984540054),
        realised: realised.value,
      },
    ];
  });
  if (pairs.length === 0) return null;
  const { windows: checked, inside, bias, verdict } = checkEstimates(pairs);
  const words = {
    believable: 'nothing speaks against them',
    biased: `they lie ${isScaled(loss) ? figure(Math.abs(bias)) : Math.abs(bias).toFixed(3)} too ${bias < 0 ? 'low' : 'high'} on average: the world has changed behind the answers`,
    overconfident: 'their intervals miss more often than they may',
    unclear: 'too few to say more',
  };
  return {
    metric,
    windows: checked,
    inside,
    bias,
    sentence: `${title} estimated without labels held the realised one in ${count(inside)} of ${count(checked)} windows (${percent(inside / checked)}); ${words[verdict]}`,
  };
}
