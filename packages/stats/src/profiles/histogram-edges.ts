import { mean } from '../common/moments.js';
import { type AnySample, sortedPresent } from '../common/samples.js';
import { equalWidthEdges } from './histogram.js';

/** How many equal-width bins a histogram gets: by the sample size alone, or by size and skewness. */
export type BinRule = 'sturges' | 'doane';

/**
 * Equal-width edges over the range of a sample, ceil(range / width) bins.
 *
 * `sturges`: width = range/(log₂n + 1) (Sturges 1926). `doane`: width = range/(1 + log₂n + log₂(1 + |g₁|/σ_g₁)),
 * more bins for skewed samples (Doane 1976); a single bin below three values.
 * NaN is dropped; a constant v gives the one bin [v − ½, v + ½]; an empty or infinite range gives no edges.
 * Source: numpy.histogram_bin_edges.
 */
export function histogramEdges(values: AnySample, rule: BinRule): number[] {
  const sorted = sortedPresent(values);
  const n = sorted.length;
  if (n === 0) return [];
  const min = sorted[0]!;
  const max = sorted[n - 1]!;
  const range = max - min;
  if (!Number.isFinite(range)) return [];
  if (range === 0) return [min - 0.5, max + 0.5];
  const bins = Math.ceil(range / (range / (rule === 'sturges' ? Math.log2(n) + 1 : doaneBins(sorted))));
  return equalWidthEdges(min, max, Number.isFinite(bins) ? bins : 1);
}

function doaneBins(sorted: Float64Array): number {
  const n = sorted.length;
  if (n <= 2) return 1;
  const centre = mean(sorted);
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (sorted[i]! - centre) ** 2;
  const deviation = Math.sqrt(squares / n);
  if (!(deviation > 0)) return 1;
  let cubes = 0;
  for (let i = 0; i < n; i++) cubes += ((sorted[i]! - centre) / deviation) ** 3;
  const spread = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)));
  return 1 + Math.log2(n) + Math.log2(1 + Math.abs(cubes / n) / spread);
}
