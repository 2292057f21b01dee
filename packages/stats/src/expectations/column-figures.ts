import { moments } from '../common/moments.js';
import { quantile } from '../profiles/quantile.js';
import { type Cell, isMissing } from './row-tests.js';

/** One figure of a column. `unique-share` is different values by present rows. */
export type ColumnFigure = 'mean' | 'median' | 'stdev' | 'min' | 'max' | 'sum' | 'distinct' | 'unique-share';

/**
 * A figure over the present values; NaN when it is undefined (no present value; `stdev` below two). `stdev` has ddof 1,
 * the median of an even number is the mean of the middle two. `distinct` of nothing is 0. Texts have only `distinct`
 * and `unique-share`; truth values count as 0 and 1.
 */
export function columnFigure(values: readonly Cell[], figure: ColumnFigure): number {
  const there = values.filter(value => !isMissing(value));
  if (figure === 'distinct') return new Set(there).size;
  if (there.length === 0) return Number.NaN;
  if (figure === 'unique-share') return new Set(there).size / there.length;
  const numbers = Float64Array.from(there, Number);
  switch (figure) {
    case 'mean':
      return moments(numbers).mean;
    case 'stdev':
      return Math.sqrt(moments(numbers).variance);
    case 'sum':
      return moments(numbers).mean * numbers.length;
    case 'median':
      return quantile(numbers.sort(), 0.5);
    case 'min':
      return numbers.reduce((least, value) => Math.min(least, value));
    case 'max':
      return numbers.reduce((most, value) => Math.max(most, value));
  }
}

/**
 * Kullback–Leibler divergence of observed values from a partition, in nats: Σ o·ln(o/w), with the observed shares o
 * over the present values and the partition's weights w made to sum to 1. A value outside the partition, or one of
 * weight 0, makes it infinite; nothing present gives NaN.
 */
export function partitionDivergence(
  observed: readonly Cell[],
  values: readonly Cell[],
  weights: readonly number[],
): number {
  const counts = new Map<Cell, number>();
  let n = 0;
  for (const value of observed) {
    if (isMissing(value)) continue;
    counts.set(value, (counts.get(value) ?? 0) + 1);
    n++;
  }
  if (n === 0) return Number.NaN;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const expected = new Map(values.map((value, i) => [value, (weights[i] ?? 0) / total]));
  let divergence = 0;
  for (const [value, count] of counts) {
    const weight = expected.get(value) ?? 0;
    if (weight === 0) return Number.POSITIVE_INFINITY;
    divergence += (count / n) * Math.log(count / n / weight);
  }
  return Math.max(0, divergence);
}
