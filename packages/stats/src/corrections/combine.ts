import type { Sample } from '../common/samples.js';
import { chiSquareSf } from '../special/chi-square.js';
import { normalQuantile, normalSf } from '../special/normal.js';

/** Calls `each` with every present p-value; returns how many there are. */
function forEachPresent(pValues: Sample, each: (p: number) => void): number {
  let n = 0;
  for (let i = 0; i < pValues.length; i++) {
    const p = pValues[i]!;
    if (Number.isNaN(p)) continue;
    if (p < 0 || p > 1) throw new RangeError(`p-values must lie in [0, 1], got ${p} at ${i}`);
    each(p);
    n++;
  }
  return n;
}

/**
 * One p-value for "all null hypotheses hold", from independent p-values: −2Σln p on χ² with 2n degrees of freedom
 * (Fisher 1932). Strong when one of them is tiny. A p of 0 gives 0. NaN is dropped; none left: NaN.
 */
export function fisherCombined(pValues: Sample): number {
  let sum = 0;
  const n = forEachPresent(pValues, p => {
    sum -= Math.log(p);
  });
  return n === 0 ? NaN : chiSquareSf(2 * sum, 2 * n);
}

/**
 * The same by the sum of normal deviates Φ⁻¹(1 − p)/√n (Stouffer et al. 1949), one-sided, unweighted. Strong when
 * many point the same way. Both a 0 and a 1 among them: NaN. NaN is dropped; none left: NaN.
 */
export function stoufferCombined(pValues: Sample): number {
  let sum = 0;
  const n = forEachPresent(pValues, p => {
    sum -= normalQuantile(p);
  });
  return n === 0 ? NaN : normalSf(sum / Math.sqrt(n));
}
