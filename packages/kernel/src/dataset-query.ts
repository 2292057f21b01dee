import type { ChecksResult, CheckOptions, CheckSource, DataCheck } from './data-checks.js';
import type { ContentHash, ProjectId } from './ids.js';
import type { ColumnType, Interval, Schema, Table } from './scalar.js';

export type DataFormat = 'csv' | 'parquet' | 'jsonl';

/** How a text file is written. What is absent is found out anew at each reading, or has its usual form. */
export interface Reading {
  /** CSV: between fields. */
  readonly delimiter?: string;
  /** CSV: a comma also means that points group thousands. Default `.`. */
  readonly decimal?: '.' | ',';
  /** CSV. Default `utf-8`. */
  readonly encoding?: 'utf-8' | 'latin-1' | 'utf-16';
  /** CSV: whether the first line names the columns; without it they are called `column1`, `column2`, … Default true. */
  readonly header?: boolean;
  /** CSV: texts that stand for a missing value, beside the empty one. */
  readonly missing?: readonly string[];
  /** Forms of times by column, tried in order: `strptime` patterns, `iso`, `epoch-s`, `epoch-ms`. */
  readonly times?: Readonly<Record<string, readonly string[]>>;
}

/** A time made of two columns: a date, and an hour of the day (0 to 23, or `HH:MM`) in the reading's zone. */
export interface ComposedTime {
  /** The name of the column that is made. */
  readonly as: string;
  readonly date: string;
  readonly hour: string;
}

export interface ReadOptions {
  readonly format: DataFormat;
  readonly reading?: Reading;
  readonly compose?: ComposedTime;
  /** Declared types win over inference; a value that does not parse is an error that names column and line. */
  readonly types?: Readonly<Record<string, ColumnType>>;
  /** Zone of times that carry none (IANA name). Default UTC. */
  readonly timezone?: string;
  readonly columns?: readonly string[];
  /** Keep rows whose `column` lies in the interval. */
  readonly within?: { readonly column: string; readonly interval: Partial<Interval> };
  /** Keep so many rows: those with the greatest values of `by`, or the last of the file. */
  readonly newest?: { readonly rows: number; readonly by?: string };
  readonly orderBy?: readonly string[];
}

/** A file that is written piece by piece; all pieces have the columns of the first. Nothing stands at its path before `close`. */
export interface TableWriter {
  write(piece: Table): Promise<void>;
  close(): Promise<void>;
  /** Leaves nothing behind; harmless after `close`. */
  abort(): Promise<void>;
}

/** Reads files into tables, and tables into Parquet blobs. Files lie in the blob store or in the project's directory; nothing else can be opened. */
export interface DatasetQuery {
  /** @throws dataset_file_missing · dataset_unreadable · dataset_empty · dataset_line_too_long · dataset_column_missing */
  read(path: string, options: ReadOptions): Promise<Table>;
  /**
   * Reads a file in pieces of about `rows` rows, in its order, each after the one before was taken: a file of any size
   * in bounded memory. Types hold for the whole file. @throws as `read`, and whatever `visit` throws
   */
  scan(
    path: string,
    options: Pick<ReadOptions, 'format' | 'types' | 'timezone'>,
    rows: number,
    visit: (piece: Table) => Promise<void>,
  ): Promise<void>;
  /** Replaces the file at `path` when it is closed. Texts that a spreadsheet would run as formulas are escaped in CSV. @throws dataset_unreadable outside the directories · file_unwritable */
  create(path: string, format: DataFormat): Promise<TableWriter>;
  schema(path: string, options: Pick<ReadOptions, 'format' | 'types'>): Promise<Schema>;
  /** Content hash of a table (schema and values, independent of file format), and its Parquet blob. */
  store(
    project: ProjectId,
    table: Table,
  ): Promise<{ readonly version: ContentHash; readonly blob: ContentHash }>;
  load(project: ProjectId, blob: ContentHash, columns?: readonly string[]): Promise<Table>;
  /**
   * Runs checks over a table in as few passes as they allow. A check that cannot be evaluated (no such column, an invalid
   * expression or pattern) has a `problem` and leaves the others alone. SQL sees the columns of the table `data` and
   * nothing else: other files and functions that reach outside are refused.
   */
  check(source: CheckSource, checks: readonly DataCheck[], options?: CheckOptions): Promise<ChecksResult>;
}
