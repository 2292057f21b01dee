import { dirname, extname } from 'node:path';
import type { DataFormat, Table } from '@twinloop/kernel';
import { memoryBlobs, openDatasetQuery } from '@twinloop/storage';

/** Reads one local file into a table, without a data directory: for tools that look at data beside a server. */
export async function readTable(path: string, timezone: string): Promise<Table> {
  const query = await openDatasetQuery({ blobs: memoryBlobs(), allowedDirectories: [dirname(path)] });
  return query.read(path, { format: extname(path).slice(1) as DataFormat, timezone });
}
