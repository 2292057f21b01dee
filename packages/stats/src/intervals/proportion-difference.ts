import { requireOpenUnit } from '../common/samples.js';
import { normalQuantile } from '../special/normal.js';
import { requireSuccesses, wilson } from './wilson.js';

/**
 * Interval of the difference of two proportions p2 − p1, from the two Wilson intervals (Newcombe 1998, "Interval
 * estimation for the difference between independent proportions", method 10). [−1, 1] when a side is empty.
 */
export function newcombeDifference(
  x1: number,
  n1: number,
  x2: number,
  n2: number,
  confidence = 0.95,
): [low: number, high: number] {
  const [low1, high1] = wilson(x1, n1, confidence);
  const [low2, high2] = wilson(x2, n2, confidence);
  if (n1 === 0 || n2 === 0) return [-1, 1];
  const p1 = x1 / n1;
  const p2 = x2 / n2;
  const difference = p2 - p1;
  return [
    Math.max(-1, difference - Math.hypot(p2 - low2, high1 - p1)),
    Math.min(1, difference + Math.hypot(high2 - p2, p1 - low1)),
  ];
}

/**
 * Score statistic of "p2 − p1 = delta" (Miettinen & Nurminen 1985): the variance is taken at the likeliest pair of
 * rates that differ by `delta`, and multiplied by N/(N−1). Positive when the observed difference is larger; 0 where
 * difference and variance both vanish, NaN when a side is empty. Non-inferiority by a margin m tests delta = −m:
 * p = normalSf(statistic).
 */
export function scoreDifference(x1: number, n1: number, x2: number, n2: number, delta: number): number {
  requireSuccesses(x1, n1);
  requireSuccesses(x2, n2);
  if (!(delta >= -1 && delta <= 1)) throw new RangeError(`delta must lie in [-1, 1], got ${delta}`);
  if (n1 === 0 || n2 === 0) return NaN;
  const excess = x2 / n2 - x1 / n1 - delta;
  const rate1 = likeliestRate(x1, n1, x2, n2, delta);
  const rate2 = Math.min(1, Math.max(0, rate1 + delta));
  const total = n1 + n2;
  const variance = ((rate1 * (1 - rate1)) / n1 + (rate2 * (1 - rate2)) / n2) * (total / (total - 1));
  return excess === 0 ? 0 : excess / Math.sqrt(variance);
}

/**
 * Score interval of p2 − p1: every difference that the score test does not reject (Miettinen & Nurminen 1985).
 * Covers close to `confidence` also for rates near 0 or 1 and small samples. [−1, 1] when a side is empty.
 */
export function miettinenNurminen(
  x1: number,
  n1: number,
  x2: number,
  n2: number,
  confidence = 0.95,
): [low: number, high: number] {
  requireSuccesses(x1, n1);
  requireSuccesses(x2, n2);
  requireOpenUnit('confidence', confidence);
  if (n1 === 0 || n2 === 0) return [-1, 1];
  const z = normalQuantile((1 + confidence) / 2);
  const difference = x2 / n2 - x1 / n1;
  const edge = (end: number): number => {
    let kept = difference;
    let gone = end;
    for (let step = 0; step < 60 && kept !== gone; step++) {
      const middle = (kept + gone) / 2;
      if (Math.abs(scoreDifference(x1, n1, x2, n2, middle)) > z) gone = middle;
      else kept = middle;
    }
    return gone;
  };
  return [edge(-1), edge(1)];
}

/** Maximum likelihood estimate of p1 when p2 = p1 + delta. The log-likelihood is concave: its slope is bisected. */
function likeliestRate(x1: number, n1: number, x2: number, n2: number, delta: number): number {
  const term = (count: number, rate: number): number => (count === 0 ? 0 : count / rate);
  let low = Math.max(0, -delta);
  let high = Math.min(1, 1 - delta);
  for (let step = 0; step < 60; step++) {
    const p = (low + high) / 2;
    if (p <= low || p >= high) break;
    const slope = term(x1, p) - term(n1 - x1, 1 - p) + term(x2, p + delta) - term(n2 - x2, 1 - (p + delta));
    if (slope > 0) low = p;
    else high = p;
  }
  return (low + high) / 2;
}
