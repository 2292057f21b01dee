import { choleskySolve } from './cholesky.js';
import { gram } from './design.js';
import { dot, step, type Objective } from './objective.js';

/** Stop when half the Newton decrement (what a full step would still gain, per row) is below this. */
const TOLERANCE = 1e-10;

/**
 * Newton's method with step halving, from `w` in place: iteratively reweighted least squares for log-loss, one exact
 * step for ridge. Returns false when the Hessian cannot be factored.
 */
export function newton(objective: Objective, w: Float64Array, l2: number, maxIterations: number): boolean {
  const { design } = objective;
  const n = design.columns;
  const hessian = new Float64Array(n * n);
  const gradient = new Float64Array(n);
  const direction = new Float64Array(n);
  const candidate = new Float64Array(n);
  let value = objective.value(w);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    objective.gradient(w, gradient);
    gram(design, objective.curvature, hessian);
    // A trace of ridge even at l2 = 0: one-hot columns of a feature add up to the intercept's.
    for (let k = 1; k < n; k++) hessian[k * n + k]! += Math.max(l2, 1e-8);
    if (!choleskySolve(hessian, n, gradient, direction)) return false;
    const decrement = dot(gradient, direction);
    if (decrement / 2 <= TOLERANCE * design.rows) return true;
    let t = 1;
    let next = Number.NaN;
    for (; t > 1e-10; t /= 2) {
      step(w, -t, direction, candidate);
      next = objective.value(candidate);
      if (next <= value - 1e-4 * t * decrement) break;
    }
    // No step goes down: rounding is all that is left.
    if (!(next < value)) {
      objective.value(w);
      return true;
    }
    w.set(candidate);
    value = next;
  }
  return true;
}
