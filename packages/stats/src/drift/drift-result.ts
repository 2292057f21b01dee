import { requireNonNegative } from '../common/samples.js';

export interface DriftOptions {
  /** Largest distance that does not matter; 0 tests for any difference at all. */
  readonly tolerance: number;
  /** Of `effectInterval`; default 0.95. */
  readonly confidence?: number;
}

/** Outcome of a test of H0 "the true distance between the two distributions is at most the tolerance". */
export interface DriftResult {
  readonly statistic: number;
  /** Observed distance between the samples, in [0, 1]; never below what chance alone produces. */
  readonly effect: number;
  /** Distance that samples of this size would show on average if nothing had changed. */
  readonly chanceEffect: number;
  /** Confidence interval of the true distance. */
  readonly effectInterval: readonly [low: number, high: number];
  readonly pValue: number;
  readonly n: number;
  readonly m: number;
}

export function requireTolerance(tolerance: number): void {
  requireNonNegative('tolerance', tolerance);
}
