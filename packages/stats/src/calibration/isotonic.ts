import { requireSameLength, type Sample } from '../common/samples.js';
import { ascendingOrder } from '../metrics/correlation.js';

/** A non-decreasing function: straight lines between knots, constant outside. Plain numbers, survives JSON. */
export interface IsotonicFit {
  /** Ascending. */
  readonly x: readonly number[];
  /** Not descending. */
  readonly y: readonly number[];
}

/**
 * Isotonic least squares by pooling adjacent violators (Ayer et al. 1955; scikit-learn's IsotonicRegression with
 * out_of_bounds="clip"). Equal x share their mean. Only the ends of level stretches are kept. Rows with a NaN or a weight of
 * 0 are left out; no rows give a fit without knots, whose values are NaN.
 */
export function isotonicFit(x: Sample, y: Sample, weights?: Sample): IsotonicFit {
  requireSameLength('x', x, 'y', y);
  if (weights !== undefined) requireSameLength('x', x, 'weights', weights);
  const order = ascendingOrder(x);
  // Blocks with their mean, weight and the first and last x that they cover.
  const means = new Float64Array(x.length);
  const masses = new Float64Array(x.length);
  const starts = new Float64Array(x.length);
  const ends = new Float64Array(x.length);
  let blocks = 0;
  for (const row of order) {
    const mass = weights === undefined ? 1 : weights[row]!;
    if (!(mass > 0) || Number.isNaN(x[row]! + y[row]!)) continue;
    if (blocks > 0 && starts[blocks - 1] === x[row]! && ends[blocks - 1] === x[row]!) {
      const last = blocks - 1;
      masses[last]! += mass;
      means[last]! += ((y[row]! - means[last]!) * mass) / masses[last]!;
      continue;
    }
    // Violators are pooled when the ties before are complete.
    blocks = pooled(means, masses, ends, blocks);
    means[blocks] = y[row]!;
    masses[blocks] = mass;
    starts[blocks] = x[row]!;
    ends[blocks++] = x[row]!;
  }
  blocks = pooled(means, masses, ends, blocks);
  const knots: [number[], number[]] = [[], []];
  for (let b = 0; b < blocks; b++) {
    knots[0].push(starts[b]!);
    knots[1].push(means[b]!);
    if (ends[b]! === starts[b]!) continue;
    knots[0].push(ends[b]!);
    knots[1].push(means[b]!);
  }
  return { x: knots[0], y: knots[1] };
}

/** Merges the last block into those before it while it does not lie above them; the number of blocks left. */
function pooled(means: Float64Array, masses: Float64Array, ends: Float64Array, blocks: number): number {
  let last = blocks - 1;
  while (last > 0 && means[last - 1]! >= means[last]!) {
    const mass = masses[last - 1]! + masses[last]!;
    means[last - 1]! += ((means[last]! - means[last - 1]!) * masses[last]!) / mass;
    masses[last - 1] = mass;
    ends[last - 1] = ends[last]!;
    last--;
  }
  return last + 1;
}

/** Values of the fit; NaN for NaN and without knots. */
export function isotonicValues({ x, y }: IsotonicFit, at: Sample): Float64Array {
  const last = x.length - 1;
  return Float64Array.from(at, value => {
    if (last < 0 || Number.isNaN(value)) return NaN;
    if (value <= x[0]!) return y[0]!;
    if (value >= x[last]!) return y[last]!;
    let low = 0;
    let high = last;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (x[middle]! <= value) low = middle;
      else high = middle;
    }
    const share = (value - x[low]!) / (x[high]! - x[low]!);
    return y[low]! + share * (y[high]! - y[low]!);
  });
}
