import { copyFile, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { TwinloopApiError } from '@twinloop/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/checkout.js';
import {
  COLUMNS,
  csv,
  smallRows,
  smallYaml,
  writeSmallProject,
  type SmallProject,
} from '../support/small-project.js';
import { runToEnd, scratch, ServerProcess } from '../support/server-process.js';

let directory: Awaited<ReturnType<typeof scratch>>;
let server: ServerProcess;
let project: SmallProject;
const rows = smallRows(300, 7);

beforeAll(async () => {
  directory = await scratch();
  project = await writeSmallProject(join(directory.path, 'project'));
  server = await ServerProcess.start(join(directory.path, 'data'));
  await server.client().apply({ file: project.text, directory: project.directory });
});
afterAll(async () => {
  await server.kill();
  await directory.remove();
});

async function refusal(act: Promise<unknown>): Promise<TwinloopApiError> {
  const thrown = await act.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(TwinloopApiError);
  return thrown as TwinloopApiError;
}

/** Writes a file beside the project and tries to add it. */
async function add(name: string, content: string): Promise<TwinloopApiError> {
  await writeFile(join(project.directory, name), content);
  return refusal(server.client().addDatasetVersion('flights', name));
}

type Loose = { -readonly [column in (typeof COLUMNS)[number]]?: string | number | null };
const changed = (change: (row: Loose, index: number) => Partial<Loose>): string =>
  csv(rows.map((row, index) => ({ ...row, ...change(row, index) })));

describe('a file that cannot be read', () => {
  it('does not exist', async () => {
    const { status, code, message } = await refusal(server.client().addDatasetVersion('flights', 'gone.csv'));
    expect({ status, code }).toEqual({ status: 422, code: 'dataset_file_missing' });
    expect(message).toContain('gone.csv');
  });

  it.each([
    ['is empty', 'empty.csv', '', 'dataset_empty'],
    ['has a header alone', 'header.csv', `${COLUMNS.join(',')}\n`, 'dataset_empty'],
    ['is no Parquet', 'text.parquet', 'PAR1 but not really', 'dataset_unreadable'],
    ['has a name that tells no format', 'flights.xlsx', 'x', 'dataset_unreadable'],
  ])('%s', async (_what, name, content, code) => {
    expect(await add(name, content)).toMatchObject({ status: 422, code });
  });

  it('is a Parquet file that broke off', async () => {
    const file = join(project.directory, 'cut.parquet');
    await copyFile(join(root, 'examples/flight-delays/flights.parquet'), file);
    await truncate(file, 60_000);
    const refused = await refusal(server.client().addDatasetVersion('flights', 'cut.parquet'));
    expect(refused).toMatchObject({ status: 422, code: 'dataset_unreadable' });
  });

  it('lies outside the directories that the server may read', async () => {
    const refused = await refusal(server.client().addDatasetVersion('flights', '/etc/passwd'));
    expect(refused.status).toBe(422);
    expect(refused.message).not.toContain('root:');
  });
});

describe('a file that does not fit its dataset', () => {
  it('a number column that turns to text', async () => {
    const refused = await add(
      'text.csv',
      changed((_row, i) => (i === 200 ? { hour: 'noon' } : {})),
    );
    expect(refused).toMatchObject({ status: 422 });
    expect(['data_refused', 'dataset_schema_changed', 'dataset_unreadable']).toContain(refused.code);
    expect(`${refused.message} ${JSON.stringify(refused.details)}`).toContain('hour');
  });

  it('another dataset altogether', async () => {
    const refused = await add('other.csv', 'a,b\n1,2\n3,4\n');
    expect(refused).toMatchObject({ status: 422 });
    expect(`${refused.message} ${JSON.stringify(refused.details)}`).toMatch(/\bid\b|\bat\b/);
  });

  it('a name that is not declared', async () => {
    const refused = await refusal(server.client().addDatasetVersion('flihgts', 'flights.csv'));
    expect(refused).toMatchObject({ status: 404, code: 'not_found', hint: 'Declared: flights.' });
  });

  it('an infinite value is refused with its line, NaN counts as missing', async () => {
    const infinite = await add(
      'infinite.csv',
      changed((_row, i) => (i === 5 ? { temp: 'inf' } : {})),
    );
    expect(infinite).toMatchObject({ status: 422, code: 'dataset_unreadable', field: 'temp' });
    expect(infinite.details).toMatchObject([{ field: 'temp', line: 7 }]);
    const missing = await add(
      'nan.csv',
      changed((_row, i) => (i % 4 === 0 ? { temp: 'nan' } : {})),
    );
    expect(missing).toMatchObject({ code: 'data_refused', field: 'temp' });
    expect(missing.details).toEqual([
      { field: 'temp', message: expect.stringMatching(/^nulls: .*\(75 rows\)$/) },
    ]);
  });
});

describe('a batch that breaks its expectations', () => {
  const batches = [
    {
      what: 'nulls',
      content: changed((_row, i) => (i % 3 === 0 ? { temp: null } : {})),
      findings: [{ field: 'temp', message: /^nulls: .*\(100 rows\)$/ }],
    },
    {
      what: 'range',
      content: changed((_row, i) => (i < 7 ? { hour: 99 } : {})),
      findings: [{ field: 'hour', message: /^range: .*\(7 rows\)$/ }],
    },
    {
      what: 'duplicates',
      content: changed((_row, i) => (i < 4 ? { id: 'same' } : {})),
      findings: [{ field: 'id', message: /^unique: .*\([34] rows\)$/ }],
    },
    {
      what: 'a value that is not in the set, and too few rows',
      content: csv(rows.slice(0, 20).map((row, i) => (i === 0 ? { ...row, origin: 'ZRH' } : row))),
      findings: [{ message: /^rows: / }, { field: 'origin', message: /^set: .*\(1 rows\)$/ }],
    },
  ] as const;

  it.each(batches)('$what: the finding names column, rule and count', async ({ what, content, findings }) => {
    const refused = await add(`${what.split(' ')[0]}.csv`, content);
    expect(refused).toMatchObject({ status: 422, code: 'data_refused' });
    expect(refused.details).toEqual(
      findings.map(({ message, ...rest }) => ({ ...rest, message: expect.stringMatching(message) })),
    );
  });

  it('`twinloop data add` says the same and exits 1', async () => {
    const file = join(project.directory, 'range.csv');
    const { code, stdout, stderr } = await server.cli(['data', 'add', 'flights', file]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error data_refused: flights [0-9a-f]{12} was refused by 1 expectation/);
    expect(stderr).toMatch(/^ {2}hour: range: .*\(7 rows\)/m);
  });

  it('is kept to be looked at, and is not what a run learns from', async () => {
    const client = server.client();
    const versions = await client.datasets();
    const refused = versions.filter(version => version.status === 'refused');
    expect(refused.length).toBeGreaterThan(3);
    const detail = await client.dataset('flights', refused[0]!.version);
    expect(detail.findings.length).toBeGreaterThan(0);
    const run = await runToEnd(client);
    expect(run.status).toBe('passed');
    expect(versions.find(one => one.version === run.datasetVersion)?.status).toBe('accepted');
  });

  it('a good batch is accepted after all that', async () => {
    const file = join(project.directory, 'good.csv');
    await writeFile(file, csv(rows));
    const { code, stdout } = await server.cli(['data', 'add', 'flights', file]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^flights [0-9a-f]{12} accepted: 300 rows, 5 expectations/);
  });
});

it('a project whose first data is refused says so, and an apply after mending it goes on', async () => {
  const own = await writeSmallProject(join(directory.path, 'mended'), { project: 'mended' });
  const file = join(own.directory, 'flights.csv');
  await writeFile(file, csv(smallRows().map(row => ({ ...row, hour: 99 }))));
  const client = server.client({ project: 'mended' });
  const apply = () => client.apply({ file: own.text, directory: own.directory });
  expect(await refusal(apply())).toMatchObject({ code: 'data_refused', field: 'hour' });
  expect(await refusal(apply())).toMatchObject({ code: 'data_refused', field: 'hour' });
  await writeFile(file, csv(smallRows()));
  expect(await apply()).toMatchObject({ changes: [] });
  expect((await client.datasets()).map(({ status }) => status)).toContain('accepted');
});

describe('a dataset by URL', () => {
  let files: Server;
  let url: string;
  let hits = 0;
  beforeAll(async () => {
    files = createServer((request, response) => {
      hits++;
      if (request.url === '/flights.csv') response.end(csv(smallRows()));
      else response.writeHead(404).end();
    });
    await new Promise<void>(ready => files.listen(0, '127.0.0.1', ready));
    url = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise(closed => files.close(closed)));

  it('of this machine is refused, and never asked', async () => {
    const refused = await refusal(server.client().addDatasetVersion('flights', `${url}/flights.csv`));
    expect(refused).toMatchObject({
      status: 422,
      code: 'fetch_refused',
      hint: expect.stringContaining('server.yaml'),
    });
    expect(hits).toBe(0);
  });

  it('is fetched once server.yaml allows the address', async () => {
    const config = join(directory.path, 'server.yaml');
    await writeFile(config, 'fetch: { allow: [127.0.0.1] }\n');
    const allowing = await ServerProcess.start(join(directory.path, 'allowing'), ['--config', config]);
    try {
      const client = allowing.client({ project: 'remote' });
      await client.apply({
        file: smallYaml({ project: 'remote', source: `${url}/flights.csv` }),
        directory: directory.path,
      });
      expect(await client.datasets()).toMatchObject([{ status: 'accepted', rows: 563 }]);
      expect(await runToEnd(client)).toMatchObject({ status: 'passed' });
      const gone = await refusal(client.addDatasetVersion('flights', `${url}/gone.csv`));
      expect(gone).toMatchObject({ status: 502, code: 'fetch_failed' });
    } finally {
      await allowing.kill();
    }
  });
});
