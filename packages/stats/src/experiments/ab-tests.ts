import { requireOpenUnit } from '../common/samples.js';
import { mixtureEValue, mixtureRadius, mixtureVariance } from '../sequential/normal-mixture.js';
import { normalCdf, normalQuantile, normalSf } from '../special/normal.js';
import { studentTQuantile, studentTTwoSided } from '../special/student-t.js';
import type { Effect } from './effect.js';

export interface AbTestResult {
  readonly effect: number;
  readonly standardError: number;
  readonly interval: readonly [low: number, high: number];
  /** Two-sided. */
  readonly pValue: number;
}

/** Welch's t test and interval of an effect, for one look at a size fixed in advance. NaN where the effect is. */
export function abTest({ effect, variance, df }: Effect, alpha = 0.05): AbTestResult {
  requireOpenUnit('alpha', alpha);
  const standardError = Math.sqrt(variance);
  const half = studentTQuantile(1 - alpha / 2, df) * standardError;
  return {
    effect,
    standardError,
    interval: [effect - half, effect + half],
    pValue: studentTTwoSided(effect / standardError, df),
  };
}

/**
 * Asymptotic confidence sequence of an effect, as often as one looks; narrowest near `tightestAt` units of both arms.
 * The p-value is always valid: 1/e-value, at most 1. Source: Waudby-Smith et al. 2023 (2103.06476v7, eq. 9, 155, 161);
 * gbstats `SequentialTwoSidedTTest`.
 */
export function abSequential(
  { effect, variance, n }: Effect,
  tightestAt: number,
  alpha = 0.05,
): AbTestResult {
  requireOpenUnit('alpha', alpha);
  if (!(tightestAt > 0)) throw new RangeError(`tightestAt must be positive, got ${tightestAt}`);
  const rho2 = mixtureVariance(alpha, tightestAt);
  const unitVariance = variance * n;
  const half = mixtureRadius(n, Math.sqrt(unitVariance), alpha, rho2);
  const pValue = Number.isNaN(effect)
    ? NaN
    : Math.min(1, 1 / mixtureEValue(n, n * effect, unitVariance, rho2));
  return {
    effect,
    standardError: Math.sqrt(variance),
    interval: [effect - half, effect + half],
    pValue,
  };
}

export interface NormalPrior {
  /** In the effect's own scale. */
  readonly mean: number;
  readonly deviation: number;
}

export interface BayesianAbResult {
  /** Posterior mean and standard deviation; the posterior is normal. */
  readonly effect: number;
  readonly deviation: number;
  /** Central credible interval. */
  readonly interval: readonly [low: number, high: number];
  /** P(effect > 0). */
  readonly chanceToWin: number;
  /** Expected loss by keeping the control, E max(effect, 0), and by taking the treatment, E max(−effect, 0). */
  readonly risk: readonly [control: number, treatment: number];
}

/** Posterior of an effect under a normal prior; without one, flat. Source: gbstats `EffectBayesianABTest`. */
export function abBayesian(
  { effect, variance }: Effect,
  prior?: NormalPrior,
  alpha = 0.05,
): BayesianAbResult {
  requireOpenUnit('alpha', alpha);
  if (prior !== undefined && !(prior.deviation > 0))
    throw new RangeError(`the prior's deviation must be positive, got ${prior.deviation}`);
  const priorPrecision = prior === undefined ? 0 : prior.deviation ** -2;
  const precision = 1 / variance + priorPrecision;
  const mean = prior === undefined ? effect : (effect / variance + prior.mean * priorPrecision) / precision;
  const deviation = Math.sqrt(1 / precision);
  const half = normalQuantile(1 - alpha / 2) * deviation;
  return {
    effect: mean,
    deviation,
    interval: [mean - half, mean + half],
    chanceToWin: normalCdf(mean / deviation),
    risk: [expectedExcess(mean, deviation), expectedExcess(-mean, deviation)],
  };
}

/** E max(X, 0) for X ~ N(mean, deviation²); never below 0 by rounding. */
function expectedExcess(mean: number, deviation: number): number {
  const z = mean / deviation;
  const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  return Math.max(0, mean * normalSf(-z) + deviation * density);
}
