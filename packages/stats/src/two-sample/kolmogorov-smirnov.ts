import { type AnySample, sortedPresent } from '../common/samples.js';
import { type KsMethod, ksPValue } from './ks-p-value.js';

export interface KolmogorovSmirnovResult {
  /** max |F_a − F_b|, in [0, 1]. */
  readonly statistic: number;
  readonly pValue: number;
  readonly n: number;
  readonly m: number;
  /** The smallest value at which the maximum is reached. */
  readonly location: number;
}

/**
 * Two-sample, two-sided Kolmogorov–Smirnov test. NaN is dropped on both sides (n and m count what is left);
 * an empty side gives NaN statistic, p-value and location. With ties the p-value is conservative.
 * A side that is compared many times may be given sorted (`sortSample`).
 * Source: Hodges 1958; p-values as scipy.stats.ks_2samp (method auto | exact | asymp).
 */
export function kolmogorovSmirnov(
  a: AnySample,
  b: AnySample,
  method: KsMethod = 'auto',
): KolmogorovSmirnovResult {
  const x = sortedPresent(a);
  const y = sortedPresent(b);
  const n = x.length;
  const m = y.length;
  if (n === 0 || m === 0) return { statistic: NaN, pValue: NaN, n, m, location: NaN };
  const { distance, location } = ksDistance(x, y);
  // distance/(nm) in integers: exact up to nm = 2^53.
  const statistic = distance / (n * m);
  return { statistic, pValue: ksPValue(statistic, n, m, method), n, m, location };
}

/** max |m·i − n·j| over two sorted samples, and the smallest value where it is reached. */
function ksDistance(x: Float64Array, y: Float64Array): { distance: number; location: number } {
  const n = x.length;
  const m = y.length;
  let i = 0;
  let j = 0;
  let distance = 0;
  let reachedI = 0;
  let reachedJ = 0;
  while (i < n && j < m) {
    const a = x[i]!;
    const b = y[j]!;
    if (a === b) {
      while (i < n && x[i]! === a) i++;
      while (j < m && y[j]! === a) j++;
    } else {
      // Which side moves is a coin toss: added, not branched on. Ties within a side only widen the gap on the way.
      const first = Number(a < b);
      i += first;
      j += 1 - first;
    }
    const gap = Math.abs(m * i - n * j);
    if (gap > distance) {
      distance = gap;
      reachedI = i;
      reachedJ = j;
    }
  }
  // Once one side is used up the gap can only shrink.
  if (distance === 0) return { distance, location: Math.min(x[0]!, y[0]!) };
  const lastX = reachedI === 0 ? -Infinity : x[reachedI - 1]!;
  const lastY = reachedJ === 0 ? -Infinity : y[reachedJ - 1]!;
  return { distance, location: Math.max(lastX, lastY) };
}
