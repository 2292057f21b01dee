import { asymptoticCS } from '@twinloop/stats';

export interface ClusteredSequence {
  /** Mean over all observations. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Blocks that hold observations. */
  readonly blocks: number;
}

/** Fewer blocks cannot show how much blocks differ. */
const FIRST_LOOK = 30;

/**
 * A time-uniform interval for the mean of observations that depend on each other within blocks, but hardly between
 * them. The mean is a ratio of sums (blocks differ in size), so each block enters with its linearised value
 * mean + (sum − mean·count) / average count (Cochran 1977, §6.4), and these feed an asymptotic confidence sequence,
 * two-sided at 2α: each side errs with probability at most α over all looks. It is narrowest at `tightestAt` blocks.
 * Without enough blocks the bounds are infinite; when every sum is exactly 0 (one model twice) they are 0.
 */
export function clusteredSequence(
  sums: Float64Array,
  counts: Float64Array,
  alpha: number,
  tightestAt: number,
): ClusteredSequence {
  let n = 0;
  let total = 0;
  let blocks = 0;
  let moved = false;
  for (let i = 0; i < sums.length; i++) {
    n += counts[i]!;
    total += sums[i]!;
    if (counts[i]! > 0) blocks++;
    if (sums[i]! !== 0) moved = true;
  }
  if (blocks < FIRST_LOOK) return { mean: n === 0 ? 0 : total / n, low: -Infinity, high: Infinity, blocks };
  if (!moved) return { mean: 0, low: 0, high: 0, blocks };
  const mean = total / n;
  const size = n / blocks;
  const sequence = asymptoticCS({ alpha: 2 * alpha, tightestAt, firstLook: FIRST_LOOK });
  let state = sequence.start();
  for (let i = 0; i < sums.length; i++) {
    if (counts[i]! > 0) state = sequence.update(state, mean + (sums[i]! - mean * counts[i]!) / size);
  }
  const [low, high] = sequence.interval(state);
  return { mean, low, high, blocks };
}
