import { requireOpenUnit } from '../common/samples.js';
import { quantile } from '../profiles/quantile.js';
import { normalQuantile } from '../special/normal.js';
import { fillPoissonWeights, poissonDraw } from './poisson.js';

export interface BootstrapOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  /** Uniform draws in [0, 1): the same draws give the same interval. */
  readonly rng: () => number;
  /** Replicates; default 1,000. */
  readonly replicates?: number;
  /**
   * `percentile` (default) takes the quantiles of the replicates. `basic` reflects them about the value, right for figures
   * that noise can only push up, such as a calibration error: their replicates are further up than the figure itself.
   */
  readonly kind?: 'percentile' | 'basic';
}

export interface BootstrapInterval {
  readonly value: number;
  readonly interval: readonly [low: number, high: number];
  /** Standard deviation of the replicates. */
  readonly standardError: number;
  /** Replicates whose figure is defined; the others are left out. Below 20 there is no interval. */
  readonly replicates: number;
}

/**
 * Bootstrap of a figure of `n` rows by Poisson weights (each row counts Poisson(1) times; Chamandy et al. 2012), which
 * needs no gathering of rows. `statistic` gets one weight a row and may keep nothing of the array.
 */
export function poissonBootstrap(
  n: number,
  statistic: (weights: Float64Array) => number,
  options: BootstrapOptions,
): BootstrapInterval {
  const weights = new Float64Array(n).fill(1);
  return summarize(statistic(weights), options, () => {
    fillPoissonWeights(weights, options.rng);
    return statistic(weights);
  });
}

/** The same for a figure of counts: each cell is redrawn as a whole, so that the cost does not grow with the rows. */
export function cellBootstrap(
  counts: ArrayLike<number>,
  statistic: (counts: Float64Array) => number,
  options: BootstrapOptions,
): BootstrapInterval {
  const drawn = Float64Array.from(counts);
  return summarize(statistic(drawn), options, () => {
    for (let i = 0; i < drawn.length; i++)
      drawn[i] = counts[i] === 0 ? 0 : poissonDraw(counts[i]!, options.rng);
    return statistic(drawn);
  });
}

function summarize(
  value: number,
  { confidence = 0.95, replicates = 1000, kind = 'percentile' }: BootstrapOptions,
  draw: () => number,
): BootstrapInterval {
  requireOpenUnit('confidence', confidence);
  const drawn = new Float64Array(replicates);
  let kept = 0;
  for (let b = 0; b < replicates; b++) {
    const figure = draw();
    if (Number.isFinite(figure)) drawn[kept++] = figure;
  }
  if (kept < 20 || Number.isNaN(value))
    return { value, interval: [NaN, NaN], standardError: NaN, replicates: kept };
  const sorted = drawn.subarray(0, kept).sort();
  let sum = 0;
  for (const figure of sorted) sum += figure;
  const centre = sum / kept;
  let squares = 0;
  for (const figure of sorted) squares += (figure - centre) ** 2;
  // Ten replicates in each tail at least; further out the distance from the middle grows as that of a normal law.
  const tail = (1 - confidence) / 2;
  const reached = Math.min(0.25, Math.max(tail, 10 / kept));
  const stretch = reached > tail ? normalQuantile(tail) / normalQuantile(reached) : 1;
  const middle = quantile(sorted, 0.5);
  const low = middle + stretch * (quantile(sorted, reached) - middle);
  const high = middle + stretch * (quantile(sorted, 1 - reached) - middle);
  return {
    value,
    interval: kind === 'basic' ? [2 * value - high, 2 * value - low] : [low, high],
    standardError: Math.sqrt(squares / (kept - 1)),
    replicates: kept,
  };
}
