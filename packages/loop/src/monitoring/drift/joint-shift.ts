import { columnOf, type Table } from '@twinloop/kernel';
import {
  compareBlocks,
  discriminant,
  influences,
  type Matrix,
  normalScores,
  pairProducts,
} from './dependence.js';
import type { Shift } from './shift.js';

/** Rows of the numbers that the model rests on most, together: what one column at a time cannot show. */
export interface JointReference {
  readonly columns: readonly string[];
  /** Row-major rows × columns; missing is null. */
  readonly values: readonly (number | null)[];
}

const MOST_COLUMNS = 8;
const MOST_ROWS = 1000;
/** Below that the tails of a block's mean are not yet normal. */
const FEWEST_ROWS = 400;
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

/** Contiguous blocks of rows; every other one is fitted on, the others are tested on. */
const BLOCKS = 24;

/**
 * Classifier two-sample test (Lopez-Paz & Oquab 2017) of how the columns go together: a discriminant on the products of every
 * two columns is fitted to tell reference from window on every other block of rows, and its scores on the blocks between,
 * which it has not seen, must be higher in the window (one-sided: only then has it learnt anything).
 *
 * Each side's columns are first replaced by their own normal scores, fitted and tested rows apart, so that only the
 * dependence is left: what one column shows by itself, its own test says. Both sides have equally many rows, so that whatever
 * ranking does to few rows it does to both. A row's own part in the ranks of the others counts as its influence
 * ({@link influences}). The means of whole blocks are compared (Welch), so that rows that share an hour do not pass for
 * independent ones.
 *
 * The effect is that of an average pair of columns, d / √pairs: one pair among many has to move much, or many a little. Rows
 * with a missing value are left out, and columns that are missing in more than a fifth of the rows. Null with too few of either.
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
  const rows = Math.min(x.rows, y.rows);
  if (rows < FEWEST_ROWS) return null;
  const [fitA, testA] = halves(x, used.length, rows);
  const [fitB, testB] = halves(y, used.length, rows);
  const direction = discriminant(
    pairProducts(normalScores(fitA, used.length), fitA.rows, used.length),
    pairProducts(normalScores(fitB, used.length), fitB.rows, used.length),
  );
  const test = compareBlocks(
    influences(testA, used.length, direction),
    influences(testB, used.length, direction),
    BLOCKS / 2,
    tolerance * Math.sqrt(direction.length),
  );
  const perPair = 1 / Math.sqrt(direction.length);
  const names = used.map(c => columns[c]!);
  const which = `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
  return {
    subject: 'joint',
    kind: 'joint',
    column: null,
    effect: Math.max(0, test.effect) * perPair,
    interval: [Math.max(0, test.interval[0]) * perPair, Math.max(0, test.interval[1]) * perPair],
    pValue: test.pValue,
    n: rows,
    statistic: 'classifier two-sample test',
    moved: `${which} no longer go together as they did`,
    still: `${which} go together as they did`,
  };
}

/** `rows` evenly spaced rows in blocks: the even blocks, and the odd ones. */
function halves({ rows: all, values }: Matrix, width: number, rows: number): readonly [Matrix, Matrix] {
  const kept: [number[], number[]] = [[], []];
  for (let r = 0; r < rows; r++) {
    const from = Math.floor(((r + 0.5) * all) / rows) * width;
    const half = kept[Math.floor((r * BLOCKS) / rows) % 2 === 0 ? 0 : 1];
    for (let c = 0; c < width; c++) half.push(values[from + c]!);
  }
  const [fit, test] = kept.map(half => ({ rows: half.length / width, values: Float64Array.from(half) }));
  return [fit!, test!];
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
