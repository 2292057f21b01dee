import { cephes } from './cephes.js';
import { logBeta } from './gamma.js';

/** I_x(a, b), the Beta(a, b) distribution function. Source: Cephes `incbet`. */
export function betaCdf(x: number, a: number, b: number): number {
  if (!(a > 0) || !(b > 0) || Number.isNaN(x)) return NaN;
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return cephes.incbet(a, b, x);
}

/** P(X > x) for X ~ Beta(a, b), by the symmetry of the incomplete beta function. */
export function betaSf(x: number, a: number, b: number): number {
  if (x <= 0) return 1;
  if (x >= 1) return 0;
  return betaCdf(1 - x, b, a);
}

/**
 * The p quantile of Beta(a, b), a, b > 0. NaN outside the domain.
 * Newton steps on the log-odds scale inside a shrinking bracket: Cephes' own inverse throws where it loses precision.
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1) || !(a > 0) || !(b > 0)) return NaN;
  if (p === 0) return 0;
  if (p === 1) return 1;
  const normaliser = logBeta(a, b);
  let low = -745;
  let high = 745;
  let z = Math.min(700, Math.max(-700, Math.log(a / b)));
  for (let step = 0; step < 200; step++) {
    const x = 1 / (1 + Math.exp(-z));
    const y = 1 / (1 + Math.exp(z));
    // The upper half is compared through its complement, so that neither tail cancels.
    const excess = p <= 0.5 ? betaCdf(x, a, b) - p : 1 - p - betaCdf(y, b, a);
    if (excess === 0) return x;
    if (excess > 0) high = z;
    else low = z;
    const slope = Math.exp(a * Math.log(x) + b * Math.log(y) - normaliser);
    let next = z - excess / slope;
    if (!(next > low && next < high)) next = (low + high) / 2;
    if (Math.abs(next - z) <= 1e-15 * Math.max(1, Math.abs(z))) return 1 / (1 + Math.exp(-next));
    z = next;
  }
  return 1 / (1 + Math.exp(-z));
}
