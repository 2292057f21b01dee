import { cephes } from './cephes.js';

/** log |Γ(x)|; +Infinity at 0 and the negative integers, NaN for NaN. Source: Cephes `lgam`. */
export function logGamma(x: number): number {
  if (Number.isNaN(x)) return NaN;
  // Cephes signals poles by throwing through WebAssembly, which leaks its stack: never let it.
  if (x === Infinity || (x <= 0 && Number.isInteger(x))) return Infinity;
  return cephes.lgam(x);
}

/** log B(a, b) for positive a and b. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

const SMALLEST_LOG = -708;

/** Regularised upper incomplete gamma function Q(a, x), a > 0, x ≥ 0. Source: Cephes `igamc`. */
export function upperGamma(a: number, x: number): number {
  if (!(a > 0) || Number.isNaN(x)) return NaN;
  if (x <= 0) return 1;
  if (x === Infinity) return 0;
  // Where a tail underflows Cephes throws instead of answering 0 or 1.
  if (a * Math.log(x) - x - logGamma(a) < SMALLEST_LOG) return x > a ? 0 : 1;
  return cephes.igamc(a, x);
}
