import { TwinloopError } from '@twinloop/kernel';
import type { NumberedRow, Pieces } from './rows.js';

/** Longest line, as for JSONL datasets. */
export const MAX_LINE = 1 << 20;
const NEWLINE = 0x0a;

/**
 * Lines of JSON out of a body that may be larger than memory: one piece a chunk of the body, at most one line more is
 * held. A line that is too long is one refused row. @throws payload_too_large beyond `limit` bytes
 */
export async function* jsonLines(body: AsyncIterable<Uint8Array>, limit: number): Pieces {
  let rest: Buffer = Buffer.alloc(0);
  let bytes = 0;
  let line = 0;
  /** Inside a line that is too long, whose end has not come yet. */
  let skipping = false;
  const rowOf = (text: string): NumberedRow | undefined => {
    line++;
    return text.trim() === '' ? undefined : parse(line, text);
  };
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > limit) throw new TwinloopError('payload_too_large', { values: { limit } });
    let data = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    if (skipping) {
      const end = data.indexOf(NEWLINE);
      if (end < 0) {
        rest = Buffer.alloc(0);
        continue;
      }
      data = data.subarray(end + 1);
      skipping = false;
    }
    const last = data.lastIndexOf(NEWLINE);
    const piece: NumberedRow[] = [];
    if (last >= 0) {
      for (const text of data.toString('utf8', 0, last).split('\n')) {
        const row = rowOf(text);
        if (row !== undefined) piece.push(row);
      }
    }
    rest = last < 0 ? data : data.subarray(last + 1);
    if (rest.length > MAX_LINE) {
      line++;
      piece.push({ line, error: `it is longer than ${MAX_LINE} bytes` });
      rest = Buffer.alloc(0);
      skipping = true;
    }
    if (piece.length > 0) yield piece;
  }
  const row = rest.length === 0 ? undefined : rowOf(rest.toString('utf8'));
  if (row !== undefined) yield [row];
}

function parse(line: number, text: string): NumberedRow {
  if (text.length > MAX_LINE) return { line, error: `it is longer than ${MAX_LINE} bytes` };
  try {
    return { line, row: JSON.parse(text) as unknown };
  } catch {
    return { line, error: 'it is not JSON' };
  }
}

/** The rows of a JSON body: one object, or a list of them. */
export async function* jsonRows(value: unknown): Pieces {
  yield (Array.isArray(value) ? value : [value]).map((row: unknown, i) => ({ line: i + 1, row }));
}
