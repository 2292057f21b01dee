import { type AnySample, requireOpenUnit } from '../common/samples.js';
import { kolmogorovQuantile } from '../special/kolmogorov/kolmogorov.js';
import { kolmogorovSmirnov } from '../two-sample/kolmogorov-smirnov.js';
import { ksPValue } from '../two-sample/ks-p-value.js';
import { type DriftOptions, type DriftResult, requireTolerance } from './drift-result.js';

/** Mean of the limiting Kolmogorov distribution, √(π/2)·ln 2. */
const KOLMOGOROV_MEAN = 0.8687311606361591;

/**
 * Tests H0: sup|F − G| ≤ tolerance between the distributions of `reference` and `current`, with the two-sample
 * Kolmogorov–Smirnov statistic D. p = P(D₀ ≥ D − tolerance), D₀ being the statistic when nothing changed;
 * tolerance 0 is the classical test.
 *
 * Why it holds: D ≤ tolerance + sup|Z| with Z the difference of the two centred empirical processes. As n, m grow,
 * the pooled Brownian bridge B(H) equals Z plus an independent multiple of F − G, so by Anderson's inequality
 * sup|Z| is stochastically at most sup|B|: what chance adds is never more than in the classical test, however F
 * and G differ. Ties only make it smaller. Conservative when the difference has a single peak.
 *
 * NaN is dropped; an empty side gives NaN (and the interval [0, 1]).
 */
export function numericDrift(
  reference: AnySample,
  current: AnySample,
  { tolerance, confidence = 0.95 }: DriftOptions,
): DriftResult {
  requireTolerance(tolerance);
  requireOpenUnit('confidence', confidence);
  const { statistic, n, m } = kolmogorovSmirnov(reference, current);
  if (n === 0 || m === 0) {
    return { statistic, effect: NaN, chanceEffect: NaN, effectInterval: [0, 1], pValue: NaN, n, m };
  }
  const scale = Math.sqrt((n / (n + m)) * m);
  const radius = kolmogorovQuantile(1 - confidence) / scale;
  return {
    statistic,
    effect: statistic,
    chanceEffect: Math.min(1, KOLMOGOROV_MEAN / scale),
    effectInterval: [Math.max(0, statistic - radius), Math.min(1, statistic + radius)],
    pValue: ksPValue(statistic - tolerance, n, m),
    n,
    m,
  };
}
