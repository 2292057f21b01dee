import { requireSameLength, type Sample } from '../common/samples.js';

/** One bin of a reliability diagram. */
export interface CalibrationBin {
  readonly count: number;
  readonly meanProbability: number;
  readonly observedRate: number;
}

/** Equal-width bins on the probability of class 1; bin = min(⌊p·bins⌋, bins − 1). Empty bins have NaN rates. */
export function calibrationBins(labels: Sample, probabilities: Sample, bins = 10): CalibrationBin[] {
  requireSameLength('labels', labels, 'probabilities', probabilities);
  if (!Number.isInteger(bins) || bins < 1)
    throw new RangeError(`bins must be a positive integer, got ${bins}`);
  const counts = new Float64Array(bins);
  const expected = new Float64Array(bins);
  const observed = new Float64Array(bins);
  for (let i = 0; i < labels.length; i++) {
    const p = probabilities[i]!;
    // By multiplication in doubles: dividing by the width moves scores such as 0.6 to another bin.
    const bin = Math.min(Math.floor(p * bins), bins - 1);
    if (!(bin >= 0)) throw new RangeError(`probabilities must lie in [0, 1], got ${p} at ${i}`);
    counts[bin] = counts[bin]! + 1;
    expected[bin] = expected[bin]! + p;
    observed[bin] = observed[bin]! + labels[i]!;
  }
  return Array.from(counts, (count, bin) => ({
    count,
    meanProbability: expected[bin]! / count,
    observedRate: observed[bin]! / count,
  }));
}

/**
 * Expected calibration error (Naeini et al. 2015): the mean over rows of |observed rate − mean probability| of the
 * row's bin. NaN when empty or when any value is NaN.
 */
export function expectedCalibrationError(labels: Sample, probabilities: Sample, bins = 10): number {
  for (let i = 0; i < probabilities.length; i++) if (Number.isNaN(probabilities[i]!)) return NaN;
  let sum = 0;
  for (const bin of calibrationBins(labels, probabilities, bins)) {
    if (bin.count > 0) sum += bin.count * Math.abs(bin.observedRate - bin.meanProbability);
  }
  return labels.length === 0 ? NaN : sum / labels.length;
}

/** Maximum calibration error: the largest |observed rate − mean probability| of a bin with rows. NaN as above. */
export function maximumCalibrationError(labels: Sample, probabilities: Sample, bins = 10): number {
  for (let i = 0; i < probabilities.length; i++) if (Number.isNaN(probabilities[i]!)) return NaN;
  let largest = NaN;
  for (const bin of calibrationBins(labels, probabilities, bins)) {
    if (bin.count === 0) continue;
    const gap = Math.abs(bin.observedRate - bin.meanProbability);
    if (!(gap <= largest)) largest = gap;
  }
  return largest;
}
