import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgresBridge, type PostgresBridge } from '../support/postgres-bridge.js';
import { eventually, scratch, ServerProcess } from '../support/server-process.js';

const PASSWORD = 'correct-horse';
let postgres: PostgresBridge;
let folder: Awaited<ReturnType<typeof scratch>>;
let server: ServerProcess;
let reference: string;
const data = (): string => join(folder.path, 'data');

beforeAll(async () => {
  postgres = await postgresBridge();
  await postgres.database.exec(`
    create table orders (id bigint primary key, placed timestamptz, amount numeric, city text, returned boolean);
    insert into orders select i, '2024-01-01T00:00:00Z'::timestamptz + i * interval '3 hours', (i * 37) % 100,
      case i % 3 when 0 then 'Zürich' when 1 then null else 'Wien' end, (i * 37) % 100 + (i * 17) % 60 > 80
      from generate_series(1, 2500) i`);
  folder = await scratch();
  const secret = join(folder.path, 'database-url');
  await writeFile(secret, `postgres://reader:${PASSWORD}@127.0.0.1:${postgres.port}/shop\n`);
  reference = `file:${secret}`;
  const config = join(folder.path, 'server.yaml');
  await writeFile(config, 'fetch: { allow: [127.0.0.1] }\n');
  server = await ServerProcess.start(data(), ['--config', config]);
  // The engine is compiled from WebAssembly: on a busy machine that takes its time.
}, 240_000);
afterAll(async () => {
  await server.stop();
  await postgres.close();
  await folder.remove();
});

const QUERY = 'select * from orders order by id';
const choices = {
  label: 'returned',
  time: { column: 'placed' },
  timezone: 'UTC',
  key: 'id',
  project: 'returns',
} as const;

it('a query becomes a project; the secret stays where it was', async () => {
  const client = server.client({ project: 'default', token: false });
  const draft = await client.createDraft({ postgres: { url: reference, query: QUERY } });
  expect(draft).toMatchObject({ name: 'query', rows: 2500, reading: { format: 'postgres' } });
  expect(draft.columns.map(({ name, type }) => [name, type])).toEqual([
    ['id', 'number'],
    ['placed', 'time'],
    ['amount', 'number'],
    ['city', 'string'],
    ['returned', 'boolean'],
  ]);
  const made = await client.createProject(draft.draft, choices);
  const scoped = server.client({ project: made.project, token: false });
  const run = await eventually(async () => {
    const found = await scoped.run(made.run);
    return found.status === 'running' ? undefined : found;
  }, 'the end of the run');
  expect(run.status, run.log).toBe('passed');
  const [version] = await scoped.datasets();
  expect(version).toMatchObject({ rows: 2500, source: `query of ${reference}` });
  const yaml = await readFile(join(made.directory, 'twinloop.yaml'), 'utf8');
  expect(yaml).toContain(`postgres: "${reference}"`);
  const decisions = JSON.stringify(await scoped.ledger({ limit: 1000 }));
  for (const text of [yaml, decisions, server.log.join('\n')]) expect(text).not.toContain(PASSWORD);
  expect(await readdir(made.directory)).toEqual(['twinloop.yaml']);
});

it('a query changes nothing, and what Postgres says against it is told', async () => {
  const client = server.client({ project: 'default', token: false });
  const ask = (query: string) => client.createDraft({ postgres: { url: reference, query } });
  await expect(ask('delete from orders returning *')).rejects.toMatchObject({
    code: 'query_failed',
    message: expect.stringContaining('read-only transaction'),
  });
  await expect(ask('select nothing from nowhere')).rejects.toMatchObject({
    code: 'query_failed',
    message: expect.stringContaining('"nowhere" does not exist'),
  });
  await expect(ask('select * from orders where false')).rejects.toMatchObject({ code: 'dataset_empty' });
  const { rows } = await postgres.database.query('select count(*)::int as n from orders');
  expect(rows).toEqual([{ n: 2500 }]);
});

it('an inside address that the server does not allow is not connected to', async () => {
  const closed = await ServerProcess.start(join(folder.path, 'closed'));
  await expect(
    closed
      .client({ project: 'default', token: false })
      .createDraft({ postgres: { url: reference, query: QUERY } }),
  ).rejects.toMatchObject({ code: 'fetch_refused', message: expect.not.stringContaining(PASSWORD) });
  await closed.stop();
});
