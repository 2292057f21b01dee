import { mean, studentTQuantile } from '@twinloop/stats';
import type { Figure } from '../decide.js';

/**
 * Least-squares slope of the labels on the predictions of a regression: 1 is right, below 1 the predictions are spread too
 * wide. Its error is White's (1980, HC1), since errors grow with the size of what is predicted. NaN for constant predictions or fewer
 * than three rows.
 */
export function lineOfLabels(labels: Float64Array, predictions: Float64Array, confidence: number): Figure {
  const n = labels.length;
  const [x0, y0] = [mean(predictions), mean(labels)];
  let xx = 0;
  let xy = 0;
  for (let i = 0; i < n; i++) {
    xx += (predictions[i]! - x0) ** 2;
    xy += (predictions[i]! - x0) * (labels[i]! - y0);
  }
  if (n < 3 || !(xx > 0)) return { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const slope = xy / xx;
  let meat = 0;
  for (let i = 0; i < n; i++) {
    const x = predictions[i]! - x0;
    meat += (x * (labels[i]! - y0 - slope * x)) ** 2;
  }
  const error = Math.sqrt((meat * n) / (n - 2)) / xx;
  const half = studentTQuantile((1 + confidence) / 2, n - 2) * error;
  return { value: slope, low: slope - half, high: slope + half };
}
