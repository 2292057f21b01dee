import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BatchView, TwinloopClient } from '@twinloop/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli, eventually, runToEnd, scratch, ServerProcess } from '../support/server-process.js';
import { csv, smallRows, smallYaml, writeSmallProject } from '../support/small-project.js';

let server: ServerProcess;
let client: TwinloopClient;
let place: Awaited<ReturnType<typeof scratch>>;
const rows = smallRows(1500).slice(1000);
const project = (): string => join(place.path, 'project');

async function finished(batch: string): Promise<BatchView> {
  return eventually(
    async () => (await client.batches('late')).find(one => one.batch === batch && one.state !== 'running'),
    batch,
  );
}
const scored = () => client.ledger({ types: ['BatchScored'] });
const count = async () => (await client.status()).counts.predictions;

beforeAll(async () => {
  place = await scratch();
  await writeSmallProject(project());
  await writeFile(join(project(), 'tomorrow.csv'), csv(rows));
  server = await ServerProcess.start(join(place.path, 'data'));
  client = server.client();
  await client.apply({ file: smallYaml(), directory: project() });
});
afterAll(async () => {
  await server?.stop();
  await place?.remove();
});

describe('batch scoring', () => {
  test('waits for a model', async () => {
    const early = client.startBatch('late', { input: 'tomorrow.csv', output: 'out.csv' });
    await expect(early).rejects.toMatchObject({ code: 'endpoint_not_ready' });
    expect((await runToEnd(client)).status).toBe('passed');
    await eventually(async () => (await client.status()).endpoint?.champion ?? undefined, 'a model');
  });

  test('answers every row of a file as live requests are answered, and logs it', async () => {
    const { batch } = await client.startBatch('late', {
      input: 'tomorrow.csv',
      output: 'out.csv',
      key: 'id',
    });
    expect(await finished(batch)).toMatchObject({ state: 'done', rows: 500, error: null });
    const [header, first, ...rest] = (await readFile(join(project(), 'out.csv'), 'utf8')).trim().split('\n');
    expect(header).toBe('id,at,landed,late,origin,hour,temp,humid,prediction,class,model,prediction_id');
    expect(rest).toHaveLength(499);
    const { id, origin, hour, temp, humid } = rows[0]!;
    const answer = await fetch(`${server.url}/p/small/v2/models/late/infer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        inputs: [
          { name: 'origin', shape: [1], datatype: 'BYTES', data: [origin] },
          ...Object.entries({ hour, temp, humid }).map(([name, value]) => ({
            name,
            shape: [1],
            datatype: 'FP64',
            data: [value],
          })),
        ],
      }),
    });
    const { outputs } = (await answer.json()) as { outputs: { name: string; data: number[] }[] };
    const cells = first!.split(',');
    expect(outputs.flatMap(output => output.data)).toContain(Number(cells[8]));
    expect(cells[9]).toBe(String(Number(cells[8]) >= 0.5));
    expect(cells[11]).toBe(`${batch}/${id}`);
    expect((await scored())[0]!.payload).toMatchObject({
      batch,
      input: 'tomorrow.csv',
      output: 'out.csv',
      rows: 500,
      version: 1,
    });
    const outcomes = rows.slice(0, 100).map(row => ({ id: `${batch}/${row.id}`, value: row.late }));
    expect(await client.recordOutcomes('late', outcomes)).toEqual({ accepted: 100 });
    expect((await client.labels('late')).unknown).toBe(0);
  });

  test('run twice logs nothing twice, and writes the same file', async () => {
    const before = await readFile(join(project(), 'out.csv'), 'utf8');
    const logged = (await client.labels('late')).byVariant[0]!.predictions;
    const { batch } = await client.startBatch('late', {
      input: 'tomorrow.csv',
      output: 'out.csv',
      key: 'id',
    });
    await finished(batch);
    expect(await readFile(join(project(), 'out.csv'), 'utf8')).toBe(before);
    expect((await client.labels('late')).byVariant[0]!.predictions).toBe(logged);
    expect(await scored()).toHaveLength(1);
  });

  test('by the command line, from CSV to Parquet and back', async () => {
    const parquet = join(place.path, 'scores.parquet');
    const made = await server.cli(['predict', '--input', 'tomorrow.csv', '--output', parquet], {
      cwd: project(),
    });
    expect([made.code, made.stdout]).toEqual([0, expect.stringContaining('500 rows answered by late@')]);
    expect((await readFile(parquet)).subarray(0, 4).toString()).toBe('PAR1');
    const again = await server.cli(['predict', '--input', parquet, '--output', 'twice.jsonl'], {
      cwd: project(),
    });
    expect(again.code).toBe(1);
    expect(again.stdout).toContain('the input has a column prediction already');
    await expect(stat(join(project(), 'twice.jsonl'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('refuses a file that lacks a column, and outputs that this project reads', async () => {
    await writeFile(join(project(), 'thin.csv'), 'origin,hour\nEWR,7\n');
    const thin = await client.startBatch('late', { input: 'thin.csv', output: 'thin.out.csv' });
    expect(await finished(thin.batch)).toMatchObject({
      state: 'failed',
      error: { code: 'dataset_column_missing' },
    });
    const over = await client.startBatch('late', { input: 'thin.csv', output: 'flights.csv' });
    expect((await finished(over.batch)).error?.code).toBe('invalid_request');
    const local = server.client({ token: false });
    const away = local.startBatch('late', { input: '/etc/passwd', output: 'x.csv' });
    await expect(away).rejects.toMatchObject({ code: 'dataset_unreadable' });
    const out = await local.startBatch('late', { input: 'tomorrow.csv', output: '/tmp/twinloop-away.csv' });
    await eventually(async () => {
      const view = (await client.batches('late')).find(one => one.batch === out.batch);
      return view?.state === 'failed' && view.error?.code === 'dataset_unreadable' ? view : undefined;
    }, 'the refusal');
  });

  test('runs by the calendar, once a scheduled time, into a file of the day', async () => {
    const text = `${smallYaml()}batch:\n  - { name: nightly, input: tomorrow.csv, output: 'day-{date}.jsonl', key: id, schedule: '* * * * * *' }\n`;
    await client.apply({ file: text, directory: project() });
    const entry = await eventually(
      async () => (await scored()).find(({ actor }) => actor === 'schedule:cron'),
      'the scheduled batch',
    );
    const { batch, output } = entry.payload as { batch: string; output: string };
    expect(batch).toMatch(/^nightly-\d{4}-\d\d-\d\dT\d\d:\d\dZ$/);
    expect(output).toBe(`day-${batch.slice(8, 18)}.jsonl`);
    expect((await readFile(join(project(), output), 'utf8')).trim().split('\n')).toHaveLength(500);
    await client.apply({ file: smallYaml(), directory: project() });
    const batches = (await scored()).map(({ payload }) => (payload as { batch: string }).batch);
    expect(new Set(batches).size).toBe(batches.length);
  });

  test('without a server the command opens the directory itself', async () => {
    const before = await count();
    await server.stop();
    const ran = await cli(
      [
        '--data',
        server.data,
        '--server',
        'http://127.0.0.1:9',
        '-p',
        'small',
        'predict',
        '--input',
        'tomorrow.csv',
        '--output',
        'alone.csv',
      ],
      { cwd: project() },
    );
    expect([ran.code, ran.stdout]).toEqual([0, expect.stringContaining('500 rows answered')]);
    server = await ServerProcess.start(join(place.path, 'data'));
    client = server.client();
    expect(await count()).toBeGreaterThanOrEqual(before);
    expect((await stat(join(project(), 'alone.csv'))).size).toBeGreaterThan(1000);
  });
});
