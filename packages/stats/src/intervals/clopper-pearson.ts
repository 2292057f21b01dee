import { requireOpenUnit } from '../common/samples.js';
import { betaQuantile } from '../special/beta.js';
import { requireSuccesses } from './wilson.js';

/** Exact binomial interval (Clopper & Pearson 1934): covers at least `confidence` for every true rate. [0, 1] when n = 0. */
export function clopperPearson(successes: number, n: number, confidence = 0.95): [low: number, high: number] {
  requireSuccesses(successes, n);
  requireOpenUnit('confidence', confidence);
  const tail = (1 - confidence) / 2;
  const low = successes === 0 ? 0 : betaQuantile(tail, successes, n - successes + 1);
  const high = successes === n ? 1 : betaQuantile(1 - tail, successes + 1, n - successes);
  return [low, high];
}
