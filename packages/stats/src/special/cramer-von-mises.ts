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
