import { binomialPmf } from './binomial.js';
import { normalSf } from './normal.js';

const LARGEST_SUM = 200;

/**
 * E(|X − np| − c·√(np(1−p)))₊ for X ~ Binomial(n, p): the part of the mean absolute deviation beyond c standard
 * deviations (c = 0: the mean absolute deviation). Summed exactly up to n = 200, normal beyond.
 */
export function softDeviation(n: number, p: number, c: number): number {
  const deviation = Math.sqrt(n * p * (1 - p));
  if (!(deviation > 0)) return 0;
  if (n > LARGEST_SUM && deviation > 3) {
    return 2 * deviation * (Math.exp((-c * c) / 2) / Math.sqrt(2 * Math.PI) - c * normalSf(c));
  }
  // Beyond 40 deviations nothing is left to add, however large n is.
  const low = Math.max(0, Math.floor(n * p - 40 * (deviation + 1)));
  const high = Math.min(n, Math.ceil(n * p + 40 * (deviation + 1)));
  let sum = 0;
  for (let k = low; k <= high; k++) {
    const excess = Math.abs(k - n * p) - c * deviation;
    if (excess > 0) sum += excess * binomialPmf(k, n, p);
  }
  return sum;
}
