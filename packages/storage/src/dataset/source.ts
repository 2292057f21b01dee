import { TwinloopError, type Reading } from '@twinloop/kernel';
import type { DuckDBConnection } from '@duckdb/node-api';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { columnNames, parseHeader, readHeaderText } from './csv-header.js';
import { firstLongLine, lineTooLong, unreadable, type SourceFile } from './read-errors.js';
import { sqlText } from './sandbox.js';

/** What a column is in the file. CSV has no types, JSON has none for times, Parquet has all. */
export type Physical = 'untyped' | 'json' | 'text' | 'number' | 'boolean' | 'time';

export interface SourceColumn {
  readonly name: string;
  readonly physical: Physical;
}

/** A file as a SQL relation, with its columns. */
export interface Source {
  readonly relation: string;
  readonly columns: readonly SourceColumn[];
}

/** @throws dataset_file_missing · dataset_empty · dataset_unreadable · dataset_line_too_long */
export async function openSource(
  connection: DuckDBConnection,
  file: SourceFile,
  reading: Reading = {},
): Promise<Source> {
  const name = basename(file.path);
  const info = await stat(file.path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT')
      throw new TwinloopError('dataset_file_missing', { values: { file: file.path } });
    throw unreadable(file, error.message, { cause: error });
  });
  if (!info.isFile()) throw unreadable(file, 'it is not a file');
  if (info.size === 0) throw new TwinloopError('dataset_empty', { values: { file: name } });
  if (file.format !== 'parquet') {
    // DuckDB notices only some of these lines, and after it has held them in memory.
    const line = await firstLongLine(file);
    if (line !== undefined) throw lineTooLong(file, line);
  }
  switch (file.format) {
    case 'csv':
      return csvSource(file, reading);
    case 'parquet':
      return describedSource(connection, `read_parquet(${sqlText(file.path)})`);
    case 'jsonl':
      return jsonSource(connection, file);
  }
}

async function csvSource(file: SourceFile, reading: Reading): Promise<Source> {
  const { encoding, header = true, missing = [] } = reading;
  const text = await readHeaderText(file.path, file.maxLineBytes, encoding).catch((error: Error) => {
    throw unreadable(file, error.message, { cause: error });
  });
  if (text === undefined) throw lineTooLong(file, 1);
  if (text.includes('\0')) throw unreadable(file, 'it is not a text file', { line: 1 });
  const parsed = parseHeader(text, reading.delimiter);
  const { delimiter } = parsed;
  // A file whose form was declared has been looked at by a person; in any other an empty name may be a slip.
  if (reading.delimiter === undefined && parsed.names.includes(''))
    throw unreadable(file, 'line 1: a column has no name', { line: 1 });
  const names = columnNames(parsed.names, header, column => {
    throw unreadable(file, `line 1: the header names column ${column} twice`, { field: column, line: 1 });
  });
  const columns = names.map(column => `${sqlText(column)}: 'VARCHAR'`).join(', ');
  const options = [
    'auto_detect = false',
    `header = ${header}`,
    `delim = ${sqlText(delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    `nullstr = [${['', ...missing].map(sqlText).join(', ')}]`,
    ...(encoding === undefined ? [] : [`encoding = ${sqlText(encoding)}`]),
    `max_line_size = ${file.maxLineBytes}`,
    `columns = {${columns}}`,
  ];
  return {
    relation: `read_csv(${sqlText(file.path)}, ${options.join(', ')})`,
    columns: names.map(column => ({ name: column, physical: 'untyped' })),
  };
}

async function jsonSource(connection: DuckDBConnection, file: SourceFile): Promise<Source> {
  const options = `${sqlText(file.path)}, format = 'newline_delimited', maximum_object_size = ${file.maxLineBytes}`;
  const found = await describe(connection, `read_json(${options}, sample_size = -1)`);
  // Everything but numbers and truth values is read as its own text: DuckDB's guess at times would lose their zone.
  const columns = found.map(({ name, type }): SourceColumn => {
    const physical = physicalOf(type);
    return { name, physical: physical === 'number' || physical === 'boolean' ? physical : 'json' };
  });
  const types: Record<Physical, string> = {
    untyped: 'VARCHAR',
    json: 'VARCHAR',
    text: 'VARCHAR',
    time: 'VARCHAR',
    number: 'DOUBLE',
    boolean: 'BOOLEAN',
  };
  const declared = columns.map(({ name, physical }) => `${sqlText(name)}: '${types[physical]}'`).join(', ');
  return { relation: `read_json(${options}, columns = {${declared}})`, columns };
}

async function describedSource(connection: DuckDBConnection, relation: string): Promise<Source> {
  const found = await describe(connection, relation);
  return { relation, columns: found.map(({ name, type }) => ({ name, physical: physicalOf(type) })) };
}

async function describe(
  connection: DuckDBConnection,
  relation: string,
): Promise<{ name: string; type: string }[]> {
  const result = await connection.runAndReadAll(`describe from ${relation}`);
  return result.getRows().map(row => ({ name: String(row[0]), type: String(row[1]) }));
}

function physicalOf(type: string): Physical {
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*)$/.test(type)) return 'number';
  if (type === 'BOOLEAN') return 'boolean';
  return /^(DATE|TIMESTAMP.*)$/.test(type) ? 'time' : 'text';
}
