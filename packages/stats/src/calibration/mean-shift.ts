import { requireSameLength, type Sample } from '../common/samples.js';

export interface MeanShift {
  /** Add it to every score. */
  readonly shift: number;
  readonly standardError: number;
}

/**
 * The constant that, added to the scores, fits the labels best in squared error, shrunk towards 0 by a normal prior
 * that weighs as much as `ridge` labels: Σ(label − score) / (n + ridge), the posterior mean of the linear Gaussian
 * model (Hoerl & Kennard 1970 in one dimension). Its standard error is that of the residuals about their own mean.
 * NaN below two rows or when any value is NaN.
 */
export function meanShift(labels: Sample, scores: Sample, ridge = 0): MeanShift {
  requireSameLength('labels', labels, 'scores', scores);
  if (!(ridge >= 0)) throw new RangeError(`ridge must be at least 0, got ${ridge}`);
  const n = labels.length;
  if (n < 2) return { shift: Number.NaN, standardError: Number.NaN };
  let sum = 0;
  for (let i = 0; i < n; i++) sum += labels[i]! - scores[i]!;
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (labels[i]! - scores[i]! - mean) ** 2;
  return {
    shift: sum / (n + ridge),
    standardError: Math.sqrt(squares / (n - 1)) * (Math.sqrt(n) / (n + ridge)),
  };
}
