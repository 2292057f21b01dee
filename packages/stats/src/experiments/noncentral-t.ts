import { gaussLegendre } from '../common/gauss-legendre.js';
import { normalSf } from '../special/normal.js';

const RULE = gaussLegendre(16);
const FEWEST_PANELS = 24;
const MOST_PANELS = 500;
const WIDEST = 12;

/**
 * P(T > t) for the noncentral t distribution with `df` ≥ 1 degrees of freedom and noncentrality `delta`: the normal
 * tail averaged over the deviation S = √(χ²/df), P(Z > t·S − delta), by quadrature. About ten digits; the tail of a
 * tiny probability keeps its digits.
 */
export function noncentralTSf(t: number, df: number, delta: number): number {
  if (Number.isNaN(t) || Number.isNaN(delta) || !(df >= 1)) return NaN;
  if (df === Infinity) return normalSf(t - delta);
  const mode = Math.sqrt((df - 1) / df);
  const reach = WIDEST / Math.sqrt(2 * df);
  const low = Math.max(0, mode - reach);
  // The normal tail falls within 1/t of its argument.
  const range = mode + reach - low;
  const panels = Math.min(MOST_PANELS, Math.max(FEWEST_PANELS, Math.ceil((range * Math.abs(t)) / 3)));
  const width = range / panels;
  let mass = 0;
  let tail = 0;
  for (let panel = 0; panel < panels; panel++) {
    for (let k = 0; k < RULE.nodes.length; k++) {
      const s = low + width * (panel + 0.5 + 0.5 * RULE.nodes[k]!);
      // Density of S relative to its mode; the logarithm's arguments stay near 1, so that a large df does not cancel.
      const u = mode === 0 ? s : (s - mode) / mode;
      const log = mode === 0 ? -0.5 * u * u : (df - 1) * (Math.log1p(u) - u - 0.5 * u * u);
      const weight = RULE.weights[k]! * Math.exp(log);
      mass += weight;
      tail += weight * normalSf(t * s - delta);
    }
  }
  return tail / mass;
}
