import type { Sample } from '../common/samples.js';
import { sortAscending } from '../common/sort.js';
import { quantile } from '../profiles/quantile.js';

/** One row is one point: all rows have the same number of coordinates. */
export type Rows = readonly Sample[];

export interface MmdOptions {
  /** Kernel exp(−gamma·‖u − v‖²). Default: 1 / the median squared distance of the pooled rows. */
  readonly gamma?: number;
  /** How many random re-assignments; default 199. */
  readonly permutations?: number;
  /** Uniform on (0, 1); needed unless `orders` are given. */
  readonly random?: () => number;
  /** Re-assignments to use instead: each lists all pool indices (x, then y), the first n being the new x. */
  readonly orders?: readonly Sample[];
}

export interface MmdResult {
  /** Unbiased estimate of the squared maximum mean discrepancy; may be negative. */
  readonly statistic: number;
  /** (1 + number of re-assignments at least as large) / (1 + permutations): valid at any number of them. */
  readonly pValue: number;
  readonly gamma: number;
  /** Of all pairs of the pooled rows. */
  readonly medianSquaredDistance: number;
  /** The statistic of each re-assignment. */
  readonly permuted: Float64Array;
  readonly n: number;
  readonly m: number;
}

const LARGEST_POOL = 4000;
/** Sums in another order differ by this much: the same partition must count as reached. */
const ROUNDING = 1e-13;

/**
 * Maximum mean discrepancy test with a Gaussian kernel (Gretton et al. 2012): do two samples of points come from one
 * distribution? The unbiased U-statistic, with a permutation p-value. O((n+m)²) time and memory; more than 4,000 rows
 * in all is a RangeError (draw a part). Rows that hold NaN are dropped. Fewer than two rows a side: NaN.
 */
export function mmdTest(x: Rows, y: Rows, options: MmdOptions = {}): MmdResult {
  const left = x.filter(isComplete);
  const right = y.filter(isComplete);
  const n = left.length;
  const m = right.length;
  const pool = [...left, ...right];
  if (pool.length > LARGEST_POOL) {
    throw new RangeError(`the MMD test compares at most ${LARGEST_POOL} rows in all, got ${pool.length}`);
  }
  const distances = squaredDistances(pool);
  const medianSquaredDistance = quantile(sortAscending(distances), 0.5);
  const gamma = options.gamma ?? defaultGamma(distances, medianSquaredDistance);
  if (!(gamma > 0 && gamma < Infinity)) throw new RangeError(`gamma must be positive, got ${gamma}`);
  if (n < 2 || m < 2) {
    return { statistic: NaN, pValue: NaN, gamma, medianSquaredDistance, permuted: new Float64Array(0), n, m };
  }
  const kernel = new Kernel(distances, gamma, n, m);
  const statistic = kernel.mmd2(Array.from({ length: n }, (_, i) => i));
  const orders = options.orders ?? randomSubsets(n, n + m, options.permutations ?? 199, options.random);
  const permuted = Float64Array.from(orders, order => kernel.mmd2(Array.prototype.slice.call(order, 0, n)));
  const reached = permuted.reduce((count, each) => count + Number(each >= statistic - ROUNDING), 0);
  const pValue = (1 + reached) / (1 + permuted.length);
  return { statistic, pValue, gamma, medianSquaredDistance, permuted, n, m };
}

function isComplete(row: Sample): boolean {
  for (let k = 0; k < row.length; k++) if (Number.isNaN(row[k]!)) return false;
  return true;
}

/** Pairs i < j, row by row. */
function squaredDistances(pool: Rows): Float64Array {
  const total = pool.length;
  const width = pool[0]?.length ?? 0;
  const distances = new Float64Array((total * (total - 1)) / 2);
  let at = 0;
  for (let i = 0; i < total; i++) {
    const u = pool[i]!;
    if (u.length !== width) throw new RangeError(`row ${i} has ${u.length} coordinates, others ${width}`);
    for (let j = i + 1; j < total; j++) {
      const v = pool[j]!;
      let sum = 0;
      for (let k = 0; k < width; k++) sum += (u[k]! - v[k]!) ** 2;
      distances[at++] = sum;
    }
  }
  return distances;
}

/** Where most rows coincide the median is 0: then the mean, and where all do, any width. */
function defaultGamma(distances: Float64Array, middle: number): number {
  if (middle > 0) return 1 / middle;
  const average = distances.reduce((sum, each) => sum + each, 0) / distances.length;
  return average > 0 ? 1 / average : 1;
}

/** The kernel matrix without its diagonal, and the sums the statistic is made of. */
class Kernel {
  readonly #matrix: Float64Array;
  readonly #rowSums: Float64Array;
  readonly #total: number;
  readonly #n: number;
  readonly #m: number;

  constructor(distances: Float64Array, gamma: number, n: number, m: number) {
    const size = n + m;
    this.#matrix = new Float64Array(size * size);
    this.#rowSums = new Float64Array(size);
    this.#n = n;
    this.#m = m;
    let total = 0;
    let at = 0;
    for (let i = 0; i < size; i++) {
      for (let j = i + 1; j < size; j++) {
        const value = Math.exp(-gamma * distances[at++]!);
        this.#matrix[i * size + j] = value;
        this.#matrix[j * size + i] = value;
        this.#rowSums[i]! += value;
        this.#rowSums[j]! += value;
        total += 2 * value;
      }
    }
    this.#total = total;
  }

  /** Σ_xx/(n(n−1)) + Σ_yy/(m(m−1)) − 2Σ_xy/(nm) when `first` are the rows of x. */
  mmd2(first: readonly number[]): number {
    const n = this.#n;
    const m = this.#m;
    const size = n + m;
    let within = 0;
    let touching = 0;
    for (let p = 0; p < n; p++) {
      const row = first[p]! * size;
      touching += this.#rowSums[first[p]!]!;
      for (let q = 0; q < p; q++) within += this.#matrix[row + first[q]!]!;
    }
    const xx = 2 * within;
    const xy = touching - xx;
    const yy = this.#total - xx - 2 * xy;
    return xx / (n * (n - 1)) + yy / (m * (m - 1)) - (2 * xy) / (n * m);
  }
}

/** Uniform subsets of `size` out of `total`, by the start of a Fisher–Yates shuffle. */
function randomSubsets(
  size: number,
  total: number,
  howMany: number,
  random: (() => number) | undefined,
): Int32Array[] {
  if (random === undefined) throw new RangeError('a permutation test needs `random`, a source of uniforms');
  const pool = Int32Array.from({ length: total }, (_, i) => i);
  return Array.from({ length: howMany }, () => {
    for (let i = 0; i < size; i++) {
      const j = i + Math.floor(random() * (total - i));
      const kept = pool[i]!;
      pool[i] = pool[j]!;
      pool[j] = kept;
    }
    return pool.slice(0, size);
  });
}
