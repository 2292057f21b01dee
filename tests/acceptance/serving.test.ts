import { request } from 'node:http';
import { join } from 'node:path';
import type { ProjectId } from '@twinloop/kernel';
import { openPredictionLog } from '@twinloop/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runToEnd, scratch, ServerProcess } from '../support/server-process.js';
import { writeSmallProject, type SmallProject } from '../support/small-project.js';

let directory: Awaited<ReturnType<typeof scratch>>;
let server: ServerProcess;
let project: SmallProject;
beforeAll(async () => {
  directory = await scratch();
  project = await writeSmallProject(join(directory.path, 'project'));
  server = await ServerProcess.start(join(directory.path, 'data'));
});
afterAll(async () => {
  await server.kill();
  await directory.remove();
});

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function post(path: string, body: unknown): Promise<Answer> {
  const answer = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Answer['body'] };
}

const V2 = '/p/small/v2/models/late';
const one = (name: string, datatype: string, data: readonly unknown[], shape = [data.length]) => ({
  name,
  datatype,
  shape,
  data,
});
const inputs = (hour: unknown = 21) => [
  one('origin', 'BYTES', ['EWR']),
  one('hour', 'INT64', [hour]),
  one('temp', 'FP64', [31.5]),
  one('humid', 'FP64', [60]),
];

describe('before any model', () => {
  beforeAll(async () => {
    await server.client().apply({ file: project.text, directory: project.directory });
  });

  it('the endpoint is not ready, in the protocol’s own words', async () => {
    expect(await post(`${V2}/infer`, { inputs: inputs() })).toEqual({
      status: 503,
      body: { error: expect.stringContaining('late has no model in service') },
    });
    expect((await fetch(`${server.url}${V2}/ready`)).status).toBe(503);
    expect((await fetch(`${server.url}/p/small/v2/models/other/ready`)).status).toBe(404);
    expect((await fetch(`${server.url}/v2/health/ready`)).status).toBe(200);
  });

  it('the native API says the same with a code', async () => {
    await expect(server.client().monitors('late')).rejects.toMatchObject({ code: 'endpoint_not_ready' });
    await expect(server.client().monitors('other')).rejects.toMatchObject({ code: 'model_not_found' });
  });
});

describe('a model in service', () => {
  beforeAll(async () => {
    expect(await runToEnd(server.client())).toMatchObject({ status: 'passed' });
  });

  it('answers as soon as its run is seen to have passed', async () => {
    const { status, body } = await post(`${V2}/infer`, { id: 'first', inputs: inputs() });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        model_name: 'late',
        model_version: '1',
        id: 'first',
        outputs: [{ name: 'probability', shape: [1] }],
      },
    });
    const [{ data }] = body['outputs'] as [{ data: [number] }];
    expect(data[0]).toBeGreaterThan(0.5);
    expect(data[0]).toBeLessThan(1);
  });

  it.each<[string, string, unknown, number, RegExp]>([
    ['an input is missing', 'late', { inputs: inputs().slice(1) }, 400, /Input origin is missing/],
    ['an input is unknown', 'late', { inputs: [...inputs(), one('wind', 'FP64', [1])] }, 400, /Input wind/],
    [
      'a shape does not fit',
      'late',
      { inputs: [...inputs().slice(0, 3), one('humid', 'FP64', [1], [2])] },
      400,
      /humid/,
    ],
    [
      'rows differ',
      'late',
      { inputs: [...inputs().slice(0, 3), one('humid', 'FP64', [1, 2])] },
      400,
      /shape/,
    ],
    [
      'a text stands for a number',
      'late',
      { inputs: inputs().map(input => (input.name === 'temp' ? one('temp', 'BYTES', ['warm']) : input)) },
      400,
      /temp has datatype BYTES/,
    ],
    ['a value is of another type', 'late', { inputs: inputs('late') }, 400, /hour/],
    ['there are no inputs', 'late', { inputs: [] }, 400, /missing/],
    ['it is not JSON', 'late', '{"inputs": [', 400, /./],
    ['the model is unknown', 'early', { inputs: inputs() }, 404, /Model early is not served here/],
    ['the version is not in service', 'late/versions/7', { inputs: inputs() }, 404, /version 7/],
  ])('refuses when %s', async (_what, model, body, status, message) => {
    const refused = await post(`/p/small/v2/models/${model}/infer`, body);
    expect(refused).toEqual({ status, body: { error: expect.stringMatching(message) } });
  });

  it('takes null for what is missing, and a batch under one id', async () => {
    const batch = await post(`${V2}/infer`, {
      id: 'batch',
      parameters: { key: 'LX17', unit: 'N14228' },
      inputs: [
        one('origin', 'BYTES', ['JFK', 'LGA', 'ZRH']),
        one('hour', 'INT64', [8, 9, 10]),
        one('temp', 'FP64', [null, 40, 50]),
        one('humid', 'FP64', [50, 50, 50]),
      ],
    });
    expect(batch.status).toBe(200);
    const [{ data }] = batch.body['outputs'] as [{ data: number[] }];
    expect(data).toHaveLength(3);
    expect(data.every(score => score > 0 && score < 1)).toBe(true);
  });

  it('answers the same request twice and logs it once', async () => {
    const ask = () => post(`${V2}/infer`, { id: 'twice', inputs: inputs(9) });
    expect(await ask()).toEqual(await ask());
  });
});

