import { DuckDBDataChunk, DOUBLE, VARCHAR, type DuckDBVector } from '@duckdb/node-api';

/** A column on its way into or out of DuckDB. In numbers NaN is missing, so that no validity mask is needed. */
export type ColumnData = Float64Array | (string | null)[];
export type PhysicalType = 'DOUBLE' | 'VARCHAR';

/** DuckDB's vectors hold at most this many rows. */
export const CHUNK_ROWS = 2048;

// The node-api's vectors keep their buffers private, and its per-item methods cost ten times a bulk copy.
interface DoubleBuffer {
  readonly items: Float64Array;
}
interface TextBuffer {
  readonly dataView: DataView;
  /** One bit a row, set when it is valid; absent when all are. */
  readonly validity: { data: BigUint64Array | null };
}

/** Rows `from … from + count` of the columns as one chunk. */
export function chunkOf(
  types: readonly PhysicalType[],
  columns: readonly ColumnData[],
  from: number,
  count: number,
): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(
    types.map(type => (type === 'DOUBLE' ? DOUBLE : VARCHAR)),
    count,
  );
  for (let c = 0; c < columns.length; c++) {
    const data = columns[c]!;
    const vector = chunk.getColumnVector(c);
    if (data instanceof Float64Array) {
      (vector as unknown as DoubleBuffer).items.set(data.subarray(from, from + count));
    } else {
      writeTexts(vector, data, from, count);
    }
    vector.flush();
  }
  return chunk;
}

function writeTexts(
  vector: DuckDBVector,
  data: readonly (string | null)[],
  from: number,
  count: number,
): void {
  const mask = new Uint8Array(Math.ceil(count / 64) * 8).fill(255);
  let nulls = false;
  for (let i = 0; i < count; i++) {
    const text = data[from + i]!;
    if (text !== null) {
      vector.setItem(i, text);
    } else {
      mask[i >> 3]! &= ~(1 << (i & 7));
      nulls = true;
    }
  }
  // The whole mask at once, and last: with a mask in place every `setItem` would do 64-bit arithmetic on it.
  if (nulls) (vector as unknown as TextBuffer).validity.data = new BigUint64Array(mask.buffer);
}

/** Reads all chunks of a result whose columns are DOUBLE (never null) or VARCHAR. */
export function columnsOf(
  chunks: readonly DuckDBDataChunk[],
  types: readonly PhysicalType[],
): { readonly rows: number; readonly columns: readonly ColumnData[] } {
  let rows = 0;
  for (const chunk of chunks) rows += chunk.rowCount;
  const columns = types.map(
    (type): ColumnData => (type === 'DOUBLE' ? new Float64Array(rows) : new Array(rows)),
  );
  const texts = new Map<number, string>();
  let offset = 0;
  for (const chunk of chunks) {
    const count = chunk.rowCount;
    for (let c = 0; c < columns.length; c++) {
      const data = columns[c]!;
      const vector = chunk.getColumnVector(c);
      if (data instanceof Float64Array) data.set((vector as unknown as DoubleBuffer).items, offset);
      else readTexts(vector, count, data, offset, texts);
    }
    offset += count;
  }
  return { rows, columns };
}

/**
 * A DuckDB string is 16 bytes: length, then the text itself when it fits into 12. Texts of up to six bytes (codes,
 * categories) are looked up by their bytes as one exact number; decoding each again would dominate a read.
 */
function readTexts(
  vector: DuckDBVector,
  count: number,
  out: (string | null)[],
  offset: number,
  known: Map<number, string>,
): void {
  const { dataView, validity } = vector as unknown as TextBuffer;
  const mask = validity.data && new Uint8Array(validity.data.buffer, validity.data.byteOffset);
  for (let i = 0; i < count; i++) {
    if (mask !== null && (mask[i >> 3]! & (1 << (i & 7))) === 0) {
      out[offset + i] = null;
      continue;
    }
    const length = dataView.getUint32(i * 16, true);
    if (length === 0 || length > 6) {
      out[offset + i] = vector.getItem(i) as string | null;
      continue;
    }
    const key =
      length * 2 ** 48 +
      dataView.getUint16(i * 16 + 8, true) * 2 ** 32 +
      dataView.getUint32(i * 16 + 4, true);
    let text = known.get(key);
    if (text === undefined) {
      text = vector.getItem(i) as string;
      known.set(key, text);
    }
    out[offset + i] = text;
  }
}

/** One column of doubles of a chunk, without nulls; a view, to be copied before the next chunk is fetched. */
export function numbersOfChunk(chunk: DuckDBDataChunk, column: number): Float64Array {
  return (chunk.getColumnVector(column) as unknown as DoubleBuffer).items.subarray(0, chunk.rowCount);
}
