import { dirname, resolve } from 'node:path';
import type { ColumnProfileView } from '@twinloop/client';
import { TwinloopError } from '@twinloop/kernel';
import { mergeProfiles, profileOf, type ProfileSketch, sketchTable } from '@twinloop/loop/data';
import { memoryBlobs, openDatasetQuery } from '@twinloop/storage';
import { formatOf } from '../project/read-source.js';
import { columnView } from '../views/data-views.js';

export interface FileProfile {
  readonly file: string;
  readonly rows: number;
  readonly profile: readonly ColumnProfileView[];
}

/** So many rows are in memory at a time. */
const PIECE = 131_072;

/**
 * The profile of a file of any size in one pass and bounded memory, without a data directory: pieces are profiled apart
 * and merged. @throws dataset_file_missing · dataset_unreadable · dataset_empty
 */
export async function profileFile(file: string, timezone = 'UTC'): Promise<FileProfile> {
  const path = resolve(file);
  const query = await openDatasetQuery({ blobs: memoryBlobs(), allowedDirectories: [dirname(path)] });
  let whole: ProfileSketch | undefined;
  await query.scan(path, { format: formatOf(path, undefined), timezone }, PIECE, async piece => {
    const here = sketchTable(piece);
    whole = whole === undefined ? here : mergeProfiles(whole, here);
  });
  if (whole === undefined || whole.table.rows === 0)
    throw new TwinloopError('dataset_empty', { values: { file } });
  const { rows, columns } = profileOf(whole);
  return { file, rows, profile: columns.map(columnView) };
}
