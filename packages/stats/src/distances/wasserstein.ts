import { type AnySample, sortedPresent } from '../common/samples.js';

/**
 * Wasserstein-1 distance ∫|F_a − F_b| dx, in the unit of the values. NaN is dropped; an empty side gives NaN.
 * Source: scipy.stats.wasserstein_distance.
 */
export function wassersteinDistance(a: AnySample, b: AnySample): number {
  const x = sortedPresent(a);
  const y = sortedPresent(b);
  const n = x.length;
  const m = y.length;
  if (n === 0 || m === 0) return NaN;
  let i = 0;
  let j = 0;
  let area = 0;
  let previous = Math.min(x[0]!, y[0]!);
  while (i < n || j < m) {
    const value = j >= m || (i < n && x[i]! <= y[j]!) ? x[i]! : y[j]!;
    const gap = Math.abs(m * i - n * j) / (n * m);
    // Equal infinities would give ∞ − ∞.
    if (gap > 0 && value !== previous) area += gap * (value - previous);
    while (i < n && x[i]! === value) i++;
    while (j < m && y[j]! === value) j++;
    previous = value;
  }
  return area;
}
