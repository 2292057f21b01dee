import type { ContentHash, Table } from '@twinloop/kernel';
import { createHash } from 'node:crypto';

const TEXTS_PER_UPDATE = 4096;

/**
 * SHA-256 of a table: names, types, then each column's values (doubles as little-endian bytes, every NaN alike;
 * texts as JSON). It depends on the values only, not on a file format or on a library's version.
 */
export function tableHash(table: Table): ContentHash {
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify({ rows: table.rows, columns: table.columns.map(({ name, type }) => ({ name, type })) }),
  );
  for (const column of table.columns) {
    if (column.type === 'string') {
      for (let from = 0; from < table.rows; from += TEXTS_PER_UPDATE) {
        hash.update(JSON.stringify(column.values.slice(from, from + TEXTS_PER_UPDATE)));
      }
      continue;
    }
    const bytes = Buffer.allocUnsafe(table.rows * 8);
    for (let i = 0; i < table.rows; i++) {
      const value = column.values[i]!;
      bytes.writeDoubleLE(Number.isNaN(value) ? Number.NaN : value, i * 8);
    }
    hash.update(bytes);
  }
  return hash.digest('hex') as ContentHash;
}
