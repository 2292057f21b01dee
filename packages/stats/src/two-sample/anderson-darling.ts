import { type AnySample, sortedPresent } from '../common/samples.js';
import { sortAscending } from '../common/sort.js';

export interface AndersonDarlingResult {
  /** (A² − (k − 1))/σ, standardised; negative when the samples are closer than chance would have them. */
  readonly statistic: number;
  /** Within [0.001, 0.25]: outside, the nearer end. */
  readonly pValue: number;
  /** At significance 25, 10, 5, 2.5, 1, 0.5 and 0.1 %. */
  readonly criticalValues: readonly number[];
  readonly sizes: readonly number[];
}

// Scholz & Stephens 1987, table 2, with the levels that scipy adds.
const LEVELS = [0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001] as const;
const B0 = [0.675, 1.281, 1.645, 1.96, 2.326, 2.573, 3.085] as const;
const B1 = [-0.245, 0.25, 0.678, 1.149, 1.822, 2.364, 3.615] as const;
const B2 = [-0.105, -0.305, -0.362, -0.391, -0.396, -0.345, -0.154] as const;

/**
 * k-sample Anderson–Darling test, mid-rank version (Scholz & Stephens 1987, A²akN): like Cramér–von Mises with the
 * tails given their full weight. The p-value is a quadratic in the log through the tabulated critical values and
 * ends at 0.001 and 0.25. NaN is dropped. An empty sample, one distinct value in all, or fewer than four values:
 * statistic and p NaN. Fewer than two samples: RangeError. Source: scipy.stats.anderson_ksamp(midrank=True).
 */
export function andersonDarling(samples: readonly AnySample[]): AndersonDarlingResult {
  const k = samples.length;
  if (k < 2) throw new RangeError(`the Anderson–Darling test compares at least two samples, got ${k}`);
  const sorted = samples.map(sortedPresent);
  const sizes = sorted.map(values => values.length);
  const criticalValues = LEVELS.map((_, i) => B0[i]! + B1[i]! / Math.sqrt(k - 1) + B2[i]! / (k - 1));
  const pool = sortAscending(sorted.flatMap(values => Array.from(values)));
  const total = pool.length;
  if (sizes.some(size => size === 0) || total < 4 || pool[0] === pool[total - 1]) {
    return { statistic: NaN, pValue: NaN, criticalValues, sizes };
  }
  const statistic = (rankStatistic(sorted, pool) - (k - 1)) / Math.sqrt(variance(sizes, total));
  return { statistic, pValue: interpolated(statistic, criticalValues), criticalValues, sizes };
}

/** A²akN, eq. 7. */
function rankStatistic(sorted: readonly Float64Array[], pool: Float64Array): number {
  const total = pool.length;
  const next = sorted.map(() => 0);
  const sums = sorted.map(() => 0);
  for (let start = 0; start < total; ) {
    const value = pool[start]!;
    let end = start;
    while (end < total && pool[end] === value) end++;
    const tied = end - start;
    const below = start + tied / 2;
    const weight = tied / total / (below * (total - below) - (total * tied) / 4);
    for (let i = 0; i < sorted.length; i++) {
      const sample = sorted[i]!;
      const first = next[i]!;
      let after = first;
      while (after < sample.length && sample[after] === value) after++;
      next[i] = after;
      sums[i]! += weight * (total * ((first + after) / 2) - below * sample.length) ** 2;
    }
    start = end;
  }
  return ((total - 1) / total) * sums.reduce((all, sum, i) => all + sum / sorted[i]!.length, 0);
}

/** Exact variance of A² under the null hypothesis, eq. 4. */
function variance(sizes: readonly number[], total: number): number {
  const k = sizes.length;
  const inverse = sizes.reduce((sum, size) => sum + 1 / size, 0);
  let partial = 0;
  let g = 0;
  // partial = Σ_{j=N−i}^{N−1} 1/j, one more term each round.
  for (let i = 1; i <= total - 2; i++) {
    partial += 1 / (total - i);
    g += partial / (i + 1);
  }
  const h = partial + 1;
  const a = (4 * g - 6) * (k - 1) + (10 - 6 * g) * inverse;
  const b = (2 * g - 4) * k * k + 8 * h * k + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6;
  const c = (6 * h + 2 * g - 2) * k * k + (4 * h - 4 * g + 6) * k + (2 * h - 6) * inverse + 4 * h;
  const d = (2 * h + 6) * k * k - 4 * h * k;
  return (((a * total + b) * total + c) * total + d) / ((total - 1) * (total - 2) * (total - 3));
}

function interpolated(statistic: number, critical: readonly number[]): number {
  if (statistic < critical[0]!) return LEVELS[0];
  if (statistic > critical[critical.length - 1]!) return LEVELS[LEVELS.length - 1]!;
  const [c0, c1, c2] = quadraticFit(critical, LEVELS.map(Math.log));
  return Math.exp(c0 + statistic * (c1 + statistic * c2));
}

/** Least-squares parabola, by orthogonal polynomials on the given points. */
function quadraticFit(x: readonly number[], y: readonly number[]): [number, number, number] {
  const n = x.length;
  const dot = (u: readonly number[], v: readonly number[]): number =>
    u.reduce((sum, each, i) => sum + each * v[i]!, 0);
  const centre = x.reduce((sum, each) => sum + each, 0) / n;
  const p1 = x.map(each => each - centre);
  const norm1 = dot(p1, p1);
  const alpha =
    dot(
      p1.map((each, i) => each * each * x[i]!),
      x.map(() => 1),
    ) / norm1;
  const beta = norm1 / n;
  const p2 = x.map((each, i) => (each - alpha) * p1[i]! - beta);
  const w0 = y.reduce((sum, each) => sum + each, 0) / n;
  const w1 = dot(p1, y) / norm1;
  const w2 = dot(p2, y) / dot(p2, p2);
  return [w0 - w1 * centre + w2 * (alpha * centre - beta), w1 - w2 * (alpha + centre), w2];
}
