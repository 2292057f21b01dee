import { columnOf, formatFigure, type Table, TwinloopError } from '@twinloop/kernel';
import { quantile } from '@twinloop/stats';

/** Rows by group: a code a row, -1 where an attribute is missing, and what each code stands for. */
export interface RowGroups {
  readonly codes: Int32Array;
  readonly names: readonly string[];
  /** Rows that belong to no group. */
  readonly missing: number;
}

/** Numbers with more values than that are grouped by their quarters. */
const MOST_VALUES = 20;

/** The value of each row as a text; null where it is missing. */
function textsOf(rows: Table, name: string): readonly (string | null)[] {
  const column = columnOf(rows, name);
  if (column === undefined)
    throw new TwinloopError('dataset_column_missing', {
      field: name,
      values: {
        column: name,
        dataset: 'the held-out rows',
        found: rows.columns.map(one => one.name).join(', '),
      },
    });
  if (column.type === 'string') return column.values;
  const { values, type } = column;
  if (type === 'boolean')
    return Array.from(values, value => (Number.isNaN(value) ? null : String(value !== 0)));
  const known = values.filter(value => Number.isFinite(value)).sort();
  const distinct = new Set<number>();
  for (const value of known) if (distinct.size <= MOST_VALUES) distinct.add(value);
  if (distinct.size <= MOST_VALUES)
    return Array.from(values, value => (Number.isFinite(value) ? formatFigure(value) : null));
  const edges = [0.25, 0.5, 0.75].map(share => quantile(known, share));
  const [low, middle, high] = edges.map(formatFigure);
  const names = [`≤ ${low}`, `${low} to ${middle}`, `${middle} to ${high}`, `> ${high}`];
  return Array.from(values, value => {
    if (!Number.isFinite(value)) return null;
    const at = edges.findIndex(edge => value <= edge);
    return names[at < 0 ? 3 : at]!;
  });
}

/**
 * Groups rows by columns of the data, several crossed: `JFK × DL`. Numbers of many values are grouped by quarters. Groups
 * are numbered by name. @throws dataset_column_missing
 */
export function groupRows(rows: Table, attributes: readonly string[]): RowGroups {
  const columns = attributes.map(name => textsOf(rows, name));
  const keys = Array.from({ length: rows.rows }, (_, row) => {
    const parts = columns.map(column => column[row] ?? null);
    return parts.includes(null) ? null : parts.join(' × ');
  });
  const names = [...new Set(keys.filter(key => key !== null))].sort();
  const code = new Map(names.map((name, i) => [name, i]));
  const codes = Int32Array.from(keys, key => (key === null ? -1 : code.get(key)!));
  return { codes, names, missing: codes.reduce((sum, one) => sum + (one < 0 ? 1 : 0), 0) };
}
