import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { storageError } from '../errors.js';
import { CHUNK_ROWS, chunkOf, columnsOf, type ColumnData, type PhysicalType } from './columns.js';

export interface DatabaseOptions {
  /** Default 2. */
  readonly threads?: number;
  /** DuckDB's own default takes 80 % of the machine. Default 256MB. */
  readonly memoryLimit?: string;
}

export interface Selection {
  readonly rows: number;
  readonly columns: readonly ColumnData[];
}

/** The DuckDB file behind the telemetry logs. */
export interface TelemetryDatabase {
  /** Runs `work` as one transaction; transactions follow one another. */
  transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** Runs one query; its columns have the given types, DOUBLE ones are never null. */
  select(
    sql: string,
    parameters: readonly (string | number)[],
    types: readonly PhysicalType[],
  ): Promise<Selection>;
  /** Closes the file when its last user has left. */
  release(): Promise<void>;
}

export interface Transaction {
  run(sql: string, parameters?: readonly (string | number | null)[]): Promise<void>;
  select(
    sql: string,
    parameters: readonly (string | number)[],
    types: readonly PhysicalType[],
  ): Promise<Selection>;
  /** Appends whole columns to a table in chunks, leaving the event loop between them. */
  append(table: string, types: readonly PhysicalType[], columns: readonly ColumnData[]): Promise<void>;
}

interface Shared {
  readonly database: TelemetryDatabase;
  users: number;
}

// DuckDB lets one instance of a process hold a file: the stores of one directory share it.
const open = new Map<string, Shared>();

/** The database of a telemetry directory; DuckDB itself starts at the first use. */
export function acquireTelemetryDatabase(
  directory: string,
  options: DatabaseOptions = {},
): TelemetryDatabase {
  const key = resolve(directory);
  let shared = open.get(key);
  if (shared === undefined) {
    const release = async (): Promise<void> => {
      const held = open.get(key)!;
      held.users--;
      if (held.users > 0) return;
      open.delete(key);
      await stop();
    };
    const { stop, ...database } = duckDatabase(key, options);
    shared = { database: { ...database, release }, users: 0 };
    open.set(key, shared);
  }
  shared.users++;
  return shared.database;
}

function duckDatabase(
  directory: string,
  options: DatabaseOptions,
): Omit<TelemetryDatabase, 'release'> & { stop(): Promise<void> } {
  let started: Promise<{ instance: DuckDBInstance; writer: DuckDBConnection }> | undefined;
  const start = () =>
    (started ??= startDuck(directory, options).catch((error: unknown) => {
      started = undefined;
      throw storageError(error, directory);
    }));
  const idle: DuckDBConnection[] = [];
  let turn: Promise<unknown> = Promise.resolve();

  const transact = async <T>(work: (transaction: Transaction) => Promise<T>): Promise<T> => {
    const { writer } = await start();
    try {
      await writer.run('begin');
      const result = await work(transactionOn(writer));
      await writer.run('commit');
      return result;
    } catch (error) {
      // A failed commit has already rolled back; then this one has nothing to do and says so.
      await writer.run('rollback').catch(() => undefined);
      throw storageError(error, directory);
    }
  };

  return {
    transact(work) {
      const result = turn.then(() => transact(work));
      turn = result.catch(() => undefined);
      return result;
    },
    async select(sql, parameters, types) {
      const { instance } = await start();
      const connection = idle.pop() ?? (await instance.connect());
      try {
        return await selectOn(connection, sql, parameters, types);
      } catch (error) {
        throw storageError(error, directory);
      } finally {
        idle.push(connection);
      }
    },
    async stop() {
      await turn;
      if (started === undefined) return;
      const { instance, writer } = await started;
      for (const connection of [writer, ...idle]) connection.closeSync();
      instance.closeSync();
    },
  };
}

async function startDuck(directory: string, options: DatabaseOptions) {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const instance = await DuckDBInstance.create(join(directory, 'telemetry.duckdb'), {
    threads: String(options.threads ?? 2),
    memory_limit: options.memoryLimit ?? '256MB',
    temp_directory: join(directory, 'spill'),
    enable_external_access: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const writer = await instance.connect();
  // DuckDB's own appender sets this one within its transaction.
  await writer.run("set allowed_configs = ['current_transaction_invalidation_policy']");
  await writer.run('set lock_configuration = true');
  return { instance, writer };
}

function transactionOn(connection: DuckDBConnection): Transaction {
  return {
    async run(sql, parameters = []) {
      await connection.run(sql, [...parameters]);
    },
    select: (sql, parameters, types) => selectOn(connection, sql, parameters, types),
    async append(table, types, columns) {
      const rows = columns[0]!.length;
      const appender = await connection.createAppender(table);
      try {
        for (let from = 0; from < rows; from += CHUNK_ROWS) {
          appender.appendDataChunk(chunkOf(types, columns, from, Math.min(CHUNK_ROWS, rows - from)));
          await new Promise<void>(resolve => setImmediate(resolve));
        }
      } finally {
        appender.closeSync();
      }
    },
  };
}

async function selectOn(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly (string | number)[],
  types: readonly PhysicalType[],
): Promise<Selection> {
  const result = await connection.run(sql, [...parameters]);
  return columnsOf(await result.fetchAllChunks(), types);
}