describe('outcomes', () => {
  const outcomes = (body: unknown) => post('/p/small/api/twinloop/v1/endpoints/late/outcomes', body);
  const HOUR = 36e5;

  it('are taken by id, by key and time, many at once, twice, corrected, and before their prediction', async () => {
    const now = Date.now();
    const accepted = [
      [{ id: 'first', value: true }, 1],
      [{ id: 'first', value: true }, 1],
      [{ id: 'twice', value: 1, at: now - HOUR }, 1],
      [{ id: 'twice', value: 0, revision: 1, at: new Date(now).toISOString() }, 1],
      [{ key: 'LX17', time: now + HOUR, value: 1 }, 1],
      [
        [
          { id: 'nobody', value: 0 },
          { id: 'tomorrow', value: 1, at: '2024-05-01T06:30:00+02:00' },
        ],
        2,
      ],
    ] as const;
    for (const [body, count] of accepted) {
      expect(await outcomes(body)).toEqual({ status: 200, body: { accepted: count } });
    }
    expect((await post(`${V2}/infer`, { id: 'tomorrow', inputs: inputs() })).status).toBe(200);
  });

  it.each<[string, unknown, string]>([
    ['a value that is no number', '{"id":"first","value":NaN}', 'invalid_request'],
    ['a text as value', { id: 'first', value: 'late' }, 'outcome_invalid'],
    ['no value', { id: 'first' }, 'invalid_request'],
    ['neither id nor key', { value: 1 }, 'outcome_invalid'],
    ['a key without a time', { key: 'LX17', value: 1 }, 'outcome_invalid'],
    [
      'a time that is none',
      [
        { id: 'first', value: 1 },
        { id: 'first', value: 1, at: 'yesterday' },
      ],
      'outcome_invalid',
    ],
    ['an empty list', [], 'invalid_request'],
  ])('with %s are refused, none of the batch is kept', async (_what, body, code) => {
    const refused = await outcomes(body);
    expect(refused).toMatchObject({ status: 400, body: { error: { code } } });
  });

  it('name the place in the batch', async () => {
    const { body } = await outcomes([
      { id: 'first', value: 1 },
      { id: 'x', value: 1, at: 'yesterday' },
    ]);
    expect(body).toMatchObject({ error: { field: '[1].at', message: expect.stringContaining('yesterday') } });
  });
});

it('the log holds what was asked, by whom it was answered, how likely that was, and what turned out', async () => {
  const { models } = { models: await server.client().models() };
  expect(await server.stop()).toBe(0);
  const log = await openPredictionLog({ directory: join(server.data, 'telemetry') });
  const small = 'small' as ProjectId;
  const recent = await log.recent(small, 'late', 100);
  const counts = await log.counts(small, 'late');
  await log.close();
  server = await ServerProcess.start(server.data);

  expect(counts).toMatchObject({ live: 6, unknownOutcomes: 1 });
  expect((await server.client().status()).counts).toMatchObject({
    predictions: 6,
    outcomes: counts.outcomes,
  });
  const byId = new Map(recent.map(record => [record.id, record]));
  expect([...byId.keys()].sort()).toEqual(['batch#0', 'batch#1', 'batch#2', 'first', 'tomorrow', 'twice']);
  expect(byId.get('first')).toMatchObject({
    variant: 'champion',
    version: models[0]!.model,
    propensities: { champion: 1 },
    inputs: { origin: 'EWR', hour: 21, temp: 31.5, humid: 60 },
    label: 1,
  });
  expect(byId.get('batch#0')).toMatchObject({
    key: 'LX17',
    unitKey: 'N14228',
    inputs: { origin: 'JFK', hour: 8 },
  });
  expect(byId.get('twice')?.label).toBe(0);
  expect(byId.get('tomorrow')?.label).toBe(1);
  expect([0, 1, 2].filter(i => byId.get(`batch#${i}`)?.label === 1)).toHaveLength(1);
});

describe('who may change things', () => {
  const raw = (headers: Record<string, string>): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const call = request(
        `${server.url}/p/small/api/twinloop/v1/endpoints/late/hold`,
        { method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
        response => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode!, body: JSON.parse(text) as Answer['body'] }),
          );
        },
      );
      call.on('error', reject);
      call.end(JSON.stringify({ reason: 'a page wanted it' }));
    });

  it.each([
    ['a page of another site', { origin: 'https://evil.example' }, 'foreign_origin'],
    ['a page on another port', { origin: 'http://localhost:1' }, 'foreign_origin'],
    ['a cross-site request', { 'sec-fetch-site': 'cross-site' }, 'foreign_origin'],
    ['a foreign name for this address', { host: 'rebinding.example' }, 'foreign_host'],
  ])('not %s', async (_who, headers, code) => {
    expect(await raw(headers)).toMatchObject({ status: 403, body: { error: { code } } });
    expect(await server.client().ledger({ types: ['PolicyHeld'] })).toEqual([]);
  });
});
