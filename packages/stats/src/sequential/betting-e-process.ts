import { requireFinite } from './confidence-sequence.js';

export type Alternative = 'two-sided' | 'greater' | 'less';

/** Unit-scale running moments and the logarithm of the wealth. */
export interface BettingState {
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
  readonly logWealth: number;
}

export interface BettingOptions {
  /** The mean under the null hypothesis, strictly inside the bounds. */
  readonly mean: number;
  readonly lower?: number;
  readonly upper?: number;
  /** `greater`: the null is "mean ≤ the given one"; `less`: "mean ≥"; `two-sided` (default): "mean =". */
  readonly alternative?: Alternative;
}

/** An e-process as a fold: wealth of a gambler who can only grow rich if the null hypothesis is false. */
export interface EProcess<State> {
  start(): State;
  update(state: State, value: number): State;
  /** Reject at level alpha, at any time, when this reaches 1/alpha. */
  eValue(state: State): number;
}

// Never stake more than half of what could be lost: wealth stays positive.
const LARGEST_STAKE = 0.5;

/**
 * Betting e-process for the mean of bounded values with approximate growth-rate-adaptive bets (aGRAPA,
 * Waudby-Smith & Ramdas 2023, §B.3); exact at every sample size. A value outside the bounds is a RangeError.
 */
export function bettingEProcess({
  mean,
  lower = 0,
  upper = 1,
  alternative = 'two-sided',
}: BettingOptions): EProcess<BettingState> {
  if (!(lower < mean && mean < upper && Number.isFinite(upper - lower))) {
    throw new RangeError(`need finite lower < mean < upper, got ${lower}, ${mean}, ${upper}`);
  }
  const width = upper - lower;
  const m = (mean - lower) / width;
  const least = alternative === 'greater' ? 0 : -LARGEST_STAKE / (1 - m);
  const most = alternative === 'less' ? 0 : LARGEST_STAKE / m;
  return {
    start: () => ({ n: 0, sum: 0, squares: 0.25, logWealth: 0 }),
    update(state, value) {
      requireFinite(value);
      if (value < lower || value > upper) {
        throw new RangeError(`value ${value} lies outside the stated bounds [${lower}, ${upper}]`);
      }
      const x = (value - lower) / width;
      const n = state.n + 1;
      const edge = (0.5 + state.sum) / n - m;
      const bet = Math.min(most, Math.max(least, edge / (state.squares / n + edge * edge)));
      const sum = state.sum + x;
      return {
        n,
        sum,
        squares: state.squares + (x - (0.5 + sum) / (n + 1)) ** 2,
        logWealth: state.logWealth + Math.log1p(bet * (x - m)),
      };
    },
    eValue: ({ logWealth }) => Math.exp(logWealth),
  };
}
