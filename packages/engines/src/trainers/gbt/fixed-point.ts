/**
 * Sums of gradients in fixed point. Each row's gradient and hessian is rounded to a whole number of tiny units, so
 * every histogram sum is an exact integer in a double (below 2^53). Sums then do not depend on their order, a child's
 * histogram by subtraction equals the one by counting, and a row's hessian and its count share one double:
 * `packed = count · 2^shift + hessian`. The histogram loop, which is nearly all of training, moves two numbers a row
 * instead of three.
 */
export interface FixedPoint {
  /** Value of one unit of gradient, and of hessian. */
  readonly gradientUnit: number;
  readonly hessianUnit: number;
  /** 2^shift, and its inverse. */
  readonly one: number;
  readonly perOne: number;
}

/** The least k with 2^k ≥ x. */
function log2Ceil(x: number): number {
  let k = Math.ceil(Math.log2(x));
  // log2 may miss by one at exact powers.
  while (2 ** k < x) k++;
  while (2 ** (k - 1) >= x) k--;
  return k;
}

/** Scales for `rows` rows whose |gradient| and hessian stay at or below the bounds. */
export function fixedPoint(rows: number, maxGradient: number, maxHessian: number): FixedPoint {
  const rowBits = log2Ceil(rows + 1);
  const shift = 52 - rowBits;
  return {
    gradientUnit: 2 ** (log2Ceil(maxGradient) + rowBits - 52),
    // One bit is spare for the rounding that is carried on.
    hessianUnit: 2 ** (log2Ceil(maxHessian) + rowBits + 1 - shift),
    one: 2 ** shift,
    perOne: 2 ** -shift,
  };
}

/**
 * Rounds in place: `gradients` to units, `hessians` to packed units. What rounding takes from one row's hessian is given
 * to the next, so that sums over many rows stay unbiased even when a unit is coarse (many rows).
 */
export function toFixedPoint(gradients: Float64Array, hessians: Float64Array, scale: FixedPoint): void {
  const perGradient = 1 / scale.gradientUnit;
  const perHessian = 1 / scale.hessianUnit;
  let carried = 0;
  for (let i = 0; i < gradients.length; i++) {
    gradients[i] = Math.round(gradients[i]! * perGradient);
    const exact = hessians[i]! * perHessian + carried;
    const units = Math.round(exact);
    carried = exact - units;
    hessians[i] = scale.one + units;
  }
}
