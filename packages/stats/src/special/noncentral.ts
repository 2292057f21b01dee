import { chiSquareSf } from './chi-square.js';
import { logGamma } from './gamma.js';
import { normalQuantile, normalSf } from './normal.js';

/** P(|Z + shift| ≥ x) for a standard normal Z, x ≥ 0. */
export function shiftedTwoSidedSf(x: number, shift: number): number {
  return Math.min(1, normalSf(x - shift) + normalSf(x + shift));
}

/**
 * What a two-sided p-value of "no shift" becomes for "a shift of at most `shift` standard errors": the tail of the
 * shifted normal beyond the same deviate. Never smaller than `p`.
 */
export function liftPValue(p: number, shift: number): number {
  if (!(shift > 0) || !(p > 0)) return p;
  return Math.max(p, shiftedTwoSidedSf(-normalQuantile(p / 2), shift));
}

/**
 * P(X > x) for X ~ noncentral χ² with `df` degrees of freedom and noncentrality λ: the Poisson(λ/2) mixture of central
 * tails (Johnson, Kotz & Balakrishnan 1995, ch. 29), summed outwards from the mean until terms fall below 1e−17.
 */
export function noncentralChiSquareSf(x: number, df: number, lambda: number): number {
  if (!(x > 0)) return 1;
  if (!(lambda > 0)) return chiSquareSf(x, df);
  const half = lambda / 2;
  const mode = Math.floor(half);
  const weight = (k: number): number => Math.exp(k * Math.log(half) - half - logGamma(k + 1));
  let sum = 0;
  let w = weight(mode);
  for (let k = mode; w > 1e-17; k++) {
    sum += w * chiSquareSf(x, df + 2 * k);
    w *= half / (k + 1);
  }
  w = (weight(mode) * mode) / half;
  for (let k = mode - 1; k >= 0 && w > 1e-17; k--) {
    sum += w * chiSquareSf(x, df + 2 * k);
    w *= k / half;
  }
  return Math.min(1, sum);
}
