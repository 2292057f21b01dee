import { cephes } from './cephes.js';

/** Φ(x), the standard normal distribution function; accurate in the lower tail. Source: Cephes `ndtr`. */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x < -37.5) return 0;
  if (x > 37.5) return 1;
  return cephes.ndtr(x);
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
