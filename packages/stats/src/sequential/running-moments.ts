/** Running count, mean and sums of central powers 2 to 4; a plain object. */
export interface RunningMoments {
  readonly n: number;
  readonly mean: number;
  readonly m2: number;
  readonly m3: number;
  readonly m4: number;
}

export const NO_MOMENTS: RunningMoments = { n: 0, mean: 0, m2: 0, m3: 0, m4: 0 };

/** One more value, without cancellation (Pébay 2008, "Formulas for robust, one-pass parallel computation …"). */
export function addToMoments({ n, mean, m2, m3, m4 }: RunningMoments, value: number): RunningMoments {
  const count = n + 1;
  const delta = value - mean;
  const step = delta / count;
  const square = delta * step * n;
  return {
    n: count,
    mean: mean + step,
    m2: m2 + square,
    m3: m3 + square * step * (count - 2) - 3 * step * m2,
    m4: m4 + square * step * step * (count * count - 3 * count + 3) + 6 * step * step * m2 - 4 * step * m3,
  };
}

/** γ = m₃/σ³, population form; 0 when all values are equal. */
export function skewness({ n, m2, m3 }: RunningMoments): number {
  return m2 > 0 ? (m3 * Math.sqrt(n)) / m2 ** 1.5 : 0;
}

/** Standard deviation whose variance is one standard error above the estimate. */
export function cautiousDeviation({ n, m2, m4 }: RunningMoments): number {
  const variance = m2 / n;
  return Math.sqrt(variance + Math.sqrt(Math.max(0, m4 / n - variance * variance) / n));
}
