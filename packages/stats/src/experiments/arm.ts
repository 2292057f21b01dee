import { requireNonNegative } from '../common/samples.js';
import type { Moments } from '../common/moments.js';
import { requireSuccesses } from '../intervals/wilson.js';

/** Sums over the units of one arm that a mean needs; arms of several days add up field by field. */
export interface MeanSums {
  readonly n: number;
  readonly sum: number;
  readonly sumSquares: number;
}

/** Sums over the units of one arm that a ratio of two totals needs. */
export interface RatioSums {
  readonly n: number;
  readonly numerator: number;
  readonly numeratorSquares: number;
  readonly denominator: number;
  readonly denominatorSquares: number;
  readonly products: number;
}

/** An arm whose units succeed or not: mean p, variance p(1 − p). Mean NaN without units. */
export function proportionArm(successes: number, n: number): Moments {
  requireSuccesses(successes, n);
  const mean = successes / n;
  return { n, mean, variance: mean * (1 - mean) };
}

/**
 * An arm from its sums: mean, and variance with ddof 1 (NaN below two units). Sums of squares cancel where the mean is
 * large against the spread: shift the values first, or use `moments` of the values.
 */
export function meanArm({ n, sum, sumSquares }: MeanSums): Moments {
  requireNonNegative('n', n);
  return { n, mean: sum / n, variance: n < 2 ? NaN : (sumSquares - (sum * sum) / n) / (n - 1) };
}

/**
 * An arm whose metric is a ratio of totals, such as clicks per page view with users as units: the delta-method variance
 * of one unit, so that variance/n is the variance of the ratio. NaN below two units or when the denominator is zero.
 * Source: Deng, Knoblich & Lu 2018, "Applying the delta method in metric analytics", §2.
 */
export function ratioArm(sums: RatioSums): Moments {
  const { n, numerator, denominator } = sums;
  const top = meanArm({ n, sum: numerator, sumSquares: sums.numeratorSquares });
  const bottom = meanArm({ n, sum: denominator, sumSquares: sums.denominatorSquares });
  if (n < 2 || denominator === 0) return { n, mean: numerator / denominator, variance: NaN };
  const covariance = (sums.products - (numerator * denominator) / n) / (n - 1);
  const variance =
    top.variance / bottom.mean ** 2 -
    (2 * covariance * top.mean) / bottom.mean ** 3 +
    (bottom.variance * top.mean ** 2) / bottom.mean ** 4;
  return { n, mean: numerator / denominator, variance };
}
