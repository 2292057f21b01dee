import { requireSuccesses } from '../intervals/wilson.js';
import { normalSf } from '../special/normal.js';

export interface TwoProportionResult {
  /** z; positive when the second rate is larger. */
  readonly statistic: number;
  /** Two-sided. */
  readonly pValue: number;
  /** x2/n2 − x1/n1. */
  readonly difference: number;
  /** Of the difference, each side with its own variance (what an interval needs; z is pooled). */
  readonly standardError: number;
  readonly n: number;
  readonly m: number;
}

/**
 * Pooled z test of two proportions, control (x1 of n1) and treatment (x2 of n2), without continuity correction; its
 * square is Pearson's χ² of the 2×2 table. NaN when a side is empty or all of both sides agree (pooled rate 0 or 1).
 */
export function twoProportionZ(x1: number, n1: number, x2: number, n2: number): TwoProportionResult {
  requireSuccesses(x1, n1);
  requireSuccesses(x2, n2);
  const p1 = x1 / n1;
  const p2 = x2 / n2;
  const pooled = (x1 + x2) / (n1 + n2);
  const statistic = (p2 - p1) / Math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2));
  return {
    statistic,
    pValue: Math.min(1, 2 * normalSf(Math.abs(statistic))),
    difference: p2 - p1,
    standardError: Math.sqrt((p1 * (1 - p1)) / n1 + (p2 * (1 - p2)) / n2),
    n: n1,
    m: n2,
  };
}
