/**
 * A sequence of intervals that all contain the mean at once, with probability at least 1 − alpha: it may be looked
 * at after every value and stopped whenever one likes. A pure fold: states are plain immutable objects that survive
 * JSON. A value that is not finite is a RangeError.
 */
export interface ConfidenceSequence<State> {
  start(): State;
  update(state: State, value: number): State;
  /** [low, high]; ±Infinity (or the known bounds) while nothing can be said. */
  interval(state: State): [low: number, high: number];
  /** Mean so far; NaN at the start. */
  mean(state: State): number;
  /**
   * Evidence against "the mean is mu0": expected to stay ≤ 1 if it is, exceeds 1/alpha at any time with probability
   * ≤ alpha (asymptotically, where the sequence is asymptotic).
   */
  eValue(state: State, mu0: number): number;
}

export function requireFinite(value: number): void {
  if (!Number.isFinite(value))
    throw new RangeError(`a confidence sequence needs finite values, got ${value}`);
}
