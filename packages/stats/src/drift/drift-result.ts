import { requireNonNegative } from '../common/samples.js';

export interface DriftOptions {
  /** Largest effect that does not count as a change, in standard deviations; 0 tests for any difference at all. */
  readonly tolerance: number;
  /** Of `effectInterval`; default 0.95. */
  readonly confidence?: number;
}

/** What of a distribution moved: where it lies, how wide it is, how it is shaped, or the shares of its levels. */
export type DriftAspect = 'location' | 'spread' | 'shape' | 'levels';

/** The figure that shows a change best, then and now. */
export interface DriftSummary {
  /** `share`: of the values up to `of` (numbers), or of the level `of`. */
  readonly measure: 'median' | 'interquartile range' | 'share';
  readonly of: number | string | null;
  readonly from: number;
  readonly to: number;
}

/** Outcome of a test of H0 "the true effect is at most the tolerance". */
export interface DriftResult {
  /** Of the aspect: a standard normal deviate, √(nm/(n+m)) times the KS distance, or Pearson's χ². */
  readonly statistic: number;
  readonly aspect: DriftAspect;
  /**
   * Size of the change in standard deviations: a normal distribution shifted by 0.2 σ, or a level's indicator by 0.2 of
   * its own, has effect 0.2 (Cohen's d, and w for levels). Without the part that chance adds on average for levels.
   */
  readonly effect: number;
  /** Effect that samples of this size would show on average if nothing had changed. */
  readonly chanceEffect: number;
  /** Confidence interval of the true effect. */
  readonly effectInterval: readonly [low: number, high: number];
  /** Largest difference of two probabilities, in [0, 1]: Kolmogorov–Smirnov for numbers, total variation for levels. */
  readonly distance: number;
  readonly pValue: number;
  readonly summary: DriftSummary;
  readonly n: number;
  readonly m: number;
}

export function requireTolerance(tolerance: number): void {
  requireNonNegative('tolerance', tolerance);
}

/** nm/(n+m): the number of pairs of rows that two samples are worth. */
export function effectiveSize(n: number, m: number): number {
  return (n / (n + m)) * m;
}
