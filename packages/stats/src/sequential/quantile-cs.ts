import { requireOpenUnit, type Sample } from '../common/samples.js';
import { binomialEProcess } from './binomial-e-process.js';
import { mixtureVariance } from './normal-mixture.js';

export interface QuantileSequenceOptions {
  /** 1 − coverage at all times together. Default 0.05. */
  readonly alpha?: number;
  /** Number of values at which the interval should be narrowest. Default 1,000. */
  readonly tightestAt?: number;
}

export interface QuantileSequence {
  /**
   * Ranks (1-based order statistics) of n values that bound the quantile; 0 and n + 1 stand for −Infinity and
   * Infinity. From a sketch: ask it for the values at these ranks.
   */
  ranks(n: number): [low: number, high: number];
  /** Interval from the values seen so far, sorted ascending without NaN. */
  interval(sorted: Sample): [low: number, high: number];
}

/**
 * Confidence sequence of a quantile, such as the 99th percentile of latency, valid at all looks together for
 * independent values of any distribution, ties included. The number of values below the quantile is tested against
 * its level by two one-sided beta-binomial mixtures at alpha/2. Both ends are finite from about 110 values on for the
 * 90th percentile, 540 for the 99th and 3,900 for the 99.9th, at the defaults. A difference of two arms' quantiles: both
 * intervals at alpha/2, subtracted. Source: Howard & Ramdas 2022, "Sequential estimation of quantiles with applications
 * to A/B testing and best-arm identification" (one quantile, beta-binomial mixture).
 */
export function quantileCS(level: number, options: QuantileSequenceOptions = {}): QuantileSequence {
  requireOpenUnit('level', level);
  const { alpha = 0.05, tightestAt = 1000 } = options;
  requireOpenUnit('alpha', alpha);
  if (!(tightestAt > 0)) throw new RangeError(`tightestAt must be positive, got ${tightestAt}`);
  // A prior of this weight spreads as the normal mixture that is tightest there.
  const weight = 1 / mixtureVariance(alpha, tightestAt);
  const prior = [level * weight, (1 - level) * weight] as const;
  const many = binomialEProcess(level, { alternative: 'greater', prior });
  const few = binomialEProcess(level, { alternative: 'less', prior });
  const kept = (process: typeof many, count: number, n: number): boolean =>
    process.eValue({ successes: count, failures: n - count }) < 2 / alpha;
  const ranks = (n: number): [number, number] => {
    if (!(Number.isInteger(n) && n >= 0)) throw new RangeError(`n must be a whole number ≥ 0, got ${n}`);
    const centre = Math.round(n * level);
    // Fewest values at or below the quantile, and most values strictly below it, that are not rejected.
    const low = frontier(centre, 0, count => kept(few, count, n));
    const high = frontier(centre, n, count => kept(many, count, n));
    return [low, high + 1];
  };
  return {
    ranks,
    interval(sorted) {
      const n = sorted.length;
      const [low, high] = ranks(n);
      return [low === 0 ? -Infinity : sorted[low - 1]!, high > n ? Infinity : sorted[high - 1]!];
    },
  };
}

/** The count nearest to `end` that is kept; evidence grows away from `centre`, where there is none. */
function frontier(centre: number, end: number, kept: (count: number) => boolean): number {
  let inside = centre;
  let outside = end;
  if (kept(end)) return end;
  while (Math.abs(outside - inside) > 1) {
    const middle = Math.round((inside + outside) / 2);
    if (middle === inside || middle === outside) break;
    if (kept(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}
