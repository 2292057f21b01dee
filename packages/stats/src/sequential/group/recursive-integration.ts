import { gaussLegendre } from '../../common/gauss-legendre.js';
import { normalSf } from '../../special/normal.js';

const RULE = gaussLegendre(8);
const NODES = RULE.nodes.length;
// Beyond so many standard deviations a normal kernel has nothing left.
const REACH = 9;
const MOST_PANELS = 4000;

/** Sub-density of the z statistic at a look, over the paths that have not stopped before or at it. */
export interface Continuing {
  readonly information: number;
  readonly z: Float64Array;
  /** Density × quadrature weight at `z`. */
  readonly mass: Float64Array;
}

/** Nothing seen yet. */
export const UNSTARTED: Continuing = { information: 0, z: Float64Array.of(0), mass: Float64Array.of(1) };

/**
 * P(z statistic at the look with `information` exceeds `bound`, or falls below it with side −1, after continuing), when
 * the score process drifts by `drift` per unit of information: z_k ~ N(drift·√I_k, 1), independent increments.
 */
export function exitProbability(
  from: Continuing,
  information: number,
  bound: number,
  side: 1 | -1,
  drift: number,
): number {
  const step = information - from.information;
  const root = Math.sqrt(step);
  const target = bound * Math.sqrt(information);
  const past = Math.sqrt(from.information);
  let sum = 0;
  for (let i = 0; i < from.z.length; i++) {
    sum += from.mass[i]! * normalSf((side * (target - from.z[i]! * past - drift * step)) / root);
  }
  return sum;
}

/** The next sub-density: continuing means staying inside [low, high] on the z scale at this look. */
export function continueBetween(
  from: Continuing,
  information: number,
  low: number,
  high: number,
  drift: number,
  nextStep: number,
): Continuing {
  const centre = drift * Math.sqrt(information);
  const left = Math.max(low, centre - REACH);
  const right = Math.min(high, centre + REACH);
  if (!(right > left)) return { information, z: new Float64Array(0), mass: new Float64Array(0) };
  // Panels resolve both this density and the kernel of the next step, whose scale on this axis is √(ΔI/I).
  const step = information - from.information;
  const scale = Math.min(1, Math.sqrt(step / information), Math.sqrt(nextStep / information));
  const panels = Math.min(MOST_PANELS, Math.max(1, Math.ceil((right - left) / (2.5 * scale))));
  const half = (right - left) / panels / 2;
  const z = new Float64Array(panels * NODES);
  const mass = new Float64Array(panels * NODES);
  const root = Math.sqrt(step);
  const factor = Math.sqrt(information / step / (2 * Math.PI)) * half;
  const here = Math.sqrt(information) / root;
  const there = Math.sqrt(from.information) / root;
  const shift = drift * root;
  const count = from.z.length;
  let first = 0;
  for (let i = 0; i < z.length; i++) {
    const k = i % NODES;
    const at = left + half * (2 * Math.floor(i / NODES) + 1 + RULE.nodes[k]!);
    const target = at * here - shift;
    // Both grids ascend: only a band of the kernel is not negligible.
    while (first < count && target - from.z[first]! * there > REACH) first++;
    let sum = 0;
    for (let j = first; j < count; j++) {
      const distance = target - from.z[j]! * there;
      if (distance < -REACH) break;
      sum += from.mass[j]! * Math.exp(-0.5 * distance * distance);
    }
    z[i] = at;
    mass[i] = factor * RULE.weights[k]! * sum;
  }
  return { information, z, mass };
}
