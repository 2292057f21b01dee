import { requireOpenUnit } from '../common/samples.js';
import { noncentralTSf } from './noncentral-t.js';
import { normalQuantile, normalSf } from '../special/normal.js';
import { studentTQuantile } from '../special/student-t.js';

export interface PowerOptions {
  /** Level of the test. Default 0.05. */
  readonly alpha?: number;
  /** 2 (default), or 1 for a test in the direction of the effect. */
  readonly sides?: 1 | 2;
}

/** Level of each tail. */
function tailLevel({ alpha = 0.05, sides = 2 }: PowerOptions): number {
  requireOpenUnit('alpha', alpha);
  return alpha / sides;
}

function requireRate(name: string, rate: number): void {
  if (!(rate >= 0 && rate <= 1)) throw new RangeError(`${name} must lie in [0, 1], got ${rate}`);
}

/**
 * Power of the pooled z test of two proportions p1 (n1 units) and p2 (n2 units): normal approximation, both tails when
 * two-sided. alpha where the rates agree; 0 without units. Source: Fleiss, Levin & Paik 2003, §4.3; R's
 * `power.prop.test(strict = TRUE)`.
 */
export function twoProportionPower(
  p1: number,
  p2: number,
  n1: number,
  n2: number,
  options: PowerOptions = {},
): number {
  requireRate('p1', p1);
  requireRate('p2', p2);
  const level = tailLevel(options);
  if (!(n1 > 0 && n2 > 0)) return 0;
  const z = normalQuantile(1 - level);
  const pooled = (n1 * p1 + n2 * p2) / (n1 + n2);
  const underNull = Math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2));
  const underEffect = Math.sqrt((p1 * (1 - p1)) / n1 + (p2 * (1 - p2)) / n2);
  const effect = Math.abs(p2 - p1);
  if (effect === 0) return level * (options.sides ?? 2);
  const near =
    underEffect === 0 ? Number(effect > z * underNull) : normalSf((z * underNull - effect) / underEffect);
  if (options.sides === 1 || underEffect === 0) return near;
  return near + normalSf((z * underNull + effect) / underEffect);
}

function tPower(noncentrality: number, df: number, options: PowerOptions): number {
  const level = tailLevel(options);
  if (!(df >= 1)) return 0;
  const t = studentTQuantile(1 - level, df);
  const near = noncentralTSf(t, df, noncentrality);
  return options.sides === 1 ? near : near + noncentralTSf(t, df, -noncentrality);
}

function standardized(difference: number, deviation: number): number {
  if (!(deviation > 0)) throw new RangeError(`deviation must be positive, got ${deviation}`);
  return Math.abs(difference) / deviation;
}

/**
 * Power of the two-sample t test of means that differ by `difference`, with a common standard deviation; 0 below three
 * units in all. Source: noncentral t; R's `power.t.test(strict = TRUE)`.
 */
export function twoMeanPower(
  difference: number,
  deviation: number,
  n1: number,
  n2: number,
  options: PowerOptions = {},
): number {
  const noncentrality = standardized(difference, deviation) / Math.sqrt(1 / n1 + 1 / n2);
  return n1 > 0 && n2 > 0 ? tPower(noncentrality, n1 + n2 - 2, options) : 0;
}

/** Power of the paired t test; `deviation` is that of one difference. 0 below two pairs. */
export function pairedMeanPower(
  difference: number,
  deviation: number,
  pairs: number,
  options: PowerOptions = {},
): number {
  return tPower(standardized(difference, deviation) * Math.sqrt(Math.max(0, pairs)), pairs - 1, options);
}
