import { durbinCdf } from './durbin.js';
import { pelzGoodCdf } from './pelz-good.js';
import { smirnovSf } from './smirnov.js';

/**
 * P(Dₙ ≥ d) for the two-sided one-sample statistic at finite n, choosing among methods as in
 * Simard & L'Ecuyer 2011, "Computing the two-sided Kolmogorov–Smirnov distribution" (J. Stat. Softw. 39/11).
 */
export function kolmogorovFiniteSf(n: number, d: number): number {
  if (Number.isNaN(d) || !(n >= 1)) return NaN;
  const nd = n * d;
  if (nd <= 0.5) return 1;
  if (d >= 1) return 0;
  // Two one-sided crossings cannot happen together beyond ½, and hardly do in the tail.
  const tail = nd * d;
  if (d >= 0.5 || tail >= (n <= 140 ? 4 : 2.2)) return tail >= 370 ? 0 : Math.min(1, 2 * smirnovSf(n, d));
  if (n <= 140 || (n <= 100_000 && nd * Math.sqrt(d) <= 1.4)) return clip(1 - durbinCdf(n, d));
  return clip(1 - pelzGoodCdf(n, d));
}

function clip(p: number): number {
  return Math.min(1, Math.max(0, p));
}
