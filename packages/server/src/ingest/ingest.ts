import { TwinloopError, type DatasetQuery } from '@twinloop/kernel';
import { jsonLines, jsonRows } from './json-lines.js';
import { withParquetRows } from './parquet-rows.js';
import { inBatches, newTally, settle, type Pieces, type Tally } from './rows.js';

/** Rows as they come in: a JSON body is parsed already, the others are read while they arrive. */
export type RowBody =
  | { readonly format: 'json'; readonly value: unknown }
  | { readonly format: 'jsonl' | 'parquet'; readonly bytes: AsyncIterable<Uint8Array> };

/** What a streamed body may hold; more is sent in parts. */
const STREAM_LIMIT = 4 * 2 ** 30;

/**
 * Reads the rows of a body in any of the formats, batch after batch; whatever its size, memory holds a few batches.
 * @throws rows_refused · prediction_conflict · payload_too_large · invalid_request · dataset_unreadable
 */
export async function ingest<T>(
  body: RowBody,
  reader: (directories: readonly string[]) => Promise<DatasetQuery>,
  read: (row: unknown) => T,
  write: (tally: Tally, batch: readonly { readonly line: number; readonly value: T }[]) => Promise<void>,
): Promise<Tally> {
  const tally = newTally();
  const take = (pieces: Pieces): Promise<void> =>
    inBatches(pieces, tally, read, batch => write(tally, batch));
  switch (body.format) {
    case 'json':
      await take(jsonRows(body.value));
      break;
    case 'jsonl':
      await take(jsonLines(body.bytes, STREAM_LIMIT));
      break;
    case 'parquet':
      await withParquetRows(body.bytes, STREAM_LIMIT, reader, async piece => take(only(piece)));
      break;
  }
  if (tally.rows === 0)
    throw new TwinloopError('invalid_request', {
      field: 'body',
      values: { reason: 'the body holds no rows' },
    });
  settle(tally);
  return tally;
}

async function* only<T>(piece: T): AsyncGenerator<T> {
  yield piece;
}
