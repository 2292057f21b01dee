import { mean, moments, type Moments } from '../common/moments.js';
import { present, requireSameLength, type Sample } from '../common/samples.js';

/** One arm: an outcome per unit, and covariates of the same units from before the experiment. */
export interface CupedArm {
  readonly outcome: Sample;
  readonly covariates: readonly Sample[];
}

export interface Cuped {
  /** Adjusted arms, for `experimentEffect`; its baseline is the control's unadjusted mean. */
  readonly control: Moments;
  readonly treatment: Moments;
  /** Mean outcome of the control before adjustment. */
  readonly baseline: number;
  /** Coefficient of each covariate; 0 where it is constant or a combination of earlier ones. */
  readonly theta: readonly number[];
  /** 1 − adjusted/unadjusted variance of the difference of means; may be slightly negative in small samples. */
  readonly varianceReduction: number;
}

// A covariate whose remaining variance is this share of its own is a combination of the earlier ones.
const COLLINEAR = 1e-12;

/**
 * CUPED (Deng, Xu, Kohavi & Walker 2013, "Improving the sensitivity of online controlled experiments by utilizing
 * pre-experiment data"): outcomes less theta·(covariate − its overall mean), theta by least squares within the arms
 * (one covariate: pooled covariance over pooled variance). Covariates must not be touched by the treatment. A unit
 * with a NaN outcome is dropped; a NaN covariate (a new user) counts as the overall mean: no adjustment. An arm without
 * units has mean NaN. Arms with different numbers of covariates, or unpaired lengths, are a RangeError.
 */
export function cuped(control: CupedArm, treatment: CupedArm): Cuped {
  const count = control.covariates.length;
  if (treatment.covariates.length !== count)
    throw new RangeError(
      `the control has ${count} covariates but the treatment has ${treatment.covariates.length}`,
    );
  const arms = [kept(control), kept(treatment)] as const;
  const [first, second] = arms;
  for (let k = 0; k < count; k++) centre(first.covariates[k]!, second.covariates[k]!);
  const theta = leastSquares(arms, count);
  const adjusted = arms.map(each => moments(adjust(each, theta)));
  const plain = arms.map(({ outcome }) => moments(outcome));
  const varianceOf = ([c, t]: readonly Moments[]): number => c!.variance / c!.n + t!.variance / t!.n;
  return {
    control: adjusted[0]!,
    treatment: adjusted[1]!,
    baseline: plain[0]!.mean,
    theta: Array.from(theta),
    varianceReduction: 1 - varianceOf(adjusted) / varianceOf(plain),
  };
}

interface Kept {
  readonly outcome: Float64Array;
  readonly covariates: readonly Float64Array[];
}

/** Copies of the rows that have an outcome. */
function kept({ outcome, covariates }: CupedArm): Kept {
  const pick = (values: Sample): Float64Array => {
    const picked = new Float64Array(outcome.length);
    let n = 0;
    for (let i = 0; i < outcome.length; i++) if (!Number.isNaN(outcome[i]!)) picked[n++] = values[i]!;
    return picked.subarray(0, n);
  };
  for (const covariate of covariates) requireSameLength('outcome', outcome, 'a covariate', covariate);
  return { outcome: pick(outcome), covariates: covariates.map(pick) };
}

/** Subtracts the overall mean of the present values in place; missing ones become 0, the mean. */
function centre(a: Float64Array, b: Float64Array): void {
  const all = new Float64Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  const seen = present(all);
  const middle = seen.length === 0 ? 0 : mean(seen);
  for (const values of [a, b]) {
    for (let i = 0; i < values.length; i++) values[i] = Number.isNaN(values[i]!) ? 0 : values[i]! - middle;
  }
}

/** Outcomes less what the centred covariates explain. */
function adjust({ outcome, covariates }: Kept, theta: Float64Array): Float64Array {
  const rest = Float64Array.from(outcome);
  covariates.forEach((covariate, k) => subtract(rest, theta[k]!, covariate));
  return rest;
}

/** target −= share·column. */
function subtract(target: Float64Array, share: number, column: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] = target[i]! - share * column[i]!;
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}

/** Within-arm regression by modified Gram–Schmidt, which does not square the condition number. */
function leastSquares(arms: readonly Kept[], count: number): Float64Array {
  const n = arms[0]!.outcome.length + arms[1]!.outcome.length;
  // Both arms stacked, each column less its arm's mean.
  const stack = (columns: readonly Float64Array[]): Float64Array => {
    const column = new Float64Array(n);
    let at = 0;
    for (const values of columns) {
      const middle = mean(values);
      for (let i = 0; i < values.length; i++) column[at++] = values[i]! - middle;
    }
    return column;
  };
  const rest = stack(arms.map(({ outcome }) => outcome));
  const basis: Float64Array[] = [];
  const norms: number[] = [];
  const shares: number[] = [];
  const upper: number[][] = [];
  for (let k = 0; k < count; k++) {
    const column = stack(arms.map(({ covariates }) => covariates[k]!));
    const own = dot(column, column);
    const row: number[] = [];
    basis.forEach((earlier, j) => {
      const share = norms[j] === 0 ? 0 : dot(earlier, column) / norms[j]!;
      row.push(share);
      subtract(column, share, earlier);
    });
    const left = dot(column, column);
    const norm = left > COLLINEAR * own ? left : 0;
    const share = norm === 0 ? 0 : dot(column, rest) / norm;
    subtract(rest, share, column);
    basis.push(column);
    norms.push(norm);
    shares.push(share);
    upper.push(row);
  }
  const theta = new Float64Array(count);
  for (let k = count - 1; k >= 0; k--) {
    let value = shares[k]!;
    for (let j = k + 1; j < count; j++) value -= upper[j]![k]! * theta[j]!;
    theta[k] = norms[k] === 0 ? 0 : value;
  }
  return theta;
}
