import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { rowAt, TwinloopError, type DatasetQuery } from '@twinloop/kernel';
import { BATCH, type NumberedRow } from './rows.js';

/**
 * A Parquet body is kept in a file of its own while it is read: its index stands at its end.
 * @throws payload_too_large · dataset_unreadable
 */
export async function withParquetRows(
  body: AsyncIterable<Uint8Array>,
  limit: number,
  reader: (directories: readonly string[]) => Promise<DatasetQuery>,
  visit: (piece: readonly NumberedRow[]) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'twinloop-body-'));
  try {
    const path = join(folder, 'body.parquet');
    await pipeline(Readable.from(limited(body, limit), { objectMode: false }), createWriteStream(path));
    let line = 0;
    const query = await reader([folder]);
    await query.scan(path, { format: 'parquet' }, BATCH, async table => {
      await visit(
        Array.from({ length: table.rows }, (_, i): NumberedRow => ({ line: ++line, row: rowAt(table, i) })),
      );
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* limited(body: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > limit) throw new TwinloopError('payload_too_large', { values: { limit } });
    yield chunk;
  }
}
