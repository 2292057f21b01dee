import { clopperPearson } from '../intervals/clopper-pearson.js';
import { meanInterval } from '../intervals/mean-interval.js';
import { normalSf } from '../special/normal.js';

/** One window whose labels have come. */
export interface RealisedWindow {
  /** The figure estimated without labels, and the standard error of realised − estimated that went with it. */
  readonly estimate: number;
  readonly standardError: number;
  readonly realised: number;
}

/**
 * `believable`: no sign against the estimates. `biased`: they lie too high or too low. `overconfident`: their intervals miss
 * more often than they may. `unclear`: fewer than {@link FEWEST_WINDOWS} windows.
 */
export type EstimateVerdict = 'believable' | 'biased' | 'overconfident' | 'unclear';

export interface EstimateCheck {
  readonly windows: number;
  /** Windows whose realised figure lies inside the estimate's interval. */
  readonly inside: number;
  readonly insideRate: number;
  /** Clopper–Pearson, of the rate. */
  readonly insideInterval: readonly [low: number, high: number];
  /** Mean of estimated − realised: positive when the estimates flatter (for figures where higher is better). */
  readonly bias: number;
  /** Student's t over windows. */
  readonly biasInterval: readonly [low: number, high: number];
  /** Root mean square of (estimated − realised)/standardError: about 1 when the standard errors are right. */
  readonly errorScale: number;
  readonly verdict: EstimateVerdict;
}

/** Below so many windows nothing is said. */
export const FEWEST_WINDOWS = 8;

/**
 * Estimates without labels against what labels said, over windows that do not overlap. Each sign (bias, coverage) is tested
 * at half of 1 − confidence, so that calibrated estimates are doubted at most so often. Windows with a NaN are left out.
 */
export function checkEstimates(
  windows: readonly RealisedWindow[],
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): EstimateCheck {
  const known = windows.filter(w => !Number.isNaN(w.estimate + w.standardError + w.realised));
  const errors = known.map(({ estimate, realised }) => estimate - realised);
  const scaled = known.map(({ standardError }, i) => (errors[i] === 0 ? 0 : errors[i]! / standardError));
  const inside = scaled.filter(z => 2 * normalSf(Math.abs(z)) >= 1 - confidence).length;
  const n = known.length;
  const strict = 1 - (1 - confidence) / 2;
  const { mean: bias, low, high } = meanInterval(errors, strict);
  // One-sided: only intervals that miss too often are a fault.
  const cover = clopperPearson(inside, n, confidence);
  return {
    windows: n,
    inside,
    insideRate: inside / n,
    insideInterval: cover,
    bias,
    biasInterval: [low, high],
    errorScale: Math.sqrt(scaled.reduce((sum, z) => sum + z * z, 0) / n),
    verdict:
      n < FEWEST_WINDOWS
        ? 'unclear'
        : low > 0 || high < 0
          ? 'biased'
          : cover[1] < confidence
            ? 'overconfident'
            : 'believable',
  };
}
