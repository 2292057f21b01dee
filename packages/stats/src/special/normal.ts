import { cephes } from './cephes.js';

/**
 * Φ(x), the standard normal distribution function, accurate in the lower tail down to the smallest doubles.
 * Source: Cephes `ndtr`; below −25, where that underflows, Laplace's asymptotic series.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x < -25) return x === -Infinity ? 0 : farTail(-x);
  if (x > 25) return 1;
  return cephes.ndtr(x);
}

/** φ(x)/x·(1 − 1/x² + 3/x⁴ − 15/x⁶ + …), exact to rounding for x ≥ 25. */
function farTail(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k <= 7; k++) {
    term *= -(2 * k - 1) / (x * x);
    sum += term;
  }
  return (Math.exp((-x * x) / 2) / (x * Math.sqrt(2 * Math.PI))) * sum;
}

/** 1 − Φ(x), computed directly, so that normalSf(8) keeps all its digits. */
export function normalSf(x: number): number {
  return normalCdf(-x);
}

/** Φ⁻¹(p); −Infinity at 0, +Infinity at 1, NaN outside [0, 1]. Source: Cephes `ndtri`. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  return cephes.ndtri(p);
}
