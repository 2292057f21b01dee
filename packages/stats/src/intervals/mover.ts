/** An estimate with its interval. */
export interface Estimated {
  readonly value: number;
  readonly interval: readonly [low: number, high: number];
}

/**
 * Interval of a − b from the intervals of two independent estimates at the same confidence (MOVER, Zou & Donner 2008). With
 * Wilson intervals of two proportions this is Newcombe's hybrid score interval (1998, method 10).
 */
export function moverDifference(a: Estimated, b: Estimated): [low: number, high: number] {
  const difference = a.value - b.value;
  const down = Math.hypot(a.value - a.interval[0], b.interval[1] - b.value);
  const up = Math.hypot(a.interval[1] - a.value, b.value - b.interval[0]);
  return [difference - down, difference + up];
}

/**
 * Interval of a / b of two independent estimates that cannot be negative, on the log scale. An a of 0 gives low 0, a b that
 * may be 0 gives high Infinity; 0/0 gives [0, Infinity].
 */
export function moverRatio(a: Estimated, b: Estimated): [low: number, high: number] {
  const [lowA, highA] = a.interval;
  const [lowB, highB] = b.interval;
  if (Number.isNaN(a.value + b.value + lowA + highA + lowB + highB)) return [NaN, NaN];
  const down = Math.hypot(Math.log(a.value / lowA), Math.log(highB / b.value));
  const up = Math.hypot(Math.log(highA / a.value), Math.log(b.value / lowB));
  const low =
    a.value > 0 && lowA > 0 ? (b.value > 0 ? (a.value / b.value) * Math.exp(-down) : lowA / highB) : 0;
  if (!(lowB > 0)) return [low, Infinity];
  // With a = 0 there is no log to widen: the outermost ratio.
  return [low, a.value > 0 ? (a.value / b.value) * Math.exp(up) : highA / lowB];
}

/** Interval of Σ weight·estimate (weights ≥ 0) of independent estimates at the same confidence. */
export function moverSum(
  parts: readonly Estimated[],
  weights: readonly number[],
): [low: number, high: number] {
  let sum = 0;
  let down = 0;
  let up = 0;
  parts.forEach(({ value, interval }, i) => {
    const weight = weights[i]!;
    sum += weight * value;
    down += (weight * (value - interval[0])) ** 2;
    up += (weight * (interval[1] - value)) ** 2;
  });
  return [sum - Math.sqrt(down), sum + Math.sqrt(up)];
}
