import { columnOf, type Table } from '@twinloop/kernel';
import { normalQuantile, numericDrift } from '@twinloop/stats';
import { type Shift, shiftOf } from './shift.js';

/** Rows of the numbers that the model rests on most, together: what one column at a time cannot show. */
export interface JointReference {
  readonly columns: readonly string[];
  /** Row-major rows × columns; missing is null. */
  readonly values: readonly (number | null)[];
}

const MOST_COLUMNS = 8;
const MOST_ROWS = 1000;
const FEWEST_ROWS = 200;
/** Times the average: what the model hardly uses may go with the others as it likes. */
const LEAST_IMPORTANCE = 0.25;

/** Evenly spaced rows of the (at most eight) most important numeric columns; undefined with fewer than two of them. */
export function jointReference(
  training: Table,
  names: readonly string[],
  importance: Readonly<Record<string, number>>,
): JointReference | undefined {
  const columns = names
    .filter(
      name =>
        columnOf(training, name)?.type === 'number' &&
        (importance[name] ?? 0) * names.length >= LEAST_IMPORTANCE,
    )
    .sort((a, b) => (importance[b] ?? 0) - (importance[a] ?? 0))
    .slice(0, MOST_COLUMNS)
    .sort();
  if (columns.length < 2 || training.rows < FEWEST_ROWS) return undefined;
  const rows = sample(training, columns);
  return { columns, values: Array.from(rows.values, value => (Number.isNaN(value) ? null : value)) };
}

interface Matrix {
  readonly rows: number;
  readonly values: Float64Array;
}

function sample(table: Table, columns: readonly string[]): Matrix {
  const rows = Math.min(MOST_ROWS, table.rows);
  const values = new Float64Array(rows * columns.length).fill(Number.NaN);
  columns.forEach((name, c) => {
    const column = columnOf(table, name);
    if (column === undefined || column.type === 'string') return;
    for (let r = 0; r < rows; r++)
      values[r * columns.length + c] = column.values[Math.floor(((r + 0.5) * table.rows) / rows)]!;
  });
  return { rows, values };
}

/**
 * Classifier two-sample test (Lopez-Paz & Oquab 2017) of how the columns go together: a discriminant on the products of every
 * two columns is fitted to tell reference from window on every other row, and its scores on the remaining rows, which it has not
 * seen, are compared by the rank test. Each side's columns are first replaced by their own normal scores, so that only the
 * dependence is left: what one column shows by itself, its own test says. Rows with a missing value are left out, and columns that are missing
 * in more than a fifth of the rows. Null with too few of either.
 */
export function jointShift(reference: JointReference, current: Table, tolerance: number): Shift | null {
  const { columns } = reference;
  const then: Matrix = {
    rows: reference.values.length / columns.length,
    values: Float64Array.from(reference.values, value => value ?? Number.NaN),
  };
  const now = sample(current, columns);
  // A column that hardly comes, or never varies, goes with nothing; its own tests say so.
  const used = columns
    .map((_, c) => c)
    .filter(c => varies(then, columns.length, c) && varies(now, columns.length, c));
  if (used.length < 2) return null;
  const [x, y] = [complete(then, columns.length, used), complete(now, columns.length, used)];
  if (Math.min(x.rows, y.rows) < FEWEST_ROWS) return null;
  const [a, b] = [products(x, used.length), products(y, used.length)];
  const direction = discriminant(a, b);
  const scores = ({ features, rows, width }: Features): Float64Array => {
    const out = new Float64Array(Math.floor(rows / 2));
    for (let r = 1, i = 0; r < rows; r += 2, i++) {
      let sum = 0;
      for (let f = 0; f < width; f++) sum += direction[f]! * features[r * width + f]!;
      out[i] = sum;
    }
    return out;
  };
  const drift = numericDrift(scores(a), scores(b), { tolerance });
  const names = used.map(c => columns[c]!);
  const which = `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
  return {
    ...shiftOf({ subject: 'joint', kind: 'joint', column: null }, drift, {
      moved: `${which} no longer go together as they did`,
      still: `${which} go together as they did`,
    }),
    statistic: 'classifier two-sample test',
  };
}

const MOST_MISSING = 0.2;

function varies({ rows, values }: Matrix, width: number, c: number): boolean {
  let missing = 0;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let r = 0; r < rows; r++) {
    const value = values[r * width + c]!;
    if (Number.isNaN(value)) missing++;
    else [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  return low < high && missing <= MOST_MISSING * rows;
}

/** The used columns of the rows that have all of them. */
function complete({ rows, values }: Matrix, width: number, used: readonly number[]): Matrix {
  const kept: number[] = [];
  for (let r = 0; r < rows; r++) {
    if (used.every(c => !Number.isNaN(values[r * width + c]!)))
      for (const c of used) kept.push(values[r * width + c]!);
  }
  return { rows: kept.length / used.length, values: Float64Array.from(kept) };
}

interface Features {
  readonly rows: number;
  readonly width: number;
  readonly features: Float64Array;
}

/** Products of every two columns in normal scores of their ranks among the present values; ties share the middle rank. */
function products({ rows, values }: Matrix, base: number): Features {
  const scores = new Float64Array(rows * base);
  for (let c = 0; c < base; c++) {
    const order: number[] = [];
    for (let r = 0; r < rows; r++) if (!Number.isNaN(values[r * base + c]!)) order.push(r);
    order.sort((i, j) => values[i * base + c]! - values[j * base + c]!);
    for (let i = 0; i < order.length; ) {
      let j = i;
      while (j < order.length && values[order[j]! * base + c] === values[order[i]! * base + c]) j++;
      const score = normalQuantile((i + j) / 2 / order.length);
      for (let k = i; k < j; k++) scores[order[k]! * base + c] = score;
      i = j;
    }
  }
  const width = (base * (base - 1)) / 2;
  const features = new Float64Array(rows * width);
  for (let r = 0; r < rows; r++) {
    let f = r * width;
    for (let i = 0; i < base; i++)
      for (let j = 0; j < i; j++) features[f++] = scores[r * base + i]! * scores[r * base + j]!;
  }
  return { rows, width, features };
}

/** Fisher's discriminant on the even rows, with a ridge: (S + λI)⁻¹ (mean now − mean then). */
function discriminant(a: Features, b: Features): Float64Array {
  const { width } = a;
  const means = [a, b].map(({ features, rows }) => {
    const mean = new Float64Array(width);
    const used = Math.ceil(rows / 2);
    for (let r = 0; r < rows; r += 2)
      for (let f = 0; f < width; f++) mean[f]! += features[r * width + f]! / used;
    return mean;
  }) as [Float64Array, Float64Array];
  const scatter = new Float64Array(width * width);
  let total = 0;
  [a, b].forEach(({ features, rows }, side) => {
    for (let r = 0; r < rows; r += 2) {
      total++;
      for (let i = 0; i < width; i++) {
        const x = features[r * width + i]! - means[side]![i]!;
        if (x === 0) continue;
        for (let j = 0; j <= i; j++)
          scatter[i * width + j]! += x * (features[r * width + j]! - means[side]![j]!);
      }
    }
  });
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) scatter[i * width + j]! /= total;
    scatter[i * width + i]! += 0.1;
  }
  return solve(
    scatter,
    means[1].map((x, f) => x - means[0][f]!),
    width,
  );
}

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
