import { moments } from '../common/moments.js';
import { present, type Sample } from '../common/samples.js';

/**
 * (mean(b) − mean(a)) / √((s²_a + s²_b)/2): how many typical standard deviations the mean has moved from a to b
 * (Cohen 1988; the standardised difference of Austin 2009). NaN is dropped; below two values on a side: NaN.
 * Two constants: 0 when equal, ±Infinity when not.
 */
export function standardizedMeanShift(a: Sample, b: Sample): number {
  const x = moments(present(a));
  const y = moments(present(b));
  const shift = y.mean - x.mean;
  const spread = Math.sqrt((x.variance + y.variance) / 2);
  if (spread === 0) return shift === 0 ? 0 : shift * Infinity;
  return shift / spread;
}
