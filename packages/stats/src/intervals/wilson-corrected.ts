import { requireOpenUnit } from '../common/samples.js';
import { normalQuantile } from '../special/normal.js';
import { requireSuccesses } from './wilson.js';

/**
 * Wilson's score interval of a proportion with continuity correction: wider, covers close to `confidence` at least.
 * Lower bound 0 at no success, upper bound 1 at nothing else; [0, 1] when n = 0.
 * Source: Newcombe 1998, "Two-sided confidence intervals for the single proportion", method 4.
 */
export function wilsonCorrected(
  successes: number,
  n: number,
  confidence = 0.95,
): [low: number, high: number] {
  requireSuccesses(successes, n);
  requireOpenUnit('confidence', confidence);
  if (n === 0) return [0, 1];
  const z = normalQuantile((1 + confidence) / 2);
  const bound = (count: number): number => {
    const p = count / n;
    const inside = z * z - 2 - 1 / n + 4 * p * (n - count + 1);
    return (2 * count + z * z - 1 - z * Math.sqrt(inside)) / (2 * (n + z * z));
  };
  return [
    successes === 0 ? 0 : Math.max(0, bound(successes)),
    successes === n ? 1 : Math.min(1, 1 - bound(n - successes)),
  ];
}
