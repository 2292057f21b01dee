import { TwinloopError, type DataFormat } from '@twinloop/kernel';
import type { DuckDBConnection } from '@duckdb/node-api';
import { basename, extname, resolve } from 'node:path';
import { numbersOfChunk } from '../telemetry/columns.js';
import { typeColumns } from './read-table.js';
import { readError, unreadable, type SourceFile } from './read-errors.js';
import { sqlName, withSandbox } from './sandbox.js';
import { openSource, type Source } from './source.js';
import { conversion } from './conversion.js';

export type PairKind = 'number' | 'level' | 'time';

/** A column of two files: what it is in both; levels when they do not agree. */
export interface PairColumn {
  readonly name: string;
  readonly kind: PairKind;
  readonly inReference: boolean;
  readonly inCurrent: boolean;
}

/** Two files of the same columns, read one column at a time, so that memory holds one column of each. */
export interface FilePair {
  readonly rows: readonly [reference: number, current: number];
  readonly columns: readonly PairColumn[];
  /** Values of numeric columns in the order asked, NaN where missing; one pass over each file. */
  numbers(names: readonly string[]): Promise<readonly (readonly [Float64Array, Float64Array])[]>;
  /** Rows by level (null under the empty key of `missing`), at most `limit` levels of either file; null when it has more. */
  levels(name: string, limit: number): Promise<readonly [Levels, Levels] | null>;
}
export interface Levels {
  readonly counts: Readonly<Record<string, number>>;
  readonly missing: number;
}

const FORMATS: Readonly<Record<string, DataFormat>> = {
  '.parquet': 'parquet',
  '.csv': 'csv',
  '.jsonl': 'jsonl',
};
const LINE_BYTES = 2 ** 20;

function fileOf(path: string): SourceFile {
  const format = FORMATS[extname(path.replace(/\.gz$/, '')).toLowerCase()];
  const file = { path: resolve(path), format: format ?? 'csv', maxLineBytes: LINE_BYTES } as const;
  if (format === undefined) throw unreadable(file, 'its name ends in none of .parquet, .csv, .jsonl');
  return file;
}

/**
 * Opens two files (Parquet, CSV or JSON Lines, by their names) in a database that can read nothing else.
 * @throws dataset_file_missing · dataset_unreadable · dataset_empty · dataset_line_too_long
 */
export async function withFilePair<T>(
  reference: string,
  current: string,
  work: (pair: FilePair) => Promise<T>,
): Promise<T> {
  const files = [fileOf(reference), fileOf(current)] as const;
  return withSandbox({ files: files.map(({ path }) => path), memoryLimit: '256MB' }, async connection => {
    const sides = [await openSide(connection, files[0]), await openSide(connection, files[1])] as const;
    return work(pairOf(connection, sides));
  });
}

interface Side {
  readonly file: SourceFile;
  readonly source: Source;
  readonly rows: number;
  readonly kinds: ReadonlyMap<string, PairKind>;
  /** SQL of a column as its kind. */
  readonly sql: ReadonlyMap<string, string>;
}

async function openSide(connection: DuckDBConnection, file: SourceFile): Promise<Side> {
  const source = await openSource(connection, file);
  const kinds = new Map<string, PairKind>();
  const sql = new Map<string, string>();
  if (file.format === 'parquet') {
    // Parquet says what its columns are: nothing need be read to know.
    for (const { name, physical } of source.columns) {
      kinds.set(name, physical === 'number' ? 'number' : physical === 'time' ? 'time' : 'level');
      sql.set(name, sqlName(name));
    }
  } else {
    for (const { name, type, source: column } of await typeColumns(connection, source, file, {})) {
      kinds.set(name, type === 'number' ? 'number' : type === 'time' ? 'time' : 'level');
      sql.set(name, conversion(column, type));
    }
  }
  const counted = await connection
    .runAndReadAll(`select count(*)::double from ${source.relation}`)
    .catch((thrown: unknown) => {
      throw readError(thrown, file);
    });
  const rows = counted.getRows()[0]![0] as number;
  if (rows === 0) throw new TwinloopError('dataset_empty', { values: { file: basename(file.path) } });
  return { file, source, rows, kinds, sql };
}

function pairOf(connection: DuckDBConnection, [a, b]: readonly [Side, Side]): FilePair {
  const names = [...new Set([...a.kinds.keys(), ...b.kinds.keys()])];
  return {
    rows: [a.rows, b.rows],
    columns: names.map((name): PairColumn => {
      const [then, now] = [a.kinds.get(name), b.kinds.get(name)];
      const kind = then === undefined || now === undefined || then === now ? (then ?? now!) : 'level';
      return { name, kind, inReference: then !== undefined, inCurrent: now !== undefined };
    }),
    async numbers(wanted) {
      const then = await numbersOf(connection, a, wanted);
      const now = await numbersOf(connection, b, wanted);
      return then.map((values, i) => [values, now[i]!] as const);
    },
    async levels(name, limit) {
      const then = await levelsOf(connection, a, name, limit);
      const now = then === null ? null : await levelsOf(connection, b, name, limit);
      return then === null || now === null ? null : [then, now];
    },
  };
}

async function numbersOf(
  connection: DuckDBConnection,
  side: Side,
  names: readonly string[],
): Promise<readonly Float64Array[]> {
  const columns = names.map(() => new Float64Array(side.rows).fill(Number.NaN));
  const known = names.flatMap((name, i) => {
    const sql = side.sql.get(name);
    return sql === undefined
      ? []
      : [{ sql: `coalesce(cast(${sql} as double), 'nan'::double)`, to: columns[i]! }];
  });
  if (known.length === 0) return columns;
  try {
    const result = await connection.stream(
      `select ${known.map(({ sql }) => sql).join(', ')} from ${side.source.relation}`,
    );
    let at = 0;
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return columns;
      known.forEach(({ to }, c) => to.set(numbersOfChunk(chunk, c), at));
      at += chunk.rowCount;
    }
  } catch (thrown) {
    throw readError(thrown, side.file);
  }
}

async function levelsOf(
  connection: DuckDBConnection,
  side: Side,
  name: string,
  limit: number,
): Promise<Levels | null> {
  const sql = side.sql.get(name);
  if (sql === undefined) return { counts: {}, missing: side.rows };
  try {
    const result = await connection.runAndReadAll(
      `select cast(${sql} as varchar) as level, count(*)::double as rows from ${side.source.relation} group by 1 limit ${limit + 2}`,
    );
    const counts: Record<string, number> = Object.create(null) as Record<string, number>;
    let missing = 0;
    for (const [level, rows] of result.getRows() as [string | null, number][]) {
      if (level === null) missing += rows;
      else counts[level] = rows;
    }
    return Object.keys(counts).length > limit ? null : { counts, missing };
  } catch (thrown) {
    throw readError(thrown, side.file);
  }
}
