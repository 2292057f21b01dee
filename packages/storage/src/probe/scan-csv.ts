import { countLines } from './encoding.js';

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

export interface CsvScan {
  /** Records, without the header and without empty lines. */
  readonly rows: number;
  /** Kept records, evenly spread, in the file's order, still as bytes. */
  readonly kept: readonly Buffer[];
  /** Their numbers among the records, from 1. */
  readonly numbers: Float64Array;
  /** Records that have other than the header's number of fields. */
  readonly ragged: {
    readonly count: number;
    readonly first?: { readonly row: number; readonly line: number; readonly fields: number };
  };
  /** The line of the first zero byte: text has none. */
  readonly zeroAt?: number;
  /** The line with the quote that is never closed. */
  readonly openQuoteAt?: number;
}

export interface ScanOptions {
  readonly delimiter: number;
  /** Fields of the first record. */
  readonly fields: number;
  /** Whether the first record is a header. */
  readonly header: boolean;
  /** So many records are kept, or up to twice as many. */
  readonly keep: number;
}

/**
 * Walks a CSV text once, record by record (RFC 4180: a quoted field may hold delimiters and line breaks), and keeps
 * every k-th record, where k doubles whenever the sample is full. Memory is the sample's and one chunk's.
 */
export async function scanCsv(chunks: AsyncIterable<Buffer>, options: ScanOptions): Promise<CsvScan> {
  const { delimiter, keep } = options;
  let kept: Buffer[] = [];
  let numbers: number[] = [];
  let step = 1;
  let rows = 0;
  let records = 0;
  let line = 1;
  let zeroAt: number | undefined;
  let quotedSince = 0;
  let ragged = 0;
  let first: { row: number; line: number; fields: number } | undefined;

  let quoted = false;
  let justClosed = false;
  /** Whether a field has begun: a quote inside an unquoted field is a letter. */
  let fieldStart = true;
  let fields = 1;
  let tail: Buffer[] = [];
  let startLine = 1;
  let length = 0;

  const finish = (record: Buffer | undefined): void => {
    if (length > 0 && records++ >= (options.header ? 1 : 0)) {
      rows++;
      if (fields !== options.fields) {
        ragged++;
        first ??= { row: rows, line: startLine, fields };
      }
      if (record !== undefined) {
        kept.push(record);
        numbers.push(rows);
        if (kept.length >= 2 * keep) {
          step *= 2;
          kept = kept.filter((_, i) => i % 2 === 0);
          numbers = numbers.filter((_, i) => i % 2 === 0);
        }
      }
    }
    fields = 1;
    length = 0;
    fieldStart = true;
  };
  /** Whether the record that is being read is one to keep. */
  const wanted = (): boolean => rows % step === 0;

  for await (const chunk of chunks) {
    if (zeroAt === undefined) {
      const zero = chunk.indexOf(0);
      if (zero >= 0) zeroAt = line + countLines(chunk.subarray(0, zero));
    }
    let from = 0;
    const end = chunk.length;
    for (let i = 0; i < end; i++) {
      const byte = chunk[i]!;
      if (quoted) {
        if (byte === QUOTE) {
          quoted = false;
          justClosed = true;
        } else if (byte === LF) line++;
        continue;
      }
      const doubled = justClosed;
      justClosed = false;
      if (byte === QUOTE) {
        // A doubled quote closes and opens again, which comes to the same.
        if (fieldStart || doubled) {
          quoted = true;
          if (!doubled) quotedSince = line;
          fieldStart = false;
        }
      } else if (byte === delimiter) {
        fields++;
        fieldStart = true;
      } else if (byte === LF) {
        const last = i > from && chunk[i - 1] === CR ? i - 1 : i;
        length += last - from;
        if (wanted()) {
          const part = chunk.subarray(from, last);
          finish(tail.length === 0 ? Buffer.from(part) : Buffer.concat([...tail, part]));
        } else finish(undefined);
        tail = [];
        line++;
        startLine = line;
        from = i + 1;
      } else fieldStart = false;
    }
    if (from < end) {
      length += end - from;
      if (wanted()) tail.push(Buffer.from(chunk.subarray(from)));
    }
  }
  if (length > 0) finish(wanted() ? Buffer.concat(tail) : undefined);
  return {
    rows,
    kept,
    numbers: Float64Array.from(numbers),
    ragged: { count: ragged, ...(first === undefined ? {} : { first }) },
    ...(zeroAt === undefined ? {} : { zeroAt }),
    ...(quoted ? { openQuoteAt: quotedSince } : {}),
  };
}
