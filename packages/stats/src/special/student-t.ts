import { betaCdf, betaQuantile } from './beta.js';
import { normalQuantile, normalSf } from './normal.js';

// Beyond this Cephes' incomplete beta function loses digits.
const LARGEST_BETA = 1e5;

/** Hill 1970 (Algorithm 395): a normal deviate with the same tail, for many degrees of freedom. */
function nearNormalSf(t: number, df: number): number {
  const a = df - 0.5;
  const b = 48 * a * a;
  const z = a * Math.log1p((t * t) / df);
  const y =
    Math.sqrt(z) * ((((-0.4 * z - 3.3) * z - 24) * z - 85.5) / (0.8 * z * z + 100 + b) / b + (z + 3) / b + 1);
  return normalSf(t < 0 ? -y : y);
}

/**
 * P(T > t) for Student's t with `df` > 0 degrees of freedom, not necessarily an integer; df = Infinity is normal.
 * Through the incomplete beta function: ½·I_{df/(df+t²)}(df/2, ½).
 */
export function studentTSf(t: number, df: number): number {
  if (Number.isNaN(t) || !(df > 0)) return NaN;
  if (df === Infinity) return normalSf(t);
  if (t === Infinity) return 0;
  if (t === -Infinity) return 1;
  if (df > LARGEST_BETA) return nearNormalSf(t, df);
  const square = t * t;
  // Near the centre the argument is close to 1 and its complement keeps more digits; further out that would cancel.
  const tail =
    square < 1
      ? 0.5 - 0.5 * betaCdf(square / (df + square), 0.5, df / 2)
      : 0.5 * betaCdf(df / (df + square), df / 2, 0.5);
  return t >= 0 ? tail : 1 - tail;
}

/** Two-sided p-value of a t statistic. */
export function studentTTwoSided(t: number, df: number): number {
  return Math.min(1, 2 * studentTSf(Math.abs(t), df));
}

/** The p quantile of Student's t; NaN outside [0, 1]. Through the Beta quantile of df/(df+t²). */
export function studentTQuantile(p: number, df: number): number {
  if (!(p >= 0 && p <= 1) || !(df > 0)) return NaN;
  if (p < 0.5) return -studentTQuantile(1 - p, df);
  if (df === Infinity) return normalQuantile(p);
  const tail = 2 * (1 - p);
  const x = betaQuantile(tail, df / 2, 0.5);
  if (x < 0.5) return Math.sqrt(df * (1 / x - 1));
  // Near the centre x is close to 1: take its complement directly.
  const y = betaQuantile(1 - tail, 0.5, df / 2);
  return Math.sqrt((df * y) / (1 - y));
}
