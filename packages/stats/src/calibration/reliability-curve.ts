import { requireOpenUnit, requireSameLength, type Sample } from '../common/samples.js';
import { wilson } from '../intervals/wilson.js';
import { ascendingOrder } from '../metrics/correlation.js';

/** Rows of similar probability. */
export interface ReliabilityPoint {
  readonly count: number;
  readonly meanProbability: number;
  readonly observedRate: number;
  /** Wilson's interval of the observed rate. */
  readonly interval: readonly [low: number, high: number];
}

export interface ReliabilityOptions {
  /** Default 10. */
  readonly bins?: number;
  /** `uniform`: equal widths (default); `quantile`: equal counts, ties staying together. */
  readonly strategy?: 'uniform' | 'quantile';
  /** Default 0.95. */
  readonly confidence?: number;
}

/** Points of a reliability diagram with intervals, by ascending probability; empty bins are left out, and rows with a NaN. */
export function reliabilityCurve(
  labels: Sample,
  probabilities: Sample,
  { bins = 10, strategy = 'uniform', confidence = 0.95 }: ReliabilityOptions = {},
): ReliabilityPoint[] {
  requireSameLength('labels', labels, 'probabilities', probabilities);
  requireOpenUnit('confidence', confidence);
  if (!Number.isInteger(bins) || bins < 1)
    throw new RangeError(`bins must be a positive integer, got ${bins}`);
  const order = ascendingOrder(probabilities).filter(
    row => !Number.isNaN(labels[row]! + probabilities[row]!),
  );
  const points: ReliabilityPoint[] = [];
  let bin = -1;
  let count = 0;
  let expected = 0;
  let observed = 0;
  const close = (): void => {
    if (count === 0) return;
    points.push({
      count,
      meanProbability: expected / count,
      observedRate: observed / count,
      interval: wilson(observed, count, confidence),
    });
    count = expected = observed = 0;
  };
  for (let i = 0; i < order.length; i++) {
    const p = probabilities[order[i]!]!;
    if (!(p >= 0 && p <= 1))
      throw new RangeError(`probabilities must lie in [0, 1], got ${p} at ${order[i]!}`);
    const tied = i > 0 && p === probabilities[order[i - 1]!]!;
    const own =
      strategy === 'uniform'
        ? Math.min(Math.floor(p * bins), bins - 1)
        : tied
          ? bin
          : Math.floor((i * bins) / order.length);
    if (own !== bin) close();
    bin = own;
    count++;
    expected += p;
    observed += labels[order[i]!]!;
  }
  close();
  return points;
}
