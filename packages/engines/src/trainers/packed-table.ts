import type { Column, NumberColumn, Table } from '@twinloop/kernel';

interface PackedText {
  readonly name: string;
  readonly type: 'string';
  /** Index into the dictionary; -1 is missing. */
  readonly codes: Int32Array;
  readonly dictionary: readonly string[];
}

/** A table in the form that crosses to a worker fast: text as codes, so no string is copied twice. */
export interface PackedTable {
  readonly rows: number;
  readonly columns: readonly (NumberColumn | PackedText)[];
}

/** Packs the named columns (those that exist); numbers are shared with the table, text is coded. */
export function packTable(table: Table, names: ReadonlySet<string>): PackedTable {
  const columns = table.columns
    .filter(column => names.has(column.name))
    .map((column): NumberColumn | PackedText => {
      if (column.type !== 'string') return column;
      const codes = new Int32Array(table.rows).fill(-1);
      const known = new Map<string, number>();
      for (let i = 0; i < table.rows; i++) {
        const value = column.values[i];
        if (value == null) continue;
        let code = known.get(value);
        if (code === undefined) known.set(value, (code = known.size));
        codes[i] = code;
      }
      return { name: column.name, type: 'string', codes, dictionary: [...known.keys()] };
    });
  return { rows: table.rows, columns };
}

export function unpackTable(packed: PackedTable): Table {
  const columns = packed.columns.map((column): Column => {
    if (column.type !== 'string') return column;
    const { codes, dictionary } = column;
    const values = Array.from(codes, code => (code < 0 ? null : dictionary[code]!));
    return { name: column.name, type: 'string', values };
  });
  return { rows: packed.rows, columns };
}
