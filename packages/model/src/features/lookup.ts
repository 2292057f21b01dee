import {
  columnOf,
  type Column,
  type ColumnType,
  type Scalar,
  type Table,
  TwinloopError,
} from '@twinloop/kernel';
import type { JoinSpec } from './spec.js';

/** One join's other table, ready to be asked: rows by key, sorted by time. */
export interface AsOfLookup {
  readonly join: JoinSpec;
  /** Types of their key columns, in the order of `join.by`. */
  readonly keyTypes: readonly ColumnType[];
  /** Types of `join.columns`. */
  readonly columnTypes: readonly ColumnType[];
  /**
   * The row that was the latest at `time`, or -1. Of rows with equal time the later in the table wins.
   * @throws feature_leak when that row is later than `time`: the lookup was not built by {@link buildLookup}
   */
  find(key: readonly Scalar[], time: number): number;
  /** `join.columns[column]` of a row; -1 gives missing. */
  value(column: number, row: number): Scalar;
}

/** Lookups by the name of their join. */
export type Lookups = Readonly<Record<string, AsOfLookup>>;

interface History {
  readonly times: Float64Array;
  readonly rows: Int32Array;
}

/** A key of any width as one map key. One column stays as it is; several become tagged text, so that 1 and '1' differ. */
function mapKey(key: readonly Scalar[]): Scalar {
  if (key.length === 1) return key[0]!;
  return key.map(part => `${typeof part === 'string' ? `s${part.length}` : 'n'}:${part}`).join('|');
}

/** The greatest index whose time is ≤ `time`, or -1. */
function lastAtOrBefore(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function need(table: Table, name: string, join: JoinSpec): Column {
  const column = columnOf(table, name);
  if (column !== undefined) return column;
  throw new TwinloopError('dataset_column_missing', {
    field: `features/joins/${join.name}`,
    values: { column: name, dataset: join.dataset, found: table.columns.map(c => c.name).join(', ') },
  });
}

function valueAt(column: Column, row: number): Scalar {
  if (column.type === 'string') return column.values[row] ?? null;
  const value = column.values[row]!;
  if (Number.isNaN(value)) return null;
  return column.type === 'boolean' ? value !== 0 : value;
}

/** A lookup from rows already grouped and sorted. `rowTimes` are the times of the table's rows, which guard every answer. */
export function lookupOver(
  join: JoinSpec,
  keyTypes: readonly ColumnType[],
  columns: readonly Column[],
  rowTimes: Float64Array,
  histories: ReadonlyMap<Scalar, History>,
): AsOfLookup {
  const within = join.asof.within ?? Number.POSITIVE_INFINITY;
  return {
    join,
    keyTypes,
    columnTypes: columns.map(column => column.type),
    find(key, time) {
      const history = histories.get(mapKey(key));
      if (history === undefined || Number.isNaN(time)) return -1;
      const index = lastAtOrBefore(history.times, time);
      if (index < 0) return -1;
      const row = history.rows[index]!;
      // The index says so; the row itself must agree, or the answer would come from the future.
      if (!(rowTimes[row]! <= time)) {
        throw new TwinloopError('feature_leak', {
          field: `features/joins/${join.name}`,
          values: { feature: join.name, reason: 'the joined row is later than the row that asks' },
        });
      }
      return time - history.times[index]! <= within ? row : -1;
    },
    value: (column, row) => (row < 0 ? null : valueAt(columns[column]!, row)),
  };
}

/**
 * Prepares a join's table: O(n log n) once, O(log n) a question. Rows without a key or time are left out.
 * @throws dataset_column_missing · input_type when the time column is not numeric
 */
export function buildLookup(table: Table, join: JoinSpec): AsOfLookup {
  const keys = Object.values(join.by).map(name => need(table, name, join));
  const columns = join.columns.map(name => need(table, name, join));
  const time = need(table, join.asof.right, join);
  if (time.type === 'string') {
    throw new TwinloopError('input_type', {
      field: `features/joins/${join.name}/asof/right`,
      values: { input: join.asof.right, actual: 'string', expected: 'time' },
    });
  }
  const groups = new Map<Scalar, number[]>();
  for (let row = 0; row < table.rows; row++) {
    const key = keys.map(column => valueAt(column, row));
    if (Number.isNaN(time.values[row]!) || key.includes(null)) continue;
    const id = mapKey(key);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [row]);
    else group.push(row);
  }
  const histories = new Map<Scalar, History>();
  for (const [id, rows] of groups) {
    rows.sort((a, b) => time.values[a]! - time.values[b]! || a - b);
    histories.set(id, {
      times: Float64Array.from(rows, row => time.values[row]!),
      rows: Int32Array.from(rows),
    });
  }
  return lookupOver(
    join,
    keys.map(column => column.type),
    columns,
    time.values,
    histories,
  );
}
