import { mean, type Moments } from '../common/moments.js';
import { requireSameLength, type Sample } from '../common/samples.js';

/**
 * As `ratioArm`, from the values of each unit (user), without cancellation: the variance is that of the linearised
 * units (numerator − ratio·denominator)/mean(denominator). A unit with a NaN on either side is dropped.
 */
export function ratioMetric(numerators: Sample, denominators: Sample): Moments {
  requireSameLength('numerators', numerators, 'denominators', denominators);
  const tops = new Float64Array(numerators.length);
  const bottoms = new Float64Array(numerators.length);
  let n = 0;
  for (let i = 0; i < numerators.length; i++) {
    const above = numerators[i]!;
    const below = denominators[i]!;
    if (Number.isNaN(above) || Number.isNaN(below)) continue;
    tops[n] = above;
    bottoms[n++] = below;
  }
  const top = tops.subarray(0, n);
  const bottom = bottoms.subarray(0, n);
  const base = mean(bottom);
  const ratio = mean(top) / base;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const residual = (top[i]! - ratio * bottom[i]!) / base;
    squares += residual * residual;
  }
  return { n, mean: ratio, variance: n < 2 || base === 0 ? NaN : squares / (n - 1) };
}
