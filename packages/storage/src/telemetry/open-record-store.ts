import { join } from 'node:path';
import { openSegmentLog } from '../log/segment-log.js';
import { turnBatch } from '../turn-batch.js';
import type { ColumnData, PhysicalType } from './columns.js';
import { feeder } from './feeder.js';
import {
  acquireTelemetryDatabase,
  type DatabaseOptions,
  type TelemetryDatabase,
} from './telemetry-database.js';

export interface TelemetryStoreOptions extends DatabaseOptions {
  /** The telemetry directory; all stores of one directory share its database. */
  readonly directory: string;
}

export interface RecordTable<T> {
  /** Names the table and the log's directory. */
  readonly name: string;
  readonly columns: readonly (readonly [string, PhysicalType])[];
  toColumns(records: readonly T[]): ColumnData[];
}

export interface RecordStore<T> {
  append(records: readonly T[]): Promise<void>;
  /** The database, once it has everything whose append has resolved. */
  fed(): Promise<TelemetryDatabase>;
  close(): Promise<void>;
}

/** A durable log in front of one DuckDB table: an append resolves when the operating system has it. @throws data_directory_unwritable */
export async function openRecordStore<T>(
  options: TelemetryStoreOptions,
  table: RecordTable<T>,
): Promise<RecordStore<T>> {
  const log = await openSegmentLog({ directory: join(options.directory, `${table.name}s`) });
  const database = acquireTelemetryDatabase(options.directory, options);
  const types = table.columns.map(([, type]) => type);
  const feed = feeder<T>({
    name: `${table.name}s`,
    log,
    database,
    decode: payload => JSON.parse(payload) as T[],
    prepare: transaction =>
      transaction.run(
        `create table if not exists ${table.name} (${table.columns.map(([name, type]) => `${name} ${type}`).join(', ')})`,
      ),
    define: async () => {},
    insert: (transaction, records) => transaction.append(table.name, types, table.toColumns(records)),
  });
  const batch = turnBatch<{ readonly texts: readonly string[]; readonly records: readonly T[] }, void>(
    items => {
      const next = log.append(`[${items.flatMap(item => item.texts).join(',')}]`);
      feed.push(
        items.flatMap(item => item.records),
        next,
      );
      return items.map(() => undefined);
    },
  );
  return {
    async append(records) {
      if (records.length === 0) return;
      await batch.submit({ texts: records.map(record => JSON.stringify(record)), records });
    },
    async fed() {
      await batch.idle();
      await feed.flush();
      return database;
    },
    async close() {
      await batch.idle();
      await feed.stop();
      await log.close();
      await database.release();
    },
  };
}
