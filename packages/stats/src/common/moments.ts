import type { Sample } from './samples.js';

/** Number of values, mean and sample variance (ddof 1; NaN below two values). */
export interface Moments {
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
}

/** Mean in two passes: the second removes the rounding error of the first. NaN when empty. */
export function mean(values: Sample): number {
  const n = values.length;
  if (n === 0) return NaN;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i]!;
  const first = sum / n;
  if (!Number.isFinite(first)) return first;
  let rest = 0;
  for (let i = 0; i < n; i++) rest += values[i]! - first;
  return first + rest / n;
}

/** Two-pass moments. A NaN among the values makes mean and variance NaN. */
export function moments(values: Sample): Moments {
  const n = values.length;
  const centre = mean(values);
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const d = values[i]! - centre;
    squares += d * d;
  }
  return { n, mean: centre, variance: n < 2 ? NaN : squares / (n - 1) };
}
