import { logGamma } from './gamma.js';

const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);

/**
 * P(X ≥ k) for X = marked balls among `draws` without replacement out of `total`, `marked` of them marked (whole
 * numbers). All terms add, from the first one on: small tails keep their relative accuracy.
 */
export function hypergeometricSf(k: number, total: number, marked: number, draws: number): number {
  const low = Math.max(0, draws + marked - total);
  const high = Math.min(draws, marked);
  if (k <= low) return 1;
  if (k > high) return 0;
  let term = Math.exp(logChoose(marked, k) + logChoose(total - marked, draws - k) - logChoose(total, draws));
  let sum = 0;
  for (let x = k; x <= high; x++) {
    sum += term;
    if (term < sum * 1e-17) break;
    term *= ((marked - x) / (x + 1)) * ((draws - x) / (total - marked - draws + x + 1));
  }
  return Math.min(1, sum);
}
