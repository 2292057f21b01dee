import { kolmogorovFiniteSf } from '../special/kolmogorov/kolmogorov-exact.js';

export type KsMethod = 'auto' | 'exact' | 'asymptotic';

const LARGEST_EXACT = 10_000;
const LARGEST_EXACT_CELLS = 5e6;

/**
 * P(D ≥ statistic) for two samples of n and m values from one continuous distribution.
 *
 * `exact`: share of lattice paths that leave the band (ties ignored, which is conservative).
 * `asymptotic`: the finite one-sample distribution at N = round(nm/(n+m)), as scipy's `method='asymp'`.
 * `auto`: exact up to 10,000 values a side, as scipy, unless the band holds more than 5 million cells
 * (then p is far below any level in use, or the samples are large enough for the approximation).
 */
export function ksPValue(statistic: number, n: number, m: number, method: KsMethod = 'auto'): number {
  if (n === 0 || m === 0 || Number.isNaN(statistic)) return NaN;
  if (statistic <= 0) return 1;
  if (statistic > 1) return 0;
  if (method === 'exact' || (method === 'auto' && exactIsCheap(statistic, n, m)))
    return exact(statistic, n, m);
  return kolmogorovFiniteSf(Math.max(1, roundHalfEven((n / (n + m)) * m)), statistic);
}

function exactIsCheap(statistic: number, n: number, m: number): boolean {
  if (Math.max(n, m) > LARGEST_EXACT) return false;
  return n === m || Math.min(1, 2 * statistic) * n * m <= LARGEST_EXACT_CELLS;
}

function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The statistic is a multiple of 1/(nm): compare integers |m·i − n·j|, never floats. */
function exact(statistic: number, n: number, m: number): number {
  // The statistic itself carries rounding error; a value between lattice points means the next one up.
  const bound = Math.ceil(statistic * n * m - 1e-7);
  return n === m ? equalSizes(Math.ceil(bound / n), n) : pathsLeaving(bound, Math.max(n, m), Math.min(n, m));
}

/** n = m: 2·Σ_{k≥1} (−1)^{k−1} C(2n, n−kh)/C(2n, n), nested from the inside (Gnedenko & Korolyuk 1951). */
function equalSizes(h: number, n: number): number {
  let sum = 0;
  for (let k = Math.floor(n / h); k >= 1; k--) {
    // Ratio C(2n, n−kh) / C(2n, n−(k−1)h).
    let ratio = 1;
    for (let j = 0; j < h; j++) ratio *= (n - (k - 1) * h - j) / (n + (k - 1) * h + j + 1);
    sum = ratio * (1 - sum);
  }
  return Math.min(1, 2 * sum);
}

/**
 * P(a random path from (0,0) to (n,m) touches |m·i − n·j| ≥ bound), by the recursion of that probability given
 * the point reached. Only cells inside the band are visited; outside it is 1. All additions: small tails keep
 * their relative accuracy.
 */
function pathsLeaving(bound: number, n: number, m: number): number {
  // reached[j] = P(left the band before or at (i, j) | the path passes (i, j)).
  const reached = new Float64Array(m + 2).fill(1);
  for (let i = 0; i <= n; i++) {
    const low = Math.max(0, Math.floor((m * i - bound) / n) + 1);
    const high = Math.min(m, Math.ceil((m * i + bound) / n) - 1);
    if (low > 0) reached[low - 1] = 1;
    for (let j = low; j <= high; j++) {
      if (i === 0 && j === 0) reached[0] = 0;
      else {
        const fromLeft = i / (i + j);
        const left = i === 0 ? 0 : reached[j]!;
        const below = j === 0 ? 0 : reached[j - 1]!;
        reached[j] = fromLeft * left + (1 - fromLeft) * below;
      }
    }
    // Cells above the band are outside; the next row may read them as "left".
    if (high < m) reached[high + 1] = 1;
  }
  return bound > n * m ? 0 : reached[m]!;
}
