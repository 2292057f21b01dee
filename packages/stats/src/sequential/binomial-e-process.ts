import { requireOpenUnit } from '../common/samples.js';
import { betaCdf, betaSf } from '../special/beta.js';
import { logBeta } from '../special/gamma.js';
import type { Alternative, EProcess } from './betting-e-process.js';

export interface BinomialState {
  readonly successes: number;
  readonly failures: number;
}

export interface BinomialOptions {
  /** `greater`: the null is "rate ≤ p0"; `less`: "rate ≥ p0"; `two-sided` (default): "rate = p0". */
  readonly alternative?: Alternative;
  /** Beta prior of the mixture over alternatives; default (½, ½). One-sided: cut off at p0. */
  readonly prior?: readonly [a: number, b: number];
}

export interface BinomialEProcess extends EProcess<BinomialState> {
  /** Time-uniform interval of the rate: every p that the two-sided mixture does not reject at alpha. */
  interval(state: BinomialState, alpha?: number): [low: number, high: number];
  /** Observed rate; NaN at the start. */
  mean(state: BinomialState): number;
}

/**
 * Beta-mixture likelihood ratio for a rate (Ville 1939; Robbins 1970): the probability of the observed sequence
 * averaged over alternatives, over its probability at p0. Exact at every sample size. Values are 0 or 1.
 */
export function binomialEProcess(p0: number, options: BinomialOptions = {}): BinomialEProcess {
  requireOpenUnit('p0', p0);
  const { alternative = 'two-sided', prior = [0.5, 0.5] } = options;
  const [a, b] = prior;
  if (!(a > 0 && b > 0)) throw new RangeError(`the prior needs positive parameters, got ${a} and ${b}`);
  const side = (x: number, y: number): number =>
    alternative === 'greater' ? betaSf(p0, x, y) : alternative === 'less' ? betaCdf(p0, x, y) : 1;
  const logMixture = ({ successes: s, failures: f }: BinomialState): number =>
    logBeta(a + s, b + f) - logBeta(a, b);
  const logAt = ({ successes: s, failures: f }: BinomialState, p: number): number =>
    (s === 0 ? 0 : s * Math.log(p)) + (f === 0 ? 0 : f * Math.log1p(-p));
  return {
    start: () => ({ successes: 0, failures: 0 }),
    update({ successes, failures }, value) {
      if (value === 1) return { successes: successes + 1, failures };
      if (value === 0) return { successes, failures: failures + 1 };
      throw new RangeError(`a binomial e-process needs 0 or 1, got ${value}`);
    },
    eValue(state) {
      const share = side(a + state.successes, b + state.failures) / side(a, b);
      return share * Math.exp(logMixture(state) - logAt(state, p0));
    },
    interval(state, alpha = 0.05) {
      requireOpenUnit('alpha', alpha);
      const n = state.successes + state.failures;
      if (n === 0) return [0, 1];
      const centre = state.successes / n;
      const rejected = (p: number): boolean => logMixture(state) - logAt(state, p) >= -Math.log(alpha);
      return [edge(centre, 0, rejected), edge(centre, 1, rejected)];
    },
    mean: ({ successes, failures }) => successes / (successes + failures),
  };
}

/** The last p from `inside` towards `end` that is not rejected (the likelihood is unimodal). */
function edge(inside: number, end: number, rejected: (p: number) => boolean): number {
  if (inside === end) return end;
  let kept = inside;
  let gone = end;
  for (let step = 0; step < 60; step++) {
    const middle = (kept + gone) / 2;
    if (rejected(middle)) gone = middle;
    else kept = middle;
  }
  return gone;
}
