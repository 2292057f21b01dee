import { requireOpenUnit } from '../common/samples.js';
import { betaQuantile } from '../special/beta.js';
import { requireSuccesses } from './wilson.js';

/**
 * Equal-tailed Bayesian interval of a proportion under Jeffreys' prior Beta(½, ½): the quantiles of
 * Beta(successes + ½, n − successes + ½), at every count (no exception at 0 or n).
 * Source: Brown, Cai & DasGupta 2001, "Interval estimation for a binomial proportion".
 */
export function jeffreys(successes: number, n: number, confidence = 0.95): [low: number, high: number] {
  requireSuccesses(successes, n);
  requireOpenUnit('confidence', confidence);
  const tail = (1 - confidence) / 2;
  const a = successes + 0.5;
  const b = n - successes + 0.5;
  return [betaQuantile(tail, a, b), betaQuantile(1 - tail, a, b)];
}
