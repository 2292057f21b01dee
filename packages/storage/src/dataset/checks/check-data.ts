import type { BlobStore, CheckOptions, ChecksResult, CheckSource, DataCheck } from '@twinloop/kernel';
import { storageError } from '../../errors.js';
import { loadTable } from '../load-table.js';
import { sqlText, withSandbox } from '../sandbox.js';
import { columnsOfView } from './columns.js';
import { runChecks, type StoredTable } from './run-checks.js';

/** Lays a table out as the view `data` in a sandbox of its own that sees it, the tables it refers to, and nothing else. */
export async function checkData(
  blobs: BlobStore,
  memoryLimit: string | undefined,
  source: CheckSource,
  checks: readonly DataCheck[],
  options: CheckOptions = {},
): Promise<ChecksResult> {
  const { project } = source;
  const references = new Map<string, string>();
  for (const check of checks)
    if ('test' in check && check.test.kind === 'refers')
      references.set(check.test.blob, await blobs.path(project, check.test.blob));
  const path = 'blob' in source ? await blobs.path(project, source.blob) : undefined;
  const files = [...(path === undefined ? [] : [path]), ...references.values()];
  return withSandbox({ files, memoryLimit }, async connection => {
    const stored = new Map<string, StoredTable>();
    try {
      if ('table' in source) await loadTable(connection, source.table);
      else await connection.run(`create temp view data as from read_parquet(${sqlText(path!)})`);
      for (const [blob, file] of references) {
        const relation = `ref${stored.size}`;
        await connection.run(`create temp view ${relation} as from read_parquet(${sqlText(file)})`);
        stored.set(blob, { relation, columns: await columnsOfView(connection, relation) });
      }
    } catch (error) {
      throw storageError(error, path ?? 'a table');
    }
    return runChecks(connection, checks, stored, options);
  });
}
