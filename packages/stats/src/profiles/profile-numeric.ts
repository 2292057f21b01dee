import { moments } from '../common/moments.js';
import { type Sample, sortedPresent } from '../common/samples.js';
import { equalWidthEdges, type Histogram, histogram } from './histogram.js';
import { quantile } from './quantile.js';

/** The levels at which a profile keeps quantiles. */
export const PROFILE_LEVELS = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1] as const;

export interface NumericProfile {
  /** All rows, missing ones included. */
  readonly count: number;
  readonly missing: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Sample standard deviation (ddof 1); NaN below two values. */
  readonly std: number;
  /** [level, value] at PROFILE_LEVELS; type 7. */
  readonly quantiles: readonly (readonly [level: number, value: number])[];
  readonly histogram: Histogram;
  /** Number of different present values. */
  readonly distinct: number;
}

/**
 * One pass of description over a numeric column; missing values are NaN. Nothing present: min, max, mean and
 * std are NaN, quantiles and histogram are empty. `bins` equal-width bins (default 30).
 */
export function profileNumeric(values: Sample, bins = 30): NumericProfile {
  const sorted = sortedPresent(values);
  const count = values.length;
  const n = sorted.length;
  const missing = count - n;
  if (n === 0) {
    const nothing = { min: NaN, max: NaN, mean: NaN, std: NaN, quantiles: [], distinct: 0 };
    return { count, missing, ...nothing, histogram: { edges: [], counts: [] } };
  }
  let distinct = 1;
  for (let i = 1; i < n; i++) if (sorted[i]! !== sorted[i - 1]!) distinct++;
  const min = sorted[0]!;
  const max = sorted[n - 1]!;
  const { mean, variance } = moments(sorted);
  const { edges, counts } = histogram(sorted, equalWidthEdges(min, max, bins));
  return {
    count,
    missing,
    min,
    max,
    mean,
    std: Math.sqrt(variance),
    quantiles: PROFILE_LEVELS.map(level => [level, quantile(sorted, level)] as const),
    histogram: { edges, counts },
    distinct,
  };
}
