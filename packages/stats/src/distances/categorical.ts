import { alignCounts, type AlignedCounts, type Counts } from '../common/counts.js';

/** Sums a term of the two shares over the levels; NaN when a side is empty. */
function sumShares(countsA: Counts, countsB: Counts, term: (p: number, q: number) => number): number {
  const { a, b, totalA, totalB } = alignCounts(countsA, countsB);
  if (totalA === 0 || totalB === 0) return NaN;
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += term(a[k]! / totalA, b[k]! / totalB);
  return sum;
}

/** Total variation ½Σ|p − q|, in [0, 1]: the share of rows that would have to change level. NaN when a side is empty. */
export function totalVariation(countsA: Counts, countsB: Counts): number {
  return totalVariationOf(alignCounts(countsA, countsB));
}

/** The same on counts that are aligned already. */
export function totalVariationOf({ a, b, totalA, totalB }: AlignedCounts): number {
  if (totalA === 0 || totalB === 0) return NaN;
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += Math.abs(a[k]! * totalB - b[k]! * totalA);
  return sum / (2 * totalA * totalB);
}

/** Largest difference of one level's share, max|p − q|, in [0, 1] (L∞, Chebyshev). NaN when a side is empty. */
export function chebyshevDistance(countsA: Counts, countsB: Counts): number {
  const { a, b, totalA, totalB } = alignCounts(countsA, countsB);
  if (totalA === 0 || totalB === 0) return NaN;
  let largest = 0;
  for (let k = 0; k < a.length; k++) largest = Math.max(largest, Math.abs(a[k]! * totalB - b[k]! * totalA));
  return largest / (totalA * totalB);
}

/**
 * Kullback–Leibler divergence Σ p·ln(p/q) of a from b, in nats. Infinity when a level of a is unseen in b, unless
 * `epsilon` > 0: then shares below it are raised to it and both sides rescaled to sum 1. NaN when a side is empty.
 */
export function kullbackLeibler(countsA: Counts, countsB: Counts, epsilon = 0): number {
  const { a, b, totalA, totalB } = alignCounts(countsA, countsB);
  if (totalA === 0 || totalB === 0) return NaN;
  const p = a.map(count => Math.max(count / totalA, epsilon));
  const q = b.map(count => Math.max(count / totalB, epsilon));
  const massP = p.reduce((sum, share) => sum + share, 0);
  const massQ = q.reduce((sum, share) => sum + share, 0);
  let sum = 0;
  for (let k = 0; k < p.length; k++) {
    const from = p[k]! / massP;
    if (from > 0) sum += from * Math.log(from / (q[k]! / massQ));
  }
  return Math.max(0, sum);
}

/** Hellinger distance √(½Σ(√p − √q)²), in [0, 1]; the form that does not cancel. NaN when a side is empty. */
export function hellinger(countsA: Counts, countsB: Counts): number {
  return Math.sqrt(sumShares(countsA, countsB, (p, q) => (Math.sqrt(p) - Math.sqrt(q)) ** 2) / 2);
}

/** Square root of the Jensen–Shannon divergence to base 2 (Endres & Schindelin 2003), in [0, 1]. NaN when a side is empty. */
export function jensenShannonDistance(countsA: Counts, countsB: Counts): number {
  const divergence = sumShares(countsA, countsB, (p, q) => {
    const middle = (p + q) / 2;
    return (relative(p, middle) + relative(q, middle)) / 2;
  });
  return Math.sqrt(Math.max(0, divergence));
}

function relative(p: number, middle: number): number {
  return p === 0 ? 0 : p * Math.log2(p / middle);
}

/**
 * Population stability index Σ(q − p)·ln(q/p); shares below `epsilon` are raised to it and not renormalised.
 * `countsA` is the reference. NaN when a side is empty. For numbers, bin first (`quantileBinned`).
 */
export function populationStabilityIndex(countsA: Counts, countsB: Counts, epsilon = 1e-4): number {
  return sumShares(countsA, countsB, (p, q) => {
    const from = Math.max(p, epsilon);
    const to = Math.max(q, epsilon);
    return (to - from) * Math.log(to / from);
  });
}
