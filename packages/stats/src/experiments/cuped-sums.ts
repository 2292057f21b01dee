import type { Moments } from '../common/moments.js';
import { meanArm, type MeanSums } from './arm.js';
import type { Cuped } from './cuped.js';

/** Sums over the units of one arm that CUPED with one covariate needs; arms of several days add up field by field. */
export interface CupedSums extends MeanSums {
  readonly covariateSum: number;
  readonly covariateSumSquares: number;
  /** Σ outcome·covariate. */
  readonly products: number;
}

/**
 * As `cuped` with one covariate and no missing values, from sums, so that nobody's values need be kept. A covariate
 * that is constant within the arms has theta 0. Sums of squares cancel where a mean is large against the spread.
 */
export function cupedFromSums(control: CupedSums, treatment: CupedSums): Cuped {
  const arms = [control, treatment].map(each => {
    const { n, sum, covariateSum, covariateSumSquares, products } = each;
    return {
      outcome: meanArm(each),
      past: meanArm({ n, sum: covariateSum, sumSquares: covariateSumSquares }),
      covariance: n < 2 ? NaN : (products - (sum * covariateSum) / n) / (n - 1),
    };
  });
  let shared = 0;
  let spread = 0;
  for (const { outcome, past, covariance } of arms) {
    if (outcome.n < 2) continue;
    shared += (outcome.n - 1) * covariance;
    spread += (outcome.n - 1) * past.variance;
  }
  const theta = spread > 0 ? shared / spread : 0;
  const middle = (control.covariateSum + treatment.covariateSum) / (control.n + treatment.n);
  const [first, second] = arms.map(
    ({ outcome: { n, mean, variance }, past, covariance }): Moments => ({
      n,
      mean: mean - theta * (past.mean - middle),
      variance: variance + theta * theta * past.variance - 2 * theta * covariance,
    }),
  );
  const [plainFirst, plainSecond] = arms.map(({ outcome }) => outcome.variance / outcome.n);
  return {
    control: first!,
    treatment: second!,
    baseline: arms[0]!.outcome.mean,
    theta: [theta],
    varianceReduction:
      1 - (first!.variance / first!.n + second!.variance / second!.n) / (plainFirst! + plainSecond!),
  };
}
