import { upperGamma } from './gamma.js';

/** P(X > x) for X ~ χ² with `df` > 0 degrees of freedom; 1 for x ≤ 0, NaN for df ≤ 0. */
export function chiSquareSf(x: number, df: number): number {
  return upperGamma(df / 2, x / 2);
}
