import { formatFigure } from '@twinloop/kernel';
import type { LabelValues } from './single-feature.js';

/** The figure to beat: what always saying the same scores on the newest rows. */
export interface Measure {
  readonly metric: 'rmse' | 'log_loss';
  readonly value: number;
  readonly sentence: string;
}

/**
 * Scores the mean (or the class shares) of the older rows on the newest ones, as a hold-out would.
 * @param times what orders the rows; those without come first
 * @param share of rows held out
 * @returns undefined when there is nothing to learn from or to judge on
 */
export function measureOf(label: LabelValues, times: Float64Array, share: number): Measure | undefined {
  const { values, task, classes } = label;
  const rows = Array.from(values.keys())
    .filter(row => !Number.isNaN(values[row]!))
    .sort(
      (a, b) => (times[a]! || Number.NEGATIVE_INFINITY) - (times[b]! || Number.NEGATIVE_INFINITY) || a - b,
    );
  const start = Math.floor(rows.length * (1 - share));
  const [old, fresh] = [rows.slice(0, start), rows.slice(start)];
  if (old.length === 0 || fresh.length === 0) return undefined;
  if (task === 'regression') {
    const mean = old.reduce((sum, row) => sum + values[row]!, 0) / old.length;
    const value = Math.sqrt(fresh.reduce((sum, row) => sum + (values[row]! - mean) ** 2, 0) / fresh.length);
    return {
      metric: 'rmse',
      value,
      sentence: `Always saying the mean of the older rows (${formatFigure(mean)}) is off by ${formatFigure(value)} (RMSE) on the newest ${Math.round(100 * share)} %`,
    };
  }
  const counts = new Float64Array(task === 'binary' ? 2 : classes).fill(0.5);
  for (const row of old) counts[values[row]!]! += 1;
  const all = counts.reduce((sum, count) => sum + count, 0);
  const value = fresh.reduce((sum, row) => sum - Math.log(counts[values[row]!]! / all), 0) / fresh.length;
  const rate = task === 'binary' ? ` (${formatFigure(counts[1]! / all)} yes)` : '';
  return {
    metric: 'log_loss',
    value,
    sentence: `Always saying the shares of the older rows${rate} has a log loss of ${formatFigure(value)} on the newest ${Math.round(100 * share)} %`,
  };
}
