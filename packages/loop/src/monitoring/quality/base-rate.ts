import type { Task } from '@twinloop/kernel';
import { mean, meanInterval, wilson } from '@twinloop/stats';
import { count, figure, percent } from '../format.js';
import type { Figure } from './quality-windows.js';

export interface BaseRate {
  readonly training: number;
  readonly observed: Figure;
  readonly predicted: number;
  readonly sentence: string;
}

/**
 * Does it still happen as often as in training? The mean label of the window, with its interval, against training's; and what
 * the model thinks. A base rate that moved with the predictions is a changed world, one that moved without them an ill
 * calibrated model. Null without labels, without training's rate, and for several classes.
 */
export function baseRate(
  task: Task,
  label: Float64Array,
  score: Float64Array,
  training: number,
): BaseRate | null {
  const known = label.filter(value => !Number.isNaN(value));
  if (task === 'multiclass' || known.length < 2 || Number.isNaN(training)) return null;
  const predicted = mean(score.filter((_, row) => !Number.isNaN(label[row]!)));
  const happened = known.reduce((sum, value) => sum + value, 0);
  const interval = meanInterval(known, 0.95);
  const [low, high] =
    task === 'binary' ? wilson(happened, known.length) : ([interval.low, interval.high] as const);
  const observed = { value: happened / known.length, low, high, n: known.length };
  const told = task === 'binary' ? percent : figure;
  const moved =
    training < low || training > high
      ? `was ${told(training)} in training: it has moved`
      : `${told(training)} in training lies within chance`;
  const believed =
    predicted < low || predicted > high
      ? `the answers say ${told(predicted)}, and miss it`
      : `the answers say ${told(predicted)}`;
  return {
    training,
    observed,
    predicted,
    sentence: `${told(observed.value)} [${told(low)}, ${told(high)}] over ${count(known.length)} labels, ${moved}; ${believed}`,
  };
}
