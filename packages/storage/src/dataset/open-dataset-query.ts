import {
  TwinloopError,
  type BlobStore,
  type DataFormat,
  type DatasetQuery,
  type ReadOptions,
  type Table,
} from '@twinloop/kernel';
import type { DuckDBConnection } from '@duckdb/node-api';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, sep } from 'node:path';
import { storageError } from '../errors.js';
import { composeTime } from './compose-time.js';
import { checkData } from './checks/check-data.js';
import { loadTable } from './load-table.js';
import { readError, unreadable, type SourceFile } from './read-errors.js';
import { readStored, readTable, scanTable, typeColumns } from './read-table.js';
import { sqlText, withSandbox } from './sandbox.js';
import { openSource, type Source } from './source.js';
import { tableWriter } from './table-writer.js';
import { tableHash } from './table-hash.js';

export interface DatasetQueryOptions {
  readonly blobs: BlobStore;
  /** Files may be read below these: the blob directory and the projects' own. Asked anew at every read, so that a project may join. */
  readonly allowedDirectories: readonly string[] | (() => readonly string[]);
  /** Longest line of a CSV or JSONL file. Default 2 MiB. */
  readonly maxLineBytes?: number;
  /** Memory of one read. Default 512MB. */
  readonly memoryLimit?: string;
}

/** Reads datasets with DuckDB, each time in a sandbox that sees one file. */
export async function openDatasetQuery(options: DatasetQueryOptions): Promise<DatasetQuery> {
  const { blobs, allowedDirectories, maxLineBytes = 2 << 20, memoryLimit } = options;

  const withSource = async <T>(
    path: string,
    format: DataFormat,
    timezone: string | undefined,
    work: (connection: DuckDBConnection, source: Source, file: SourceFile) => Promise<T>,
    { reading = {}, compose }: Pick<ReadOptions, 'reading' | 'compose'> = {},
  ): Promise<T> => {
    const file: SourceFile = { path: await realpath(path).catch(() => path), format, maxLineBytes };
    try {
      if (timezone !== undefined) checkZone(file, timezone);
      return await withSandbox({ files: [file.path], timezone, memoryLimit }, async connection => {
        const source = await openSource(connection, file, reading);
        return work(
          connection,
          compose === undefined ? source : await composeTime(connection, source, file, compose, reading),
          file,
        );
      });
    } catch (error) {
      throw readError(error, file);
    }
  };
  const checkAllowed = async (path: string, format: DataFormat, named = path): Promise<void> => {
    const real = await realpath(path).catch(() => {
      throw new TwinloopError('dataset_file_missing', { values: { file: named } });
    });
    const directories = typeof allowedDirectories === 'function' ? allowedDirectories() : allowedDirectories;
    for (const directory of directories) {
      const root = await realpath(directory).catch(() => directory);
      if (`${real}${sep}`.startsWith(root.endsWith(sep) ? root : root + sep)) return;
    }
    throw unreadable({ path: named, format, maxLineBytes }, "it lies outside the project's directory");
  };

  return {
    async read(path, read) {
      await checkAllowed(path, read.format);
      return withSource(
        path,
        read.format,
        read.timezone,
        (connection, source, file) => readTable(connection, source, file, read),
        read,
      );
    },
    async scan(path, read, rows, visit) {
      await checkAllowed(path, read.format);
      // What the visitor throws is its own: nothing of it is about the file.
      let refused: { readonly error: unknown } | undefined;
      try {
        await withSource(path, read.format, read.timezone, (connection, source, file) =>
          scanTable(connection, source, file, read, rows, async piece => {
            try {
              await visit(piece);
            } catch (error) {
              refused = { error };
              throw error;
            }
          }),
        );
      } catch (error) {
        throw refused === undefined ? error : refused.error;
      }
    },
    async create(path, format) {
      const file = join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path));
      await checkAllowed(dirname(file), format, file);
      return tableWriter(file, format);
    },
    async schema(path, { format, types = {} }) {
      await checkAllowed(path, format);
      return withSource(path, format, undefined, async (connection, source, file) =>
        (await typeColumns(connection, source, file, types)).map(({ name, type, nullable }) => ({
          name,
          type,
          nullable,
        })),
      );
    },
    async store(project, table) {
      const folder = await mkdtemp(join(tmpdir(), 'twinloop-')).catch((error: unknown) => {
        throw storageError(error, tmpdir());
      });
      try {
        const blob = await blobs.put(
          project,
          await parquetOf(table, join(folder, randomUUID()), memoryLimit),
        );
        return { version: tableHash(table), blob };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    async load(project, blob, columns) {
      const path = await blobs.path(project, blob);
      return withSource(path, 'parquet', undefined, (connection, source, file) =>
        readStored(connection, source, file, columns),
      );
    },
    check: (source, checks, asked) => checkData(blobs, memoryLimit, source, checks, asked),
  };
}

/** The table as Parquet bytes. DuckDB can only write files. */
async function parquetOf(table: Table, file: string, memoryLimit: string | undefined): Promise<Uint8Array> {
  try {
    await withSandbox({ files: [file], memoryLimit }, async connection => {
      await loadTable(connection, table);
      await connection.run(`copy (from data) to ${sqlText(file)} (format parquet, compression zstd)`);
    });
    return await readFile(file);
  } catch (error) {
    throw storageError(error, file);
  }
}

function checkZone(file: SourceFile, timezone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch (error) {
    throw unreadable(file, `${timezone} is not a time zone`, { field: 'timezone', cause: error });
  }
}
