import { requireOpenUnit } from '../../common/samples.js';
import { normalQuantile } from '../../special/normal.js';
import { mixtureRadius, mixtureVariance } from '../normal-mixture.js';
import type { GroupSequentialBounds } from './bounds.js';
import { crossingProbabilities } from './crossing.js';

/**
 * Factor on the size of a test with one look that gives the same power to a group-sequential one (maximum information;
 * the expected one is smaller): Jennison & Turnbull 2000, tables 2.1 to 2.4. For `inflation` of a sample size.
 */
export function groupSequentialInflation(bounds: GroupSequentialBounds, power = 0.8): number {
  requireOpenUnit('power', power);
  const { alpha, sides, information } = bounds;
  const fixed = normalQuantile(1 - alpha / sides) + normalQuantile(power);
  const last = information[information.length - 1]!;
  const reached = (factor: number): number =>
    crossingProbabilities(bounds, fixed * Math.sqrt(factor / last)).totalUpper;
  let low = 0.5;
  let high = 2;
  while (reached(high) < power) high *= 2;
  for (let step = 0; step < 50 && high - low > 1e-10; step++) {
    const middle = (low + high) / 2;
    if (reached(middle) < power) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * The same for a two-sided normal-mixture confidence sequence (`normalMixtureCS`, `abSequential`, mSPRT) that is looked
 * at all the time, tightest at `tightest` × the horizon: the horizon at which the last look alone has the power, hence
 * a little more than is needed. About 1.9 at the usual settings.
 */
export function alwaysValidInflation(alpha = 0.05, power = 0.8, tightest = 1): number {
  requireOpenUnit('alpha', alpha);
  requireOpenUnit('power', power);
  if (!(tightest > 0 && tightest < Infinity))
    throw new RangeError(`tightest must be positive and finite, got ${tightest}`);
  // One unit of information at the horizon: the radius is a critical value on the z scale.
  const critical = mixtureRadius(1, 1, alpha, mixtureVariance(alpha, tightest));
  const extra = normalQuantile(power);
  return ((critical + extra) / (normalQuantile(1 - alpha / 2) + extra)) ** 2;
}
