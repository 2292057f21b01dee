import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { once } from 'node:events';
import {
  TwinloopError,
  type Column,
  type ColumnType,
  type DataFormat,
  type Table,
  type TableWriter,
} from '@twinloop/kernel';
import { sqlName, sqlText, withSandbox } from './sandbox.js';

/** Spreadsheets run these as formulas; numbers never start so, because text alone is escaped. */
const FORMULA = /^[=+\-@\t\r]/;
const PLAIN_NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Writes pieces of a table as text while they come; Parquet is made of that text at the end, by one streaming query, so
 * that a file of any size needs bounded memory.
 */
export function tableWriter(path: string, format: DataFormat): TableWriter {
  const text = `${path}.part`;
  const stream = createWriteStream(text);
  let failure: Error | undefined;
  stream.on('error', error => {
    failure = error;
  });
  let schema: readonly { readonly name: string; readonly type: ColumnType }[] | undefined;
  let over = false;
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      if (failure !== undefined) throw failure;
      return await work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new TwinloopError('file_unwritable', { values: { file: path, reason }, cause: error });
    }
  };
  const put = async (chunk: string): Promise<void> => {
    if (!stream.write(chunk)) await once(stream, 'drain');
  };

  return {
    write: piece =>
      guarded(async () => {
        if (schema === undefined) {
          schema = piece.columns.map(({ name, type }) => ({ name, type }));
          if (format === 'csv') await put(`${schema.map(({ name }) => csvCell(name)).join(',')}\n`);
        }
        await put(format === 'csv' ? csvLines(piece) : jsonLinesOf(piece));
      }),
    close: () =>
      guarded(async () => {
        over = true;
        stream.end();
        await finished(stream);
        if (format !== 'parquet') return rename(text, path);
        const made = `${path}.part2`;
        await parquetOf(text, made, schema ?? []);
        await rename(made, path);
        await rm(text);
      }),
    async abort() {
      if (over) return;
      over = true;
      stream.destroy();
      await rm(text, { force: true });
    },
  };
}

async function parquetOf(
  source: string,
  target: string,
  schema: readonly { readonly name: string; readonly type: ColumnType }[],
): Promise<void> {
  const physical: Record<ColumnType, string> = {
    number: 'DOUBLE',
    string: 'VARCHAR',
    boolean: 'BOOLEAN',
    time: 'TIMESTAMP',
  };
  const columns = schema.map(({ name, type }) => `${sqlText(name)}: '${physical[type]}'`).join(', ');
  await withSandbox({ files: [source, target] }, async connection => {
    await connection.run(
      `copy (select ${schema.map(({ name }) => sqlName(name)).join(', ')} from read_json(${sqlText(source)}, format = 'newline_delimited', columns = {${columns}}))
       to ${sqlText(target)} (format parquet, compression zstd)`,
    );
  });
}

const isMissing = (value: number | string | null): boolean =>
  value === null || (typeof value === 'number' && Number.isNaN(value));

/** What a cell is outside: a truth value, an ISO time, a number, a text. */
function valueOf(column: Column, row: number): number | string | boolean | null {
  const value = column.values[row]!;
  if (isMissing(value)) return null;
  if (column.type === 'boolean') return value !== 0;
  return column.type === 'time' ? new Date(value).toISOString() : value;
}

function jsonLinesOf({ rows, columns }: Table): string {
  let text = '';
  for (let row = 0; row < rows; row++) {
    const object: Record<string, unknown> = {};
    for (const column of columns) object[column.name] = valueOf(column, row);
    text += `${JSON.stringify(object)}\n`;
  }
  return text;
}

function csvLines({ rows, columns }: Table): string {
  let text = '';
  for (let row = 0; row < rows; row++)
    text += `${columns.map(column => csvCell(valueOf(column, row))).join(',')}\n`;
  return text;
}

function csvCell(value: number | string | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = FORMULA.test(value) && !PLAIN_NUMBER.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) || safe === '' ? `"${safe.replaceAll('"', '""')}"` : safe;
}
