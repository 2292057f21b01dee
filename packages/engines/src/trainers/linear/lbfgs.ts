import { dot, step, type Smooth } from './objective.js';

const MEMORY = 10;
/** Stop when no component of the mean gradient exceeds this. */
const TOLERANCE = 1e-6;

/**
 * L-BFGS (Nocedal 1980, two-loop recursion) with backtracking, from `w` in place. For models too wide for a Hessian;
 * its memory is 20 vectors.
 */
export function lbfgs(
  objective: Smooth,
  w: Float64Array,
  maxIterations: number,
  tolerance = TOLERANCE,
): void {
  const n = w.length;
  const { rows } = objective;
  const steps: { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[] = [];
  const gradient = new Float64Array(n);
  const alpha = new Float64Array(MEMORY);
  let candidate = new Float64Array(n);
  let value = objective.value(w);
  objective.gradient(w, gradient);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (gradient.every(g => Math.abs(g) <= tolerance * rows)) return;
    const direction = gradient.slice();
    for (let k = steps.length - 1; k >= 0; k--) {
      const { s, y, rho } = steps[k]!;
      alpha[k] = rho * dot(s, direction);
      step(direction, -alpha[k]!, y, direction);
    }
    const last = steps.at(-1);
    // Without history, a step of length about one; then the usual scaling sᵀy / yᵀy.
    const size =
      last === undefined ? 1 / Math.sqrt(dot(gradient, gradient)) : 1 / (last.rho * dot(last.y, last.y));
    for (let i = 0; i < n; i++) direction[i]! *= size;
    for (let k = 0; k < steps.length; k++) {
      const { s, y, rho } = steps[k]!;
      step(direction, alpha[k]! - rho * dot(y, direction), s, direction);
    }
    const slope = dot(gradient, direction);
    let t = 1;
    let next = Number.NaN;
    for (; t > 1e-12; t /= 2) {
      step(w, -t, direction, candidate);
      next = objective.value(candidate);
      if (next <= value - 1e-4 * t * slope) break;
    }
    if (!(next < value)) return;
    const before = gradient.slice();
    objective.gradient(candidate, gradient);
    const s = new Float64Array(n);
    const y = new Float64Array(n);
    step(candidate, -1, w, s);
    step(gradient, -1, before, y);
    const curvature = dot(s, y);
    if (curvature > 1e-12 * dot(y, y)) {
      steps.push({ s, y, rho: 1 / curvature });
      if (steps.length > MEMORY) steps.shift();
    }
    const held = new Float64Array(w);
    w.set(candidate);
    candidate = held;
    value = next;
  }
}
