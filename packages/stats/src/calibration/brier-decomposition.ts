import { requireSameLength, type Sample } from '../common/samples.js';
import { calibrationBins } from '../metrics/calibration-error.js';
import { brierScore } from '../metrics/probability-scores.js';
import { normalSf } from '../special/normal.js';

/** brier = reliability − resolution + uncertainty + within. */
export interface BrierDecomposition {
  readonly brier: number;
  /** Mean squared distance of a bin's mean probability from its observed rate: 0 is calibrated. */
  readonly reliability: number;
  /** Mean squared distance of a bin's observed rate from the base rate: larger separates better. */
  readonly resolution: number;
  /** base rate·(1 − base rate): what the labels make hard. */
  readonly uncertainty: number;
  /** What binning leaves: 0 when every bin has one probability (Stephenson et al. 2008). */
  readonly within: number;
}

/** Murphy's decomposition (1973) of the Brier score over equal-width bins. NaN when empty or when anything is NaN. */
export function brierDecomposition(labels: Sample, probabilities: Sample, bins = 10): BrierDecomposition {
  const brier = brierScore(labels, probabilities);
  if (Number.isNaN(brier))
    return { brier: NaN, reliability: NaN, resolution: NaN, uncertainty: NaN, within: NaN };
  const n = labels.length;
  let positives = 0;
  for (let i = 0; i < n; i++) positives += labels[i]!;
  const base = positives / n;
  let reliability = 0;
  let resolution = 0;
  for (const { count, meanProbability, observedRate } of calibrationBins(labels, probabilities, bins)) {
    if (count === 0) continue;
    reliability += (count / n) * (meanProbability - observedRate) ** 2;
    resolution += (count / n) * (observedRate - base) ** 2;
  }
  const uncertainty = base * (1 - base);
  return {
    brier,
    reliability,
    resolution,
    uncertainty,
    within: brier - reliability + resolution - uncertainty,
  };
}

/**
 * Spiegelhalter's z (1986): whether the Brier score is what calibrated probabilities would give; positive when it is larger.
 * p is two-sided. NaN when empty, with any NaN, or when every probability is 0, ½ or 1 (no information).
 */
export function spiegelhalterZ(labels: Sample, probabilities: Sample): { z: number; pValue: number } {
  requireSameLength('labels', labels, 'probabilities', probabilities);
  let excess = 0;
  let variance = 0;
  for (let i = 0; i < labels.length; i++) {
    const p = probabilities[i]!;
    excess += (labels[i]! - p) * (1 - 2 * p);
    variance += (1 - 2 * p) ** 2 * p * (1 - p);
  }
  const z = variance > 0 ? excess / Math.sqrt(variance) : NaN;
  return { z, pValue: Math.min(1, 2 * normalSf(Math.abs(z))) };
}
