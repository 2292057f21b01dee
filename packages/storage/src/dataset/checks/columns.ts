import type { ColumnType } from '@twinloop/kernel';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlName } from '../sandbox.js';

/** A column of the view `data`. */
export interface DataColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** SQL name. */
  readonly sql: string;
}

export type DataColumns = ReadonlyMap<string, DataColumn>;

export async function columnsOfView(connection: DuckDBConnection, view: string): Promise<DataColumns> {
  const result = await connection.runAndReadAll(`describe ${view}`);
  return new Map(
    result.getRows().map(row => {
      const name = String(row[0]);
      return [name, { name, type: typeOf(String(row[1])), sql: sqlName(name) }];
    }),
  );
}

function typeOf(type: string): ColumnType {
  if (type === 'BOOLEAN') return 'boolean';
  if (/^(DATE|TIMESTAMP)/.test(type)) return 'time';
  return /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL)/.test(type) ? 'number' : 'string';
}

/** A column that is no text, as a DOUBLE: truth values as 0 and 1, times as epoch milliseconds. */
export function numberOf({ type, sql }: DataColumn): string {
  if (type === 'boolean') return `cast(${sql} as double)`;
  return type === 'time' ? `(epoch_us(${sql}) / 1000.0)` : sql;
}

/** What values are compared, grouped and shown by: texts as they are, all else as numbers. */
export const valueOf = (column: DataColumn): string =>
  column.type === 'string' ? column.sql : numberOf(column);

/** A column as text; whole numbers without a point, as people write them. */
export function textOf(column: DataColumn): string {
  if (column.type === 'string') return column.sql;
  const number = numberOf(column);
  return `case when ${number} = trunc(${number}) and abs(${number}) < 1e15 then cast(cast(${number} as bigint) as varchar) else cast(${number} as varchar) end`;
}
