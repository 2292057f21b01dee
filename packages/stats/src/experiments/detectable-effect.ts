import { requireOpenUnit } from '../common/samples.js';
import { pairedMeanPower, type PowerOptions, twoMeanPower, twoProportionPower } from './power.js';

export interface DetectableOptions extends PowerOptions {
  /** Probability of finding the effect. Default 0.8. */
  readonly power?: number;
}

const STEPS = 100;

/** Where a power that rises from 0 to `end` reaches the target; NaN when it does not. */
function effectOf(
  power: (effect: number) => number,
  end: number,
  { power: target = 0.8 }: DetectableOptions,
): number {
  requireOpenUnit('power', target);
  if (!(power(end) >= target)) return NaN;
  let low = 0;
  let high = end;
  for (let step = 0; step < STEPS && high - low > 1e-12 * high; step++) {
    const middle = (low + high) / 2;
    if (power(middle) >= target) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * Minimum detectable effect of two proportions: the smallest rise (`up`, default) or fall of the rate p1 that is found
 * with the wanted power, a positive number. NaN when even a rate of 1 (or 0) would not be found.
 */
export function detectableProportionDifference(
  p1: number,
  n1: number,
  n2: number,
  options: DetectableOptions & { readonly direction?: 'up' | 'down' } = {},
): number {
  const sign = options.direction === 'down' ? -1 : 1;
  const room = sign > 0 ? 1 - p1 : p1;
  return effectOf(
    effect => twoProportionPower(p1, Math.min(1, Math.max(0, p1 + sign * effect)), n1, n2, options),
    room,
    options,
  );
}

/** Minimum detectable difference of two means with a common standard deviation; NaN below three units in all. */
export function detectableMeanDifference(
  deviation: number,
  n1: number,
  n2: number,
  options: DetectableOptions = {},
): number {
  const end = largest(deviation, Math.min(n1, n2), options);
  return effectOf(difference => twoMeanPower(difference, deviation, n1, n2, options), end, options);
}

/** Minimum detectable mean difference of pairs; `deviation` is that of one difference. NaN below two pairs. */
export function detectablePairedDifference(
  deviation: number,
  pairs: number,
  options: DetectableOptions = {},
): number {
  const end = largest(deviation, pairs, options);
  return effectOf(difference => pairedMeanPower(difference, deviation, pairs, options), end, options);
}

/** An effect that any test finds: one degree of freedom has critical values near 1/alpha. */
function largest(deviation: number, n: number, { alpha = 0.05, power = 0.8 }: DetectableOptions): number {
  return (deviation * 1000) / (alpha * (1 - power) * Math.sqrt(Math.max(1, n)));
}
