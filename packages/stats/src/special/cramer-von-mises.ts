import { logGamma } from './gamma.js';

const NODES = 24;
/** e^(−u²x/2) below this adds nothing to the sum. */
const SMALLEST_EXPONENT = 746;

/**
 * P(ω² > x) for the limiting Cramér–von Mises statistic, by Smirnov's alternating series
 * (2/π)·Σ (−1)^(k+1) ∫ e^(−u²x/2)/√(−u·sin u) du over ((2k−1)π, 2kπ), k = 1, 2, …
 * (Smirnov 1936; Anderson & Darling 1952, eq. 4.35). The tail itself, so it keeps its digits down to the smallest
 * doubles. 1 for x ≤ 0.
 */
export function cramerVonMisesSf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  // Below, the lower tail is under 1e-17.
  if (x < 0.003) return 1;
  let sum = 0;
  for (let k = 1; ; k++) {
    const start = (2 * k - 1) * Math.PI;
    if ((start * start * x) / 2 > SMALLEST_EXPONENT) break;
    const part = stretch(start, x);
    sum += k % 2 === 1 ? part : -part;
    if (part < 1e-17 * Math.abs(sum)) break;
  }
  return Math.min(1, (2 / Math.PI) * sum);
}

/**
 * ∫ over (start, start + π). The substitution u = start + π(1 − cos φ)/2 takes the square-root poles at both ends
 * away and leaves a smooth even periodic function, for which the midpoint rule converges exponentially.
 */
function stretch(start: number, x: number): number {
  // The faster the exponential falls within the stretch, the more nodes it needs.
  const nodes = NODES + Math.ceil(4 * Math.sqrt(start * Math.PI * x));
  let sum = 0;
  for (let i = 0; i < nodes; i++) {
    const phi = (Math.PI * (i + 0.5)) / nodes;
    const s = (Math.PI * (1 - Math.cos(phi))) / 2;
    const u = start + s;
    sum += (Math.exp((-u * u * x) / 2) * Math.sin(phi)) / Math.sqrt(u * Math.sin(s));
  }
  return ((Math.PI / nodes) * (sum * Math.PI)) / 2;
}

const STEP = 0.125;
/** Relative to the integrand at its start, exp(−40). */
const NEGLIGIBLE = 40;

/**
 * P(ω² ≤ x) for the limiting Cramér–von Mises statistic, by the series with K_{1/4} (Csörgő & Faraway 1996, eq. 1.3).
 * Terms below `tolerance` end the series; at 1e-7, scipy's choice, values above x = 4 or so are off by as much.
 * For p-values use `cramerVonMisesSf`.
 */
export function cramerVonMisesCdf(x: number, tolerance = 1e-16): number {
  if (Number.isNaN(x)) return NaN;
  if (x <= 0) return 0;
  if (x === Infinity) return 1;
  let sum = 0;
  for (let k = 0; ; k++) {
    const y = 4 * k + 1;
    const factor = Math.exp(logGamma(k + 0.5) - logGamma(k + 1)) / (Math.PI ** 1.5 * Math.sqrt(x));
    const term = factor * Math.sqrt(y) * besselK((y * y) / (16 * x));
    sum += term;
    if (!(term >= tolerance)) return Math.min(1, sum);
  }
}

/** e^(−q)·K_{1/4}(q), from K_ν(q) = ∫₀^∞ e^(−q·cosh t)·cosh(νt) dt; the trapezoid rule converges exponentially. */
function besselK(q: number): number {
  let sum = 0.5;
  for (let t = STEP; ; t += STEP) {
    const fall = q * (Math.cosh(t) - 1) - t / 4;
    if (fall > NEGLIGIBLE) break;
    sum += Math.exp(-q * (Math.cosh(t) - 1)) * Math.cosh(t / 4);
  }
  return Math.exp(-2 * q) * sum * STEP;
}
