import { moments } from '../common/moments.js';
import { present, requireOpenUnit, type Sample } from '../common/samples.js';
import { studentTQuantile } from '../special/student-t.js';

export interface MeanInterval {
  readonly n: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
}

/** Student's t interval of the mean. NaN values are dropped; below two values the bounds are NaN. */
export function meanInterval(values: Sample, confidence = 0.95): MeanInterval {
  requireOpenUnit('confidence', confidence);
  const { n, mean, variance } = moments(present(values));
  const standardError = Math.sqrt(variance / n);
  const half = n < 2 ? NaN : studentTQuantile((1 + confidence) / 2, n - 1) * standardError;
  return { n, mean, low: mean - half, high: mean + half, standardError };
}
