import { requireOpenUnit, type Sample, sortedPresent } from '../common/samples.js';
import { betaCdf } from '../special/beta.js';
import { normalQuantile } from '../special/normal.js';

/**
 * Interval of the median by order statistics: covers at least `confidence` for every distribution (Thompson 1936). Open
 * ends (±Infinity) when the sample is too small to bound it (below 6 values at 95 %). NaN values are dropped.
 */
export function medianInterval(values: Sample, confidence = 0.95): [low: number, high: number] {
  requireOpenUnit('confidence', confidence);
  const sorted = sortedPresent(values);
  const n = sorted.length;
  const tail = (1 - confidence) / 2;
  // P(fewer than k of n values below the median) is the probability that the k-th is above it.
  const missed = (k: number): number => (k > 0 ? 1 - betaCdf(0.5, k, n - k + 1) : 0);
  let k = Math.ceil(n / 2 + (normalQuantile(tail) * Math.sqrt(n)) / 2) + 1;
  k = Math.max(0, Math.min(k, n));
  while (k > 0 && missed(k) > tail) k--;
  return k === 0 ? [-Infinity, Infinity] : [sorted[k - 1]!, sorted[n - k]!];
}
