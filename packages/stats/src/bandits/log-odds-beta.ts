/** Panels of one posterior on the log-odds axis: Gauss–Legendre on each is exact to rounding. */
export interface LogOddsBeta {
  readonly a: number;
  readonly b: number;
  /** Mode on the log-odds scale, log(a/b). */
  readonly mode: number;
  /** a/(a+b) and its complement. */
  readonly mean: number;
  readonly rest: number;
  /** Ends of the panels, ascending; beyond the outer ones nothing is left. */
  readonly ends: Float64Array;
}

// Drops of the log density at the ends of the panels: about two standard deviations each.
const DROPS = [2, 8, 18, 32, 50, 72, 98];
// The density bends at z = 0, where the logistic function does, however flat it is elsewhere.
const BENDS = [-62, -30, -14, -6, -2, 0, 2, 6, 14, 30, 62];
// A narrower posterior than this could not be resolved around its mode in doubles; nobody could see the difference.
const LARGEST = 1e16;

/** log(1 − share + share·e^d) without cancellation or overflow. */
function logMix(share: number, d: number): number {
  return d > 700 ? d + Math.log(share) : Math.log1p(share * Math.expm1(d));
}

/** Log density of log(θ/(1−θ)), relative to its mode; concave and smooth for all positive parameters. */
export function logDensity({ a, b, mode, mean, rest }: LogOddsBeta, z: number): number {
  const d = z - mode;
  return -a * logMix(rest, -d) - b * logMix(mean, d);
}

/** The Beta(a, b) posterior of a rate θ, seen on the log-odds scale, where parameters below 1 have no poles. */
export function logOddsBeta(alpha: number, beta: number): LogOddsBeta {
  if (!(alpha > 0 && beta > 0 && alpha < Infinity && beta < Infinity))
    throw new RangeError(`a beta posterior needs positive finite parameters, got ${alpha} and ${beta}`);
  const shrink = Math.min(1, LARGEST / Math.min(alpha, beta));
  const a = alpha * shrink;
  const b = beta * shrink;
  // Halved, so that the sum of two huge parameters does not overflow.
  const half = a / 2 + b / 2;
  const mode = Math.log(a) - Math.log(b);
  const shape = { a, b, mode, mean: a / 2 / half, rest: b / 2 / half, ends: new Float64Array(0) };
  const deviation = Math.sqrt(1 / a + 1 / b);
  const inner = [mode];
  for (const direction of [-1, 1]) {
    let distance = 0;
    for (const drop of DROPS) {
      distance = distanceOfDrop(shape, drop, direction, distance, deviation);
      inner.push(mode + direction * distance);
    }
  }
  const low = Math.min(...inner);
  const high = Math.max(...inner);
  const ends = [...inner, ...BENDS.filter(bend => bend > low && bend < high)].sort((x, y) => x - y);
  return { ...shape, ends: Float64Array.from(new Set(ends)) };
}

/** How far from the mode the log density has dropped so much, to one per cent. */
function distanceOfDrop(
  shape: LogOddsBeta,
  drop: number,
  direction: number,
  from: number,
  step: number,
): number {
  let low = from;
  let high = from + step;
  while (logDensity(shape, shape.mode + direction * high) > -drop) {
    low = high;
    high += high - from;
  }
  while (high - low > 0.01 * (high - from)) {
    const middle = (low + high) / 2;
    if (logDensity(shape, shape.mode + direction * middle) > -drop) low = middle;
    else high = middle;
  }
  return high;
}
