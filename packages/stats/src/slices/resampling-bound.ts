/** Grid of the tilt θ in units of 1/σ: optimal for mean excesses of about θ·σ. */
const TILTS = Float64Array.from({ length: 100 }, (_, i) => 0.002 * 1.1 ** i);
const KNOTS = 1024;

/**
 * Natural log of a bound on P(mean of n rows drawn without replacement exceeds the mean of all by `excess`), whatever the law
 * of the values: Chernoff's bound with the values' own moment-generating function, which draws without replacement never
 * exceed (Hoeffding 1963, theorem 4). Holds at any n; about as sharp as a normal tail but for a factor of a few.
 */
export interface ResamplingBound {
  readonly mean: number;
  /** Standard deviation, ddof 0. */
  readonly deviation: number;
  readonly n: number;
  logTail(excess: number, n: number): number;
}

/** The bound for these values. Their moment-generating function is bounded from above on 1,024 quantiles: it stays a bound. */
export function resamplingBound(values: Float64Array): ResamplingBound {
  const total = values.length;
  let sum = 0;
  for (let i = 0; i < total; i++) sum += values[i]!;
  const mean = sum / total;
  let squares = 0;
  for (let i = 0; i < total; i++) squares += (values[i]! - mean) ** 2;
  const deviation = Math.sqrt(squares / total);
  const { knots, masses } = chords(values);
  const up = new Float64Array(TILTS.length);
  const down = new Float64Array(TILTS.length);
  TILTS.forEach((tilt, t) => {
    up[t] = cumulant(knots, masses, mean, tilt / deviation);
    down[t] = cumulant(knots, masses, mean, -tilt / deviation);
  });
  const best = (excess: number, n: number, cumulants: Float64Array): number => {
    let least = 0;
    for (let t = 0; t < TILTS.length; t++) {
      const exponent = n * (cumulants[t]! - (TILTS[t]! / deviation) * excess);
      if (exponent < least) least = exponent;
    }
    return least;
  };
  return {
    mean,
    deviation,
    n: total,
    logTail(excess, n) {
      if (!(excess > 0) || deviation === 0 || n >= total) return 0;
      // The rows left out lie as much below: a second bound on the same event, the better one for large n.
      const rest = total - n;
      return Math.min(best(excess, n, up), best((excess * n) / rest, rest, down));
    },
  };
}

/**
 * Values moved to the knots around them so that their mean stays: as e^{θx} lies below its chords, its mean over the knots
 * is never below that over the values.
 */
function chords(values: Float64Array): { knots: Float64Array; masses: Float64Array } {
  const sorted = values.slice().sort();
  const n = sorted.length;
  const count = Math.min(KNOTS, n);
  const knots = Float64Array.from({ length: count }, (_, k) =>
    count === 1 ? sorted[0]! : sorted[Math.round((k * (n - 1)) / (count - 1))]!,
  );
  const masses = new Float64Array(count);
  let k = 0;
  for (let i = 0; i < n; i++) {
    const value = sorted[i]!;
    while (k + 1 < count && knots[k + 1]! <= value) k++;
    const width = k + 1 < count ? knots[k + 1]! - knots[k]! : 0;
    const share = width > 0 ? (value - knots[k]!) / width : 0;
    masses[k]! += (1 - share) / n;
    if (share > 0) masses[k + 1]! += share / n;
  }
  return { knots, masses };
}

/** log E e^{θ(x − mean)}. */
function cumulant(knots: Float64Array, masses: Float64Array, mean: number, theta: number): number {
  const top = Math.max(theta * (knots[0]! - mean), theta * (knots[knots.length - 1]! - mean));
  let sum = 0;
  for (let k = 0; k < knots.length; k++) {
    if (masses[k]! > 0) sum += masses[k]! * Math.exp(theta * (knots[k]! - mean) - top);
  }
  return top + Math.log(sum);
}
