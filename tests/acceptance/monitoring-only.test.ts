import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TwinloopClient } from '@twinloop/client';
import { seededRng } from '@twinloop/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, scratch, ServerProcess } from '../support/server-process.js';
import { csv, smallRows, type SmallRow } from '../support/small-project.js';

const DAY = 864e5;
const YAML = `project: small
datasets:
  flights: { source: flights.csv, key: id, time: at, label: { column: late, arrives: landed } }
features: { inputs: [origin, hour, temp, humid] }
endpoint: { name: late, served: elsewhere }
monitors:
  every: 1s
  drift: { window: 10d, minRows: 60 }
  quality: { window: 10d, settle: 1d, minLabels: 60 }
  calibration: { window: 10d, settle: 1d, minLabels: 60 }
policy:
  answers: { data-drift: retrain }
`;

/** The other system: it knows the hour's effect as it was in the first weeks. */
const score = ({ hour, origin }: SmallRow): number =>
  1 / (1 + Math.exp(-(0.5 * (hour - 14) + (origin === 'EWR' ? 0.8 : 0) - 1)));
const january = smallRows(1500).slice(0, 550);
const rng = seededRng(7);
const start = Date.now() - 24 * DAY;

const prediction = (row: SmallRow, i: number, more: object = {}) => ({
  id: row.id,
  at: start + (i / january.length) * 24 * DAY,
  version: 'risk-7',
  score: score(row),
  origin: row.origin,
  hour: row.hour,
  temp: row.temp,
  humid: row.humid,
  ...more,
});
const lines = (rows: readonly object[]): string => rows.map(row => `${JSON.stringify(row)}\n`).join('');

let server: ServerProcess;
let client: TwinloopClient;
let place: Awaited<ReturnType<typeof scratch>>;

async function post(path: string, body: string | Buffer, type = 'application/x-ndjson') {
  const response = await fetch(client.url(path), {
    method: 'POST',
    headers: { 'content-type': type },
    body: body as never,
  });
  return { status: response.status, body: (await response.json()) as Record<string, never> };
}

beforeAll(async () => {
  place = await scratch();
  await writeFile(join(place.path, 'flights.csv'), csv(january));
  server = await ServerProcess.start(join(place.path, 'data'));
  client = server.client();
  await client.apply({ file: YAML, directory: place.path });
});
afterAll(async () => {
  await server?.stop();
  await place?.remove();
});

describe('a model that another system serves', () => {
  test('is seen with its first predictions, as a deployment of its version', async () => {
    const rows = january.map((row, i) => prediction(row, i));
    expect(await post('/predictions', lines(rows))).toEqual({
      status: 200,
      body: { accepted: 550, duplicates: 0 },
    });
    const again = await post('/predictions?endpoint=late', lines(rows));
    expect(again.body).toEqual({ accepted: 0, duplicates: 550 });
    const [deployed] = await client.ledger({ types: ['ModelDeployed'] });
    expect(deployed?.payload).toMatchObject({
      model: 'risk-7',
      version: 1,
      reason: 'served elsewhere: first prediction of risk-7',
    });
    expect((await client.status()).endpoint?.champion).toMatchObject({
      model: 'risk-7',
      algorithm: 'served elsewhere',
    });
  });

  test('gets its outcomes as rows, and has quality and label figures', async () => {
    const due = january.slice(0, 500);
    const outcomes = due.map(({ id, late }) => ({ id, value: late, at: Date.now() - DAY }));
    const { status, body } = await post('/endpoints/late/outcomes', lines(outcomes));
    expect([status, body]).toEqual([200, { accepted: 500 }]);
    const { quality } = await client.monitors('late');
    expect(quality.reduce((sum, point) => sum + point.n, 0)).toBe(500);
    expect(quality[0]!.auc).toBeGreaterThan(0.8);
    const labels = await client.labels('late');
    expect(labels.byVariant).toMatchObject([{ variant: 'champion', model: 'risk-7', predictions: 550 }]);
    expect(labels.byVariant[0]!.labelled).toBeGreaterThan(0.9 * labels.byVariant[0]!.due);
    expect((await client.status()).openAlarms).toEqual([]);
  });

  test('is not asked here, and its ids are its own', async () => {
    const asked = await fetch(`${server.url}/p/small/v2/models/late/infer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        inputs: [
          { name: 'origin', shape: [1], datatype: 'BYTES', data: ['EWR'] },
          ...['hour', 'temp', 'humid'].map(name => ({ name, shape: [1], datatype: 'FP64', data: [9] })),
        ],
      }),
    });
    expect(asked.status).toBe(409);
    const conflict = await post('/predictions', lines([prediction(january[0]!, 0, { score: 0.123 })]));
    expect([conflict.status, (conflict.body as { error?: { code: string } }).error?.code]).toEqual([
      409,
      'prediction_conflict',
    ]);
    const run = await client.startRun({ reason: 'test' }).catch((error: unknown) => error);
    expect(run).toMatchObject({ code: 'invalid_request' });
  });

  test('drifts when its inputs move: an alarm, and a decision to retrain that waits for the other system', async () => {
    const warm = january.map((row, i) => ({
      ...prediction(row, i),
      id: `w${i}`,
      at: Date.now() - rng.next() * 2 * DAY,
      temp: row.temp + 40,
    }));
    expect((await post('/predictions', lines(warm))).status).toBe(200);
    const alarm = await eventually(
      async () => (await client.status()).openAlarms.find(({ kind }) => kind === 'data-drift'),
      'the drift alarm',
    );
    expect(alarm.sentence).toContain('temp');
    const decided = await eventually(
      async () => (await client.ledger({ types: ['AnswerDecided'] })).at(-1),
      'the answer',
    );
    expect(decided.payload).toMatchObject({ answer: 'retrain', trigger: 'alarm' });
    expect(await client.runs()).toEqual([]);
  });

  test('is answered by a new version, which closes the question', async () => {
    const rows = [{ ...prediction(january[0]!, 0), id: 'n1', at: Date.now(), version: 'risk-8' }];
    expect((await post('/predictions', lines(rows))).status).toBe(200);
    const deployed = await client.ledger({ types: ['ModelDeployed'] });
    expect(deployed.map(({ payload }) => payload)).toMatchObject([
      { model: 'risk-7', version: 1 },
      { model: 'risk-8', version: 2 },
    ]);
    const resolved = await eventually(
      async () => (await client.ledger({ types: ['AlarmResolved'] })).at(-1),
      'the end of the alarm',
    );
    expect(resolved.payload).toMatchObject({ sentence: 'another model was promoted' });
  });

  test('is remembered after a restart', async () => {
    await server.stop();
    server = await ServerProcess.start(join(place.path, 'data'));
    client = server.client();
    expect((await client.status()).endpoint?.champion).toMatchObject({ model: 'risk-8', version: 2 });
    expect((await client.labels('late')).byVariant).toHaveLength(2);
    expect(server.log.filter(line => line.includes('"error"'))).toEqual([]);
  });
});
