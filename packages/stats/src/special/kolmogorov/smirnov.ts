import { binomialPmf } from '../binomial.js';

const LARGEST_SUM = 50_000;

/**
 * P(Dₙ⁺ ≥ x), the one-sided one-sample Kolmogorov–Smirnov tail (Birnbaum & Tingey 1951):
 * x·Σ_v C(n,v)(x+v/n)^(v−1)(1−x−v/n)^(n−v), all terms positive, so small tails keep their digits.
 * Beyond n = 50,000 the expansion exp(−(6nx+1)²/18n) of Maag & Dicaire 1971.
 */
export function smirnovSf(n: number, x: number): number {
  if (x <= 0) return 1;
  if (x >= 1) return 0;
  if (n > LARGEST_SUM) return Math.exp(-((6 * n * x + 1) ** 2) / (18 * n));
  const last = Math.floor(n * (1 - x));
  let sum = 0;
  for (let v = 0; v <= last; v++) {
    const p = x + v / n;
    sum += v === 0 ? Math.exp(n * Math.log1p(-x)) / x : binomialPmf(v, n, p) / p;
  }
  return Math.min(1, x * sum);
}
