import { normalQuantile, studentTQuantile, studentTSf } from '@twinloop/stats';

/** Row-major rows × columns. */
export interface Matrix {
  readonly rows: number;
  readonly values: Float64Array;
}

/** Positions in ascending order of one column, and the ends of its groups of equal values. */
function ordered({ rows, values }: Matrix, width: number, c: number): { order: number[]; ends: number[] } {
  const order = Array.from({ length: rows }, (_, r) => r);
  order.sort((i, j) => values[i * width + c]! - values[j * width + c]!);
  const ends: number[] = [];
  for (let i = 0; i < rows; i++)
    if (i + 1 === rows || values[order[i]! * width + c] !== values[order[i + 1]! * width + c])
      ends.push(i + 1);
  return { order, ends };
}

/** Each column's values as normal scores of their ranks, Φ⁻¹((rank − ½) / rows); ties share the middle rank. */
export function normalScores(matrix: Matrix, width: number): Float64Array {
  const scores = new Float64Array(matrix.rows * width);
  for (let c = 0; c < width; c++) {
    const { order, ends } = ordered(matrix, width, c);
    let from = 0;
    for (const end of ends) {
      const score = normalQuantile((from + end) / 2 / matrix.rows);
      for (; from < end; from++) scores[order[from]! * width + c] = score;
    }
  }
  return scores;
}

/** Products of every two columns, rows × width·(width − 1)/2. */
export function pairProducts(scores: Float64Array, rows: number, width: number): Matrix {
  const values = new Float64Array((rows * width * (width - 1)) / 2);
  let f = 0;
  for (let r = 0; r < rows; r++)
    for (let i = 0; i < width; i++)
      for (let j = 0; j < i; j++) values[f++] = scores[r * width + i]! * scores[r * width + j]!;
  return { rows, values };
}

export interface Influences {
  /** Of each row on the mean score, up to a constant; their mean is the mean score. */
  readonly values: Float64Array;
  /** Standard deviation of the scores of single rows. */
  readonly sd: number;
}

/**
 * Score of each row, `direction` · its products, plus what the row does to the scores of the others by its place in the ranks:
 * the mean of a statistic of ranks varies as the mean of these (Ruymgaart 1974; the margins are estimated too). Without that part the
 * variance is too large where columns are correlated, and too small where one is a curved function of another.
 */
export function influences(matrix: Matrix, width: number, direction: Float64Array): Influences {
  const { rows } = matrix;
  const scores = normalScores(matrix, width);
  const values = new Float64Array(rows);
  // ∂(score of a row) / ∂(its normal score in a column)
  const slopes = new Float64Array(rows * width);
  for (let r = 0; r < rows; r++) {
    let f = 0;
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < i; j++, f++) {
        const [a, b] = [scores[r * width + i]!, scores[r * width + j]!];
        values[r]! += direction[f]! * a * b;
        slopes[r * width + i]! += direction[f]! * b;
        slopes[r * width + j]! += direction[f]! * a;
      }
    }
  }
  let [sum, square] = [0, 0];
  for (const value of values) {
    sum += value;
    square += value * value;
  }
  const mean = sum / rows;
  const sd = Math.sqrt(Math.max(0, square / rows - mean * mean));
  for (let c = 0; c < width; c++) {
    const { order, ends } = ordered(matrix, width, c);
    let above = 0;
    for (let g = ends.length - 1; g >= 0; g--) {
      const [from, end] = [g === 0 ? 0 : ends[g - 1]!, ends[g]!];
      let here = 0;
      for (let i = from; i < end; i++) here += slopes[order[i]! * width + c]!;
      here /= rows * density(scores[order[from]! * width + c]!);
      for (let i = from; i < end; i++) values[order[i]!]! += above + here / 2;
      above += here;
    }
  }
  let total = 0;
  for (const value of values) total += value;
  for (let r = 0; r < rows; r++) values[r]! += mean - total / rows;
  return { values, sd };
}

/** Of the standard normal distribution. */
function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

export interface BlockComparison {
  /** Difference of the means in standard deviations of a row; positive when `b` has more. */
  readonly effect: number;
  readonly interval: readonly [number, number];
  /** Of "b is no more than `tolerance` above a". */
  readonly pValue: number;
}

/** Welch's one-sided t test on the means of `blocks` contiguous blocks a side. */
export function compareBlocks(
  a: Influences,
  b: Influences,
  blocks: number,
  tolerance: number,
): BlockComparison {
  const sides = [a, b].map(({ values }) => {
    const means = Array.from({ length: blocks }, (_, k) => {
      const part = values.subarray(
        Math.ceil((k * values.length) / blocks),
        Math.ceil(((k + 1) * values.length) / blocks),
      );
      return part.reduce((sum, value) => sum + value, 0) / part.length;
    });
    const mean = means.reduce((sum, value) => sum + value, 0) / blocks;
    const error = means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (blocks - 1) / blocks;
    return { mean, error };
  });
  const [x, y] = [sides[0]!, sides[1]!];
  const sd = Math.sqrt((a.sd * a.sd + b.sd * b.sd) / 2);
  const error = Math.sqrt(x.error + y.error);
  if (!(sd > 0) || !(error > 0)) return { effect: 0, interval: [0, 0], pValue: 1 };
  const df = ((x.error + y.error) ** 2 * (blocks - 1)) / (x.error * x.error + y.error * y.error);
  const effect = (y.mean - x.mean) / sd;
  const radius = (studentTQuantile(0.975, df) * error) / sd;
  return {
    effect,
    interval: [effect - radius, effect + radius],
    pValue: studentTSf(((effect - tolerance) * sd) / error, df),
  };
}

/** Fisher's discriminant with a ridge: (S + λI)⁻¹ (mean b − mean a). */
export function discriminant(a: Matrix, b: Matrix): Float64Array {
  const width = a.values.length / a.rows;
  const means = [a, b].map(({ values, rows }) => {
    const mean = new Float64Array(width);
    for (let r = 0; r < rows; r++) for (let f = 0; f < width; f++) mean[f]! += values[r * width + f]! / rows;
    return mean;
  }) as [Float64Array, Float64Array];
  const scatter = new Float64Array(width * width);
  [a, b].forEach(({ values, rows }, side) => {
    for (let r = 0; r < rows; r++) {
      for (let i = 0; i < width; i++) {
        const x = values[r * width + i]! - means[side]![i]!;
        for (let j = 0; j <= i; j++)
          scatter[i * width + j]! += x * (values[r * width + j]! - means[side]![j]!);
      }
    }
  });
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) scatter[i * width + j]! /= a.rows + b.rows;
    scatter[i * width + i]! += RIDGE;
  }
  return solve(
    scatter,
    means[1].map((x, f) => x - means[0][f]!),
    width,
  );
}

const RIDGE = 0.1;

/** Cholesky; the matrix is overwritten by its factor. */
function solve(matrix: Float64Array, right: Float64Array, width: number): Float64Array {
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * width + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i * width + k]! * matrix[j * width + k]!;
      matrix[i * width + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / matrix[j * width + j]!;
    }
  }
  const x = Float64Array.from(right);
  for (let i = 0; i < width; i++) {
    for (let k = 0; k < i; k++) x[i]! -= matrix[i * width + k]! * x[k]!;
    x[i]! /= matrix[i * width + i]!;
  }
  for (let i = width - 1; i >= 0; i--) {
    for (let k = i + 1; k < width; k++) x[i]! -= matrix[k * width + i]! * x[k]!;
    x[i]! /= matrix[i * width + i]!;
  }
  return x;
}
