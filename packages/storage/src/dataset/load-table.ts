import type { Column, ColumnType, Table } from '@twinloop/kernel';
import type { DuckDBConnection } from '@duckdb/node-api';
import { CHUNK_ROWS, chunkOf, type PhysicalType } from '../telemetry/columns.js';
import { sqlName } from './sandbox.js';

const TYPED: Record<ColumnType, (column: string) => string> = {
  string: column => column,
  number: column => `case when isnan(${column}) then null else ${column} end`,
  boolean: column => `case when isnan(${column}) then null else ${column} <> 0 end`,
  time: column =>
    `case when isnan(${column}) then null else make_timestamp(cast(round(${column} * 1000) as bigint)) end`,
};

/** Makes a table the view `data`, its missing values NULL, its times TIMESTAMPs in UTC. */
export async function loadTable(connection: DuckDBConnection, table: Table): Promise<void> {
  const physical = table.columns.map(({ type }): PhysicalType => (type === 'string' ? 'VARCHAR' : 'DOUBLE'));
  await connection.run(`create temp table raw (${physical.map((type, i) => `c${i} ${type}`).join(', ')})`);
  const values = table.columns.map(dataOf);
  const appender = await connection.createAppender('raw');
  try {
    for (let from = 0; from < table.rows; from += CHUNK_ROWS) {
      appender.appendDataChunk(chunkOf(physical, values, from, Math.min(CHUNK_ROWS, table.rows - from)));
      await new Promise<void>(resolve => setImmediate(resolve));
    }
  } finally {
    appender.closeSync();
  }
  const select = table.columns.map(({ name, type }, i) => `${TYPED[type](`c${i}`)} as ${sqlName(name)}`);
  await connection.run(`create temp view data as select ${select.join(', ')} from raw`);
}

function dataOf(column: Column): Float64Array | (string | null)[] {
  return column.type === 'string' ? (column.values as (string | null)[]) : column.values;
}
