import type { Readable } from 'node:stream';
import type { RowBody } from '../ingest/ingest.js';

/** A body that is read while it arrives. */
export class StreamedBody {
  readonly format: 'jsonl' | 'parquet';
  readonly bytes: Readable;

  constructor(format: 'jsonl' | 'parquet', bytes: Readable) {
    this.format = format;
    this.bytes = bytes;
  }
}

/** A body as rows, whatever its format. */
export const rowsOf = (body: unknown): RowBody =>
  body instanceof StreamedBody ? body : { format: 'json', value: body };
