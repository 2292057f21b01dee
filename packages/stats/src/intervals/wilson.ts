import { requireOpenUnit } from '../common/samples.js';
import { normalQuantile } from '../special/normal.js';

/** Throws unless 0 ≤ successes ≤ n. */
export function requireSuccesses(successes: number, n: number): void {
  if (!(successes >= 0 && n >= successes))
    throw new RangeError(`need 0 ≤ successes ≤ n, got ${successes} of ${n}`);
}

/** Wilson's score interval of a proportion (Wilson 1927), without continuity correction. [0, 1] when n = 0. */
export function wilson(successes: number, n: number, confidence = 0.95): [low: number, high: number] {
  requireSuccesses(successes, n);
  requireOpenUnit('confidence', confidence);
  if (n === 0) return [0, 1];
  const z = normalQuantile((1 + confidence) / 2);
  const p = successes / n;
  const z2 = (z * z) / n;
  const centre = (p + z2 / 2) / (1 + z2);
  const half = Math.sqrt(p * (1 - p) * z2 + (z2 * z2) / 4) / (1 + z2);
  return [successes === 0 ? 0 : Math.max(0, centre - half), successes === n ? 1 : Math.min(1, centre + half)];
}
