import type { TrainingSet } from '../training-set.js';

export interface NumericTerm {
  readonly feature: number;
  readonly mean: number;
  readonly scale: number;
}
export interface CategoricalTerm {
  readonly feature: number;
  /** Column of its first category; the one of unknown values follows its last. */
  readonly first: number;
  readonly categories: number;
}

/**
 * The design matrix: an intercept and standardised numbers densely, one-hot categories as one column index a feature,
 * words by their cells.
 * A row costs `dense + sparse + its words` values however many categories and words there are.
 */
export interface Design {
  readonly rows: number;
  readonly columns: number;
  /** Row-major rows × denseWidth; the first is the intercept's 1. */
  readonly dense: Float64Array;
  readonly denseWidth: number;
  /** Row-major rows × sparseWidth, ascending within a row. */
  readonly sparse: Int32Array;
  readonly sparseWidth: number;
  readonly numeric: readonly NumericTerm[];
  readonly categorical: readonly CategoricalTerm[];
  readonly words: WordColumns;
}

/** Word columns, as they are (a weight per word, 0 where it is absent): the cells that are not 0, row by row. */
export interface WordColumns {
  /** Feature of the first of them, and its column. */
  readonly feature: number;
  readonly first: number;
  readonly count: number;
  /** Row i has the cells `[from[i], from[i + 1])`. */
  readonly from: Int32Array;
  /** Ascending within a row. */
  readonly column: Int32Array;
  readonly value: Float64Array;
}

function wordColumns({ x, rows, words: count, categories }: TrainingSet, first: number): WordColumns {
  const width = categories.length;
  const feature = width - count;
  const from = new Int32Array(rows + 1);
  for (let i = 0; i < rows; i++) {
    let cells = 0;
    for (let k = i * width + feature; k < (i + 1) * width; k++) if (x[k] !== 0) cells++;
    from[i + 1] = from[i]! + cells;
  }
  const column = new Int32Array(from[rows]!);
  const value = new Float64Array(from[rows]!);
  let to = 0;
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < count; k++) {
      const cell = x[i * width + feature + k]!;
      if (cell === 0) continue;
      column[to] = first + k;
      value[to++] = cell;
    }
  }
  return { feature, first, count, from, column, value };
}

/** Mean of the present values, and the standard deviation after the missing ones became the mean (scikit-learn's imputer and scaler in a row). */
function moments(
  x: Float64Array,
  rows: number,
  width: number,
  feature: number,
): { mean: number; scale: number } {
  let sum = 0;
  let count = 0;
  for (let i = feature; i < rows * width; i += width) {
    const value = x[i]!;
    if (value === value) {
      sum += value;
      count++;
    }
  }
  const mean = count === 0 ? 0 : sum / count;
  let squares = 0;
  for (let i = feature; i < rows * width; i += width) {
    const value = x[i]!;
    if (value === value) squares += (value - mean) ** 2;
  }
  const deviation = Math.sqrt(squares / rows);
  // A constant column carries nothing; what is below rounding noise is constant.
  const constant = !(deviation > 1e-12 * Math.abs(mean)) || !Number.isFinite(deviation);
  return { mean, scale: constant ? 1 : deviation };
}

export function designOf(set: TrainingSet): Design {
  const { x, rows } = set;
  const width = set.categories.length;
  const numeric: NumericTerm[] = [];
  const categorical: CategoricalTerm[] = [];
  const plain = width - set.words;
  for (let f = 0; f < plain; f++)
    if (set.categories[f]! < 0) numeric.push({ feature: f, ...moments(x, rows, width, f) });
  const denseWidth = numeric.length + 1;
  let columns = denseWidth;
  for (let f = 0; f < plain; f++) {
    const categories = set.categories[f]!;
    if (categories < 0) continue;
    categorical.push({ feature: f, first: columns, categories });
    columns += categories + 1;
  }
  const words = wordColumns(set, columns);
  columns += words.count;
  const sparseWidth = categorical.length;
  const dense = new Float64Array(rows * denseWidth);
  const sparse = new Int32Array(rows * sparseWidth);
  for (let i = 0; i < rows; i++) {
    const from = i * width;
    let to = i * denseWidth;
    dense[to++] = 1;
    for (const { feature, mean, scale } of numeric) {
      const value = x[from + feature]!;
      dense[to++] = value === value ? (value - mean) / scale : 0;
    }
    to = i * sparseWidth;
    for (const { feature, first, categories } of categorical) {
      const value = x[from + feature]!;
      sparse[to++] = first + (value === value ? value : categories);
    }
  }
  return { rows, columns, dense, denseWidth, sparse, sparseWidth, numeric, categorical, words };
}

/** `out = X·w`. */
export function multiply(design: Design, w: Float64Array, out: Float64Array): void {
  const { rows, dense, denseWidth, sparse, sparseWidth, words } = design;
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    const d = i * denseWidth;
    for (let k = 0; k < denseWidth; k++) sum += dense[d + k]! * w[k]!;
    const s = i * sparseWidth;
    for (let k = 0; k < sparseWidth; k++) sum += w[sparse[s + k]!]!;
    for (let k = words.from[i]!; k < words.from[i + 1]!; k++) sum += words.value[k]! * w[words.column[k]!]!;
    out[i] = sum;
  }
}

/** `out = Xᵀ·r`. */
export function multiplyTransposed(design: Design, r: Float64Array, out: Float64Array): void {
  const { rows, dense, denseWidth, sparse, sparseWidth, words } = design;
  out.fill(0);
  for (let i = 0; i < rows; i++) {
    const value = r[i]!;
    const d = i * denseWidth;
    for (let k = 0; k < denseWidth; k++) out[k]! += dense[d + k]! * value;
    const s = i * sparseWidth;
    for (let k = 0; k < sparseWidth; k++) out[sparse[s + k]!]! += value;
    for (let k = words.from[i]!; k < words.from[i + 1]!; k++)
      out[words.column[k]!]! += words.value[k]! * value;
  }
}

/** Lower triangle of `XᵀWX` into the row-major columns × columns matrix `out`. */
export function gram(design: Design, weights: Float64Array, out: Float64Array): void {
  const { rows, columns, dense, denseWidth, sparse, sparseWidth, words } = design;
  out.fill(0);
  for (let i = 0; i < rows; i++) {
    const weight = weights[i]!;
    const d = i * denseWidth;
    for (let a = 0; a < denseWidth; a++) {
      const scaled = weight * dense[d + a]!;
      const at = a * columns;
      for (let b = 0; b <= a; b++) out[at + b]! += scaled * dense[d + b]!;
    }
    const s = i * sparseWidth;
    for (let a = 0; a < sparseWidth; a++) {
      const at = sparse[s + a]! * columns;
      for (let b = 0; b < denseWidth; b++) out[at + b]! += weight * dense[d + b]!;
      for (let b = 0; b <= a; b++) out[at + sparse[s + b]!]! += weight;
    }
    const { from, column, value } = words;
    for (let a = from[i]!; a < from[i + 1]!; a++) {
      const scaled = weight * value[a]!;
      const at = column[a]! * columns;
      for (let b = 0; b < denseWidth; b++) out[at + b]! += scaled * dense[d + b]!;
      for (let b = 0; b < sparseWidth; b++) out[at + sparse[s + b]!]! += scaled;
      for (let b = from[i]!; b <= a; b++) out[at + column[b]!]! += scaled * value[b]!;
    }
  }
}
