import type { ProjectId } from '@twinloop/kernel';
import { openMetadata } from '@twinloop/storage';
import Database from 'libsql';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshDirectory } from './workspace.js';

const project = 'shop' as ProjectId;

/** Takes a store of this release back to what the release before left behind. */
function asBefore(file: string, statements: readonly string[]): void {
  const database = new Database(file);
  for (const statement of statements) database.exec(statement);
  database.close();
}

test('dataset versions of the release before have no checks and nothing apart, and may get them', async () => {
  const file = join(freshDirectory(), 'metadata.db');
  await (await openMetadata(file)).close();
  asBefore(file, [
    'alter table dataset_version drop column checks_json',
    'alter table dataset_version drop column quarantine_json',
    "delete from kysely_migration where name = '0003-checks'",
    `insert into dataset_version (project, dataset, version, row_count, schema_json, profile_json, blob, source, parent, created_at, status, findings_json)
     values ('shop', 'flights', 'aa', 3, '[]', '{"rows":3,"columns":[]}', 'bb', 'flights.csv', null, 1, 'accepted', '[]')`,
  ]);
  const metadata = await openMetadata(file);
  const [record] = await metadata.datasets.list(project, 'flights');
  expect(record).toMatchObject({ rows: 3, profile: { rows: 3 }, checks: [], quarantine: null });
  await metadata.datasets.put({ ...record!, checks: [{ rule: 'rows' }] });
  expect((await metadata.datasets.list(project, 'flights'))[0]).toMatchObject({ checks: [{ rule: 'rows' }] });
  await metadata.close();
});
