import { type Column, columnOf, type Table, TwinloopError } from '@twinloop/kernel';
import { type JointReference, jointReference } from './drift/joint-shift.js';
import { isText, type TextReference, textReference } from './drift/text-shift.js';

export interface NumericReference {
  readonly name: string;
  readonly type: 'number';
  /** Evenly spaced order statistics of the present values, ascending; all of them when there are few. */
  readonly values: readonly number[];
  readonly missing: number;
  readonly rows: number;
}
export interface CategoryReference {
  readonly name: string;
  readonly type: 'category';
  readonly counts: Readonly<Record<string, number>>;
  /** That were counted: all, or every other one where very many levels had to be narrowed down. */
  readonly rows: number;
}
export type ColumnReference = NumericReference | CategoryReference | TextReference;

/** What a champion's inputs looked like in training: plain JSON, a few kilobytes a column. */
export interface DriftReference {
  readonly rows: number;
  readonly columns: readonly ColumnReference[];
  /** Share of the model's importance by column, summing to 1. */
  readonly importance: Readonly<Record<string, number>>;
  /** Rows of the numbers that matter most, together; absent with fewer than two of them, or few rows. */
  readonly joint?: JointReference;
}

export const MAX_VALUES = 2000;
/** Text columns keep their most frequent levels; the rest is counted together. */
export const MAX_LEVELS = 500;
export const OTHER = '(other)';
export const MISSING = '(missing)';

/** At most `limit` order statistics at the probabilities (i + ½) / limit: a distribution to ± 1 / (2·limit). */
export function orderStatistics(sorted: ArrayLike<number>, limit: number): number[] {
  const n = sorted.length;
  if (n <= limit) return Array.from(sorted);
  return Array.from({ length: limit }, (_, i) => sorted[Math.floor(((i + 0.5) * n) / limit)]!);
}

/** Missing is a level of its own. Booleans are `true` and `false`. */
export function levelOf(value: string | number | null): string {
  if (value === null || Number.isNaN(value)) return MISSING;
  return typeof value === 'number' ? String(value !== 0) : value;
}

/** Counts by {@link levelOf}. */
export function levelCounts(column: Column): Record<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i < column.values.length; i++) {
    const level = levelOf(column.values[i]!);
    counts.set(level, (counts.get(level) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

/**
 * Very many levels: the most frequent ones of every other row are kept, with their counts in the rows between, since counted where they
 * were chosen they would look more frequent than they are.
 */
function frequentLevels(column: Column): { counts: Record<string, number>; rows: number } {
  const all = levelCounts(column);
  const rows = column.values.length;
  if (Object.keys(all).length <= MAX_LEVELS) return { counts: all, rows };
  const half = (parity: number): Record<string, number> =>
    levelCounts({ ...column, values: column.values.filter((_, row) => row % 2 === parity) } as Column);
  const chosen = Object.entries(half(0)).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const counted = half(1);
  const counts: Record<string, number> = Object.create(null) as Record<string, number>;
  let rest = Math.floor(rows / 2);
  for (const [level] of chosen.slice(0, MAX_LEVELS)) {
    counts[level] = Object.hasOwn(counted, level) ? counted[level]! : 0;
    rest -= counts[level];
  }
  counts[OTHER] = (counts[OTHER] ?? 0) + rest;
  return { counts: { ...counts }, rows: Math.floor(rows / 2) };
}

/** Counts of all rows, the rarest levels together. */
/** Of counts alone, where the rows can no longer be told apart: the least frequent levels that are kept look a little too frequent. */
export function keepFrequent(counts: Record<string, number>): Record<string, number> {
  const levels = Object.entries(counts);
  if (levels.length <= MAX_LEVELS) return counts;
  levels.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const kept = Object.fromEntries(levels.slice(0, MAX_LEVELS));
  kept[OTHER] = levels.slice(MAX_LEVELS).reduce((sum, [, count]) => sum + count, kept[OTHER] ?? 0);
  return kept;
}

export function referenceOf(column: Column): ColumnReference {
  const { name } = column;
  const rows = column.values.length;
  if (column.type === 'string' && isText(column.values)) return textReference(name, column.values);
  if (column.type === 'string' || column.type === 'boolean') {
    return { name, type: 'category', ...frequentLevels(column) };
  }
  const present = column.values.filter(value => !Number.isNaN(value));
  return {
    name,
    type: 'number',
    values: orderStatistics(present.sort(), MAX_VALUES),
    missing: rows - present.length,
    rows,
  };
}

/**
 * The reference of a champion: its training table's columns as they were. Columns of type `time` are left out, since
 * time always moves. `importance` is normalised; without any, all columns weigh the same.
 * @throws dataset_column_missing when an input is not in the table
 */
export function buildReference(
  training: Table,
  inputs: readonly string[],
  importance: Readonly<Record<string, number>>,
): DriftReference {
  const columns: ColumnReference[] = [];
  for (const name of inputs) {
    const column = columnOf(training, name);
    if (column === undefined)
      throw missingColumn(
        name,
        training.columns.map(found => found.name),
      );
    if (column.type !== 'time') columns.push(referenceOf(column));
  }
  return assembleReference(columns, training.rows, importance, training);
}

export const missingColumn = (name: string, found: readonly string[]): TwinloopError =>
  new TwinloopError('dataset_column_missing', {
    field: name,
    values: { column: name, dataset: 'the training table', found: found.join(', ') },
  });

/** `together`: rows of all columns, for what they only show together. */
export function assembleReference(
  columns: readonly ColumnReference[],
  rows: number,
  importance: Readonly<Record<string, number>>,
  together: Table,
): DriftReference {
  const weights = columns.map(({ name }) => Math.max(0, importance[name] ?? 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = Object.fromEntries(
    columns.map(({ name }, i) => [name, total > 0 ? weights[i]! / total : 1 / columns.length]),
  );
  const joint = jointReference(
    together,
    columns.map(({ name }) => name),
    shares,
  );
  return { rows, columns, importance: shares, ...(joint === undefined ? {} : { joint }) };
}
