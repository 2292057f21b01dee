import type { Column, NumberColumn, Row, Scalar, Schema, StringColumn, Table } from './scalar.js';

export function columnOf(table: Table, name: string): Column | undefined {
  return table.columns.find(column => column.name === name);
}

/** The values of a numeric, boolean or time column. @throws RangeError when absent or textual. */
export function numbers(table: Table, name: string): Float64Array {
  const column = columnOf(table, name);
  if (column === undefined || column.type === 'string') throw new RangeError(`no numeric column "${name}"`);
  return column.values;
}

/** The values of a text column. @throws RangeError when absent or numeric. */
export function strings(table: Table, name: string): readonly (string | null)[] {
  const column = columnOf(table, name);
  if (column === undefined || column.type !== 'string') throw new RangeError(`no text column "${name}"`);
  return column.values;
}

function cell(column: Column, index: number): Scalar {
  if (column.type === 'string') return column.values[index] ?? null;
  const value = column.values[index]!;
  if (Number.isNaN(value)) return null;
  return column.type === 'boolean' ? value !== 0 : value;
}

/** Row `index` as an object; allocate-per-row, so not for hot loops. */
export function rowAt(table: Table, index: number): Row {
  const row: Record<string, Scalar> = {};
  for (const column of table.columns) row[column.name] = cell(column, index);
  return row;
}

/** The rows whose indices are given, in that order. */
export function takeRows(table: Table, indices: ArrayLike<number>): Table {
  const columns = table.columns.map((column): Column => {
    if (column.type === 'string') {
      const values: (string | null)[] = new Array(indices.length);
      for (let i = 0; i < indices.length; i++) values[i] = column.values[indices[i]!] ?? null;
      return { name: column.name, type: 'string', values };
    }
    const values = new Float64Array(indices.length);
    for (let i = 0; i < indices.length; i++) values[i] = column.values[indices[i]!] ?? Number.NaN;
    return { name: column.name, type: column.type, values };
  });
  return { rows: indices.length, columns };
}

/** Stacks tables that share the first one's columns; a column absent from a later table is missing there. */
export function concatTables(tables: readonly Table[]): Table {
  const [first] = tables;
  if (first === undefined) return { rows: 0, columns: [] };
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const columns = first.columns.map((column): Column => {
    if (column.type === 'string') {
      const values: (string | null)[] = [];
      for (const table of tables) {
        const part = columnOf(table, column.name) as StringColumn | undefined;
        for (let i = 0; i < table.rows; i++) values.push(part?.values[i] ?? null);
      }
      return { name: column.name, type: 'string', values };
    }
    const values = new Float64Array(rows).fill(Number.NaN);
    let offset = 0;
    for (const table of tables) {
      const part = columnOf(table, column.name) as NumberColumn | undefined;
      if (part !== undefined) values.set(part.values, offset);
      offset += table.rows;
    }
    return { name: column.name, type: column.type, values };
  });
  return { rows, columns };
}

/** Builds a table of the given schema from row objects; absent values are missing. */
export function tableFromRows(schema: Schema, rows: readonly Row[]): Table {
  const columns = schema.map((column): Column => {
    if (column.type === 'string') {
      return {
        name: column.name,
        type: 'string',
        values: rows.map(row => (row[column.name] == null ? null : String(row[column.name]))),
      };
    }
    return {
      name: column.name,
      type: column.type,
      values: Float64Array.from(rows, row =>
        row[column.name] == null ? Number.NaN : Number(row[column.name]),
      ),
    };
  });
  return { rows: rows.length, columns };
}
