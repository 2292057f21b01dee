import { lossFunction } from '../metrics/losses.js';
import { pinballLossesOf, type rowErrors, rowErrorsOf } from '../metrics/regression-errors.js';
import type { CompleteRows, MetricData } from './metric-data.js';

const ERRORS: Readonly<Record<string, keyof typeof rowErrors>> = {
  rmse: 'squared',
  mse: 'squared',
  mae: 'absolute',
  bias: 'signed',
  mape: 'relative',
  msle: 'squaredLog',
};

/** What each row costs by a metric that is a mean over rows (of RMSE: its square); undefined for other metrics. */
export function rowLossesOf(name: string, data: MetricData, rows: CompleteRows): Float64Array | undefined {
  const { labels, predictions, scores, width } = rows;
  if (data.task === 'regression') {
    if (name === 'pinball_50') return pinballLossesOf(labels, predictions, 0.5);
    if (name === 'pinball_90') return pinballLossesOf(labels, predictions, 0.9);
    return Object.hasOwn(ERRORS, name) ? rowErrorsOf(ERRORS[name]!, labels, predictions) : undefined;
  }
  if (data.task === 'multiclass') {
    if (name !== 'log_loss') return undefined;
    // A class that the model does not know has probability 0.
    const given = (label: number, i: number): number => (label < width ? scores[i * width + label]! : 0);
    return labels.map((label, i) => -Math.log(Math.min(1, Math.max(2 ** -52, given(label, i)))));
  }
  if (name !== 'log_loss' && name !== 'brier') return undefined;
  const of = lossFunction(name);
  return labels.map((label, i) => of(label, scores[i]!));
}
