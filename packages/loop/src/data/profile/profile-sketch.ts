import { type ColumnType, type Table, TwinloopError } from '@twinloop/kernel';
import { type ColumnValues, NumericColumnSketch, TableSketch, type TableSketchJson } from '@twinloop/stats';
import {
  mergeNumberStates,
  mergeTextStates,
  type NumberState,
  numberState,
  type TextState,
  textState,
} from './profile-traits.js';

/** What the sketches do not say of a column. */
export interface ColumnState {
  readonly type: ColumnType;
  readonly number?: NumberState;
  readonly text?: TextState;
  /** Whether no present value comes twice; null when that is not known. */
  readonly unique: boolean | null;
}

/**
 * A dataset version in bounded memory: what its profile is shown from, merged from, and what drift is held against.
 * Columns as in the table.
 */
export interface ProfileSketch {
  readonly table: TableSketch;
  readonly columns: readonly ColumnState[];
}

/** One pass over each column. A whole or text column that looks like a key is looked at once more: a key is no estimate. */
export function sketchTable(table: Table): ProfileSketch {
  const sketch = TableSketch.of(table.columns);
  return {
    table: sketch,
    columns: table.columns.map(({ name, type, values }): ColumnState => {
      if (values instanceof Float64Array) {
        const number = numberState(values);
        return {
          type,
          number,
          unique: number.rising === 'strictly' || isUnique(sketch, name, values, number.whole),
        };
      }
      return { type, text: textState(values), unique: isUnique(sketch, name, values) };
    }),
  };
}

/** So many standard errors may an estimate be off before a column is no key for certain. */
const DOUBT = 6;

/** `key`: whether it may be one at all; a measurement of many digits is none, however different its values. */
function isUnique(sketch: TableSketch, name: string, values: ColumnValues, key = true): boolean | null {
  const { count, missing, distinct, distinctError } = sketch.column(name)!.summary();
  const present = count - missing;
  if (distinctError === 0) return distinct === present;
  if (distinct < present * (1 - DOUBT * distinctError)) return false;
  if (!key) return null;
  if (values instanceof Float64Array) {
    const sorted = values.slice().sort();
    for (let i = 1; i < present; i++) if (sorted[i] === sorted[i - 1]) return false;
    return true;
  }
  const seen = new Set<string>();
  for (const value of values) {
    if (value === null) continue;
    if (seen.has(value)) return false;
    seen.add(value);
  }
  return true;
}

/** Whether the two are of the same columns, so that they merge. */
export const mergeable = (a: ProfileSketch, b: ProfileSketch): boolean =>
  a.table.mergesWith(b.table) && a.columns.every(({ type }, i) => b.columns[i]!.type === type);

/**
 * The profile of the rows of `a` and then those of `b`, within the sketches' errors, without those rows. Rows, missing
 * values, extremes and moments are exact. RangeError when the two are of different columns.
 */
export function mergeProfiles(a: ProfileSketch, b: ProfileSketch): ProfileSketch {
  if (!mergeable(a, b)) throw new RangeError('profiles of different columns do not merge');
  const table = a.table.merged(b.table);
  return {
    table,
    columns: a.columns.map((here, i): ColumnState => {
      const there = b.columns[i]!;
      const number = here.number && there.number && mergeNumberStates(here.number, there.number);
      const text = here.text && there.text && mergeTextStates(here.text, there.text);
      return {
        type: here.type,
        ...(number === undefined ? {} : { number }),
        ...(text === undefined ? {} : { text }),
        unique: bothUnique(a, b, table, i, number?.rising === 'strictly'),
      };
    }),
  };
}

function bothUnique(
  a: ProfileSketch,
  b: ProfileSketch,
  whole: TableSketch,
  i: number,
  rising: boolean,
): boolean | null {
  const { count, missing, distinct, distinctError } = whole.at(i).summary();
  if (distinctError === 0) return distinct === count - missing;
  const parts = [a.columns[i]!.unique, b.columns[i]!.unique];
  if (parts.includes(false)) return false;
  if (rising) return true;
  const [left, right] = [a.table.at(i), b.table.at(i)];
  if (parts.includes(null) || !(left instanceof NumericColumnSketch && right instanceof NumericColumnSketch))
    return null;
  const apart = !(left.quantiles.max >= right.quantiles.min) || !(right.quantiles.max >= left.quantiles.min);
  return apart ? true : null;
}

/** The rows of `table` as from `row` on. Nothing is copied of numbers. */
export function rowsFrom(table: Table, row: number): Table {
  return {
    rows: table.rows - row,
    columns: table.columns.map(column =>
      column.type === 'string'
        ? { ...column, values: column.values.slice(row) }
        : { ...column, values: column.values.subarray(row) },
    ),
  };
}

export interface ProfileSketchJson {
  readonly profile: 'sketch';
  readonly version: 1;
  readonly columns: readonly ColumnState[];
  readonly table: TableSketchJson;
}

export function profileSketchToJson({ table, columns }: ProfileSketch): ProfileSketchJson {
  return {
    profile: 'sketch',
    version: 1,
    // JSON has no infinities: a column with one at an end is taken to be in no order.
    columns: columns.map(column =>
      column.number?.ends?.every(Number.isFinite) === false
        ? { ...column, number: { ...column.number, rising: null, ends: [0, 0] } }
        : column,
    ),
    table: table.toJSON(),
  };
}

/** @throws storage_corrupt when the JSON is no stored sketch */
export function profileSketchFromJson(json: unknown): ProfileSketch {
  const stored = json as ProfileSketchJson | null;
  try {
    if (stored?.profile !== 'sketch' || stored.version !== 1)
      throw new RangeError('it is no profile sketch of version 1');
    const table = TableSketch.fromJSON(stored.table);
    if (table.names.length !== stored.columns.length) throw new RangeError('its columns do not go together');
    return { table, columns: stored.columns };
  } catch (cause) {
    throw new TwinloopError('storage_corrupt', { values: { reason: 'a profile cannot be read' }, cause });
  }
}
