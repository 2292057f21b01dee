import { dirname, extname, resolve } from 'node:path';
import {
  TwinloopError,
  type BlobStore,
  type DataFormat,
  type DatasetQuery,
  type ProjectId,
  type ReadOptions,
  type Table,
} from '@twinloop/kernel';
import { guardedFetch, type FetchPolicy } from '@twinloop/engines';
import type { DatasetConfig } from '@twinloop/loop/data';
import { parseTime } from '../runtime/zoned-time.js';

const FORMATS: Readonly<Record<string, DataFormat>> = {
  '.csv': 'csv',
  '.parquet': 'parquet',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
};

function formatOf(source: string, declared: DataFormat | undefined): DataFormat {
  const path = /^https?:/.test(source) ? new URL(source).pathname : source;
  const format = declared ?? FORMATS[extname(path).toLowerCase()];
  if (format !== undefined) return format;
  throw new TwinloopError('dataset_unreadable', {
    values: { file: source, format: 'data', reason: 'its name does not tell the format' },
    hint: 'Name it .csv, .parquet or .jsonl, or declare `format`.',
  });
}

export interface SourcePorts {
  readonly project: ProjectId;
  readonly directory: string;
  readonly timezone: string;
  readonly datasets: DatasetQuery;
  /** For callers that hold the data directory's token or an admin key: they may name a file anywhere on this machine. */
  readonly anywhere?: (directories: readonly string[]) => Promise<DatasetQuery>;
  readonly blobs: BlobStore;
  readonly fetch: FetchPolicy;
}

/** Reads a dataset's rows from a file or a URL (fetched to a blob first), within bounds of its time column. */
export async function readSource(
  ports: SourcePorts,
  dataset: DatasetConfig,
  source: string,
  bounds: { readonly from?: string; readonly until?: string },
): Promise<Table> {
  const { project, directory, timezone, datasets, anywhere, blobs, fetch } = ports;
  const format = formatOf(source, dataset.format);
  let path = resolve(directory, source);
  if (/^https?:/.test(source)) {
    const { bytes } = await guardedFetch(source, fetch);
    path = await blobs.path(project, await blobs.put(project, bytes));
  }
  const { from, until } = bounds;
  const options: ReadOptions = {
    format,
    timezone,
    ...(dataset.types === undefined ? {} : { types: dataset.types }),
    ...(dataset.time === undefined || (from === undefined && until === undefined)
      ? {}
      : {
          within: {
            column: dataset.time,
            interval: {
              ...(from === undefined ? {} : { from: parseTime(from, timezone) }),
              ...(until === undefined ? {} : { until: parseTime(until, timezone) }),
            },
          },
        }),
  };
  const reader = anywhere === undefined ? datasets : await anywhere([directory, dirname(path)]);
  return reader.read(path, options);
}
