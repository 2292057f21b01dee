import { chiSquareSf } from '../special/chi-square.js';
import { normalQuantile } from '../special/normal.js';

const NODES = 48;
/** Above that there is nothing to gain. */
const LARGEST = 0.1;

/**
 * p-value of "χ² over K levels, or the largest of the K levels, is as significant as `smaller`", smaller being the
 * lesser p-value of the two, the latter after Bonferroni. At most twice that, and less the more the two say the same.
 *
 * χ² is the square of one level's deviate plus an independent χ² with K − 2 degrees of freedom (the table without that
 * level). So P(χ² ≥ x or max|z| ≥ c) ≤ P(χ² ≥ x) + K·P(|z| ≥ c, z² + χ²_{K−2} < x), the last an integral over z from c to √x.
 */
export function eitherLevelTest(smaller: number, levels: number): number {
  if (!(smaller > 0) || levels < 3) return smaller;
  if (smaller > LARGEST) return Math.min(1, 2 * smaller);
  const from = -normalQuantile(smaller / levels / 2);
  const x = chiSquareQuantile(smaller, levels - 1);
  const to = Math.sqrt(x);
  if (!(to > from)) return smaller;
  // Midpoints: the integrand is smooth, and falls to 0 where χ² takes over.
  const step = (to - from) / NODES;
  let sum = 0;
  for (let i = 0; i < NODES; i++) {
    const z = from + (i + 0.5) * step;
    sum += Math.exp((-z * z) / 2) * (1 - chiSquareSf(x - z * z, levels - 2));
  }
  const alone = levels * sum * step * Math.sqrt(2 / Math.PI);
  return Math.min(1, 2 * smaller, smaller + alone);
}

/** The x with P(X > x) = p, to ten digits. */
function chiSquareQuantile(p: number, df: number): number {
  let low = 0;
  let high = df + 10;
  while (chiSquareSf(high, df) > p) high *= 2;
  for (let i = 0; i < 60 && high - low > 1e-10 * high; i++) {
    const middle = (low + high) / 2;
    if (chiSquareSf(middle, df) > p) low = middle;
    else high = middle;
  }
  return high;
}
