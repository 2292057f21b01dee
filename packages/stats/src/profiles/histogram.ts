import type { Sample } from '../common/samples.js';

export interface Histogram {
  /** counts[i] belongs to [edges[i], edges[i+1]); the last bin is closed. */
  readonly edges: number[];
  readonly counts: number[];
}

/** A histogram with what did not fit. */
export interface FullHistogram extends Histogram {
  readonly below: number;
  readonly above: number;
  /** NaN values. */
  readonly missing: number;
}

/** Counts values between ascending edges (at least two; anything else is a RangeError). The input need not be sorted. */
export function histogram(values: Sample, edges: Sample): FullHistogram {
  const bins = edges.length - 1;
  if (bins < 1) throw new RangeError('a histogram needs at least two edges');
  for (let i = 0; i < bins; i++) {
    if (!(edges[i]! <= edges[i + 1]!)) throw new RangeError(`edges must ascend, see position ${i + 1}`);
  }
  const counts = Array.from({ length: bins }, () => 0);
  let below = 0;
  let above = 0;
  let missing = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) missing++;
    else if (value < edges[0]!) below++;
    else if (value > edges[bins]!) above++;
    else counts[binOf(value, edges, bins)]!++;
  }
  return { edges: Array.from(edges), counts, below, above, missing };
}

/** The last bin whose lower edge is not above the value. */
function binOf(value: number, edges: Sample, bins: number): number {
  let low = 0;
  let high = bins - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (edges[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** `bins` equal steps from min to max; one bin [min, max] when they coincide or are not finite. Rounded as numpy.linspace. */
export function equalWidthEdges(min: number, max: number, bins: number): number[] {
  const range = max - min;
  if (!(max > min) || !Number.isFinite(range)) return [min, max];
  const step = range / bins;
  return Array.from({ length: bins + 1 }, (_, i) => {
    if (i === bins) return max;
    // Between subnormal ends the step itself may round to 0.
    return (step === 0 ? (i / bins) * range : i * step) + min;
  });
}
