import { requireNonNegative, requireOpenUnit } from '../common/samples.js';

/**
 * Half-width of Hoeffding's two-sided interval of the mean of n independent values in a range of `width`:
 * width·√(ln(2/alpha)/(2n)); Infinity when n = 0. Source: Hoeffding 1963.
 */
export function hoeffdingRadius(n: number, alpha = 0.05, width = 1): number {
  requireNonNegative('n', n);
  requireNonNegative('width', width);
  requireOpenUnit('alpha', alpha);
  return width * Math.sqrt(Math.log(2 / alpha) / (2 * n));
}
