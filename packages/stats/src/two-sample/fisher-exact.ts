import { binomialPmf } from '../special/binomial.js';

/**
 * Two-sided p-value of Fisher's exact test on the table [[a, b], [c, d]] of whole counts: the probability of all
 * tables with these margins that are no more likely than the observed one (equal up to rounding counts as equal).
 * 1 when a margin is empty. Source: Fisher 1935; scipy.stats.fisher_exact.
 */
export function fisherExact(a: number, b: number, c: number, d: number): number {
  for (const count of [a, b, c, d]) {
    if (!(Number.isInteger(count) && count >= 0))
      throw new RangeError(`Fisher's test needs whole counts, got ${count}`);
  }
  const row = a + b;
  const first = a + c;
  const second = b + d;
  const total = first + second;
  if (row === 0 || row === total || first === 0 || second === 0) return 1;
  const share = row / total;
  // Hypergeometric as a ratio of binomials (as R's dhyper): accurate at any size.
  const normaliser = binomialPmf(row, total, share);
  const probability = (x: number): number =>
    (binomialPmf(x, first, share) * binomialPmf(row - x, second, share)) / normaliser;
  const limit = probability(a) * (1 + 1e-7);
  let sum = 0;
  for (let x = Math.max(0, row - second); x <= Math.min(first, row); x++) {
    const p = probability(x);
    if (p <= limit) sum += p;
  }
  return Math.min(1, sum);
}
