import {
  balancedAccuracy,
  binaryRate,
  cohenKappa,
  f1Score,
  isRate,
  matthewsCorrelation,
  rateCounts,
  type RateName,
} from '../classification/binary-rates.js';
import type { BinaryConfusion } from '../classification/binary-confusion.js';
import { moverSum } from '../intervals/mover.js';
import { wilson } from '../intervals/wilson.js';
import { normalQuantile } from '../special/normal.js';
import { metricDefinition, type MetricInterval } from './definitions.js';

/** Binary metrics that a confusion table is enough for. */
export type ConfusionMetric = RateName | 'f1' | 'balanced_accuracy' | 'mcc' | 'kappa';

const OTHERS = {
  f1: f1Score,
  balanced_accuracy: balancedAccuracy,
  mcc: matthewsCorrelation,
  kappa: cohenKappa,
};

/** A binary metric of a confusion table; NaN where it is undefined. */
export function confusionMetric(name: ConfusionMetric, confusion: BinaryConfusion): number {
  return isRate(name) ? binaryRate(name, confusion) : OTHERS[name](confusion);
}

/**
 * A binary metric of a confusion table with its interval. Rates by Wilson's score. F1 by Wilson's score of the Jaccard index
 * J = tp/(tp + fp + fn), a proportion of which 2J/(1 + J) is F1. Balanced accuracy from the intervals of recall and
 * specificity. Matthews' correlation and kappa by the delta method on Fisher's z with ½ added to every cell, so that a
 * perfect table has width too.
 */
export function confusionInterval(
  name: ConfusionMetric,
  confusion: BinaryConfusion,
  confidence = 0.95,
): MetricInterval {
  metricDefinition('binary', name);
  const { tp, fp, tn, fn } = confusion;
  const rows = tp + fp + tn + fn;
  const value = confusionMetric(name, confusion);
  if (isRate(name)) {
    const [successes, n] = rateCounts(name, confusion);
    const interval = wilson(successes, n, confidence);
    return {
      name,
      value,
      interval,
      n,
      standardError: Math.sqrt((value * (1 - value)) / n),
      method: 'wilson',
    };
  }
  if (name === 'f1') {
    const n = tp + fp + fn;
    const [low, high] = wilson(tp, n, confidence);
    const j = tp / n;
    const standardError = (2 / (1 + j) ** 2) * Math.sqrt((j * (1 - j)) / n);
    return {
      name,
      value,
      interval: [(2 * low) / (1 + low), (2 * high) / (1 + high)],
      n,
      standardError,
      method: 'wilson',
    };
  }
  if (name === 'balanced_accuracy') {
    const halves = (['recall', 'specificity'] as const)
      .map(half => confusionInterval(half, confusion, confidence))
      .filter(half => half.n > 0);
    const weights = halves.map(() => 1 / halves.length);
    const interval = halves.length === 0 ? ([NaN, NaN] as const) : moverSum(halves, weights);
    const variance = halves.reduce((sum, half, i) => sum + (half.standardError * weights[i]!) ** 2, 0);
    return { name, value, interval, n: rows, standardError: Math.sqrt(variance), method: 'mover' };
  }
  return { name, value, n: rows, ...deltaInterval(name, confusion, value, confidence), method: 'delta' };
}

const CELLS = ['tp', 'fp', 'tn', 'fn'] as const;

function deltaInterval(
  name: 'mcc' | 'kappa',
  confusion: BinaryConfusion,
  value: number,
  confidence: number,
): Pick<MetricInterval, 'interval' | 'standardError'> {
  if (Number.isNaN(value)) return { interval: [NaN, NaN], standardError: NaN };
  const filled = { tp: 0, fp: 0, tn: 0, fn: 0 };
  let n = 0;
  for (const cell of CELLS) {
    filled[cell] = confusion[cell] + 0.5;
    n += filled[cell];
  }
  const centre = OTHERS[name](filled);
  // Of a figure of proportions, the variance is that of its gradient under the multinomial law, over n.
  let mean = 0;
  let square = 0;
  for (const cell of CELLS) {
    const step = filled[cell] * 1e-4;
    const up = OTHERS[name]({ ...filled, [cell]: filled[cell] + step });
    const down = OTHERS[name]({ ...filled, [cell]: filled[cell] - step });
    const gradient = ((up - down) / (2 * step)) * n;
    mean += (filled[cell] / n) * gradient;
    square += (filled[cell] / n) * gradient ** 2;
  }
  const standardError = Math.sqrt(Math.max(0, square - mean ** 2) / n);
  const half = (normalQuantile((1 + confidence) / 2) * standardError) / (1 - centre ** 2);
  const z = Math.atanh(centre);
  return {
    interval: [Math.min(value, Math.tanh(z - half)), Math.max(value, Math.tanh(z + half))],
    standardError,
  };
}
