import { TwinloopError, type DataFormat } from '@twinloop/kernel';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { storageError } from '../errors.js';

export interface SourceFile {
  readonly path: string;
  readonly format: DataFormat;
  readonly maxLineBytes: number;
}

export function unreadable(
  file: SourceFile,
  reason: string,
  where: { readonly field?: string; readonly line?: number; readonly cause?: unknown } = {},
): TwinloopError {
  const { field, line, cause } = where;
  return new TwinloopError('dataset_unreadable', {
    values: { file: basename(file.path), format: file.format, reason },
    ...(field === undefined ? {} : { field }),
    ...(field === undefined && line === undefined
      ? {}
      : {
          details: [
            {
              message: reason,
              ...(field === undefined ? {} : { field }),
              ...(line === undefined ? {} : { line }),
            },
          ],
        }),
    cause,
  });
}

export function lineTooLong(file: SourceFile, line: number): TwinloopError {
  return new TwinloopError('dataset_line_too_long', {
    values: { file: basename(file.path), line, limit: file.maxLineBytes },
    details: [{ message: `line ${line} is longer than ${file.maxLineBytes} bytes`, line }],
  });
}

/** The catalogue's error for what DuckDB said about a file. Its prose is cut to the first sentence: the rest is advice on DuckDB's own options. */
export function readError(thrown: unknown, file: SourceFile): TwinloopError {
  if (thrown instanceof TwinloopError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const known = storageError(thrown, file.path);
  if (known.code === 'storage_full') return known;
  const line = /\bline:? (\d+)/i.exec(message)?.[1];
  if (/maximum line size|maximum_object_size|max_line_size/i.test(message)) {
    return lineTooLong(file, Number(line ?? 1));
  }
  if (/out of memory/i.test(message))
    return unreadable(file, 'it does not fit into memory', { cause: thrown });
  const reason = reasonIn(message);
  return unreadable(file, line === undefined ? reason : `line ${line}: ${reason}`, {
    ...(line === undefined ? {} : { line: Number(line) }),
    cause: thrown,
  });
}

function reasonIn(message: string): string {
  const lines = message
    .split('\n')
    .map(each => each.trim())
    .filter(each => each !== '' && !/^(Original Line|Possible|LINE \d|\^|file =|Try |\*)/.test(each));
  const sentence = lines.find(each => !/CSV Error on Line/.test(each)) ?? message;
  return sentence
    .replace(/^[A-Z][\w ]*Error: /, '')
    .replace(/ (in|of) file ['"][^'"]*['"]/, '')
    .slice(0, 200);
}

/** Number of the first line of a text file that is longer than the limit. */
export async function firstLongLine(file: SourceFile): Promise<number | undefined> {
  const raw = createReadStream(file.path);
  const stream = file.path.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  let line = 1;
  let length = 0;
  try {
    for await (const each of stream) {
      const chunk = each as Buffer;
      for (let start = 0; start < chunk.length; ) {
        const end = chunk.indexOf(0x0a, start);
        length += (end < 0 ? chunk.length : end) - start;
        if (length > file.maxLineBytes) return line;
        if (end < 0) break;
        line++;
        length = 0;
        start = end + 1;
      }
    }
    return undefined;
  } finally {
    raw.destroy();
  }
}
