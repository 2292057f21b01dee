import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
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
import { encodeLabel, type DatasetConfig } from '@twinloop/loop/data';
import { parseTime } from '../runtime/zoned-time.js';
import type { QuerySource } from './query-source.js';
import type { Shared } from './stores.js';

const FORMATS: Readonly<Record<string, DataFormat>> = {
  '.csv': 'csv',
  '.parquet': 'parquet',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
};

/** The format of a file, declared or by its extension. @throws dataset_unreadable */
export function formatOf(source: string, declared: DataFormat | undefined): DataFormat {
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
  readonly query: Shared['query'];
}

/** The rows of a query as a blob, so that what was read can be read again. @throws dataset_empty · query_failed · secret_missing · fetch_refused */
async function queryBlob({ project, blobs, query }: SourcePorts, source: QuerySource): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'twinloop-'));
  try {
    const file = join(folder, 'rows.jsonl');
    if ((await query(source, file)) === 0)
      throw new TwinloopError('dataset_empty', { values: { file: `the query of ${source.url}` } });
    return await blobs.path(project, await blobs.put(project, await readFile(file)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Reads a dataset's rows from a file, a URL (fetched to a blob first) or a query, within bounds of its time column. */
export async function readSource(
  ports: SourcePorts,
  dataset: DatasetConfig,
  source: string,
  bounds: { readonly from?: string; readonly until?: string },
): Promise<Table> {
  const { project, directory, timezone, datasets, anywhere, blobs, fetch } = ports;
  const queried = dataset.postgres !== undefined && source === dataset.source;
  const format = queried ? 'jsonl' : formatOf(source, dataset.format);
  let path = resolve(directory, source);
  if (queried) path = await queryBlob(ports, dataset.postgres);
  else if (/^https?:/.test(source)) {
    const { bytes } = await guardedFetch(source, fetch);
    path = await blobs.path(project, await blobs.put(project, bytes));
  }
  const { from, until } = bounds;
  const within = {
    ...(from === undefined ? {} : { from: parseTime(from, timezone) }),
    ...(until === undefined ? {} : { until: parseTime(until, timezone) }),
  };
  const options: ReadOptions = {
    format,
    timezone,
    ...(dataset.read === undefined ? {} : { reading: dataset.read }),
    ...(dataset.compose === undefined ? {} : { compose: dataset.compose }),
    ...(dataset.types === undefined ? {} : { types: dataset.types }),
    ...(dataset.columns === undefined
      ? {}
      : {
          columns: [...new Set([...dataset.columns, ...(dataset.time === undefined ? [] : [dataset.time])])],
        }),
    ...(dataset.newest === undefined
      ? {}
      : { newest: { rows: dataset.newest, ...(dataset.time === undefined ? {} : { by: dataset.time }) } }),
    ...(dataset.time === undefined || (from === undefined && until === undefined)
      ? {}
      : { within: { column: dataset.time, interval: within } }),
  };
  const reader = anywhere === undefined || queried ? datasets : await anywhere([directory, dirname(path)]);
  return encodeLabel(await reader.read(path, options), dataset.label);
}
