import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProjectId } from '@twinloop/kernel';
import type { HttpDoor } from './create-http.js';
import type { FakeApp } from './testing/fake-app.js';
import { httpUnderTest } from './testing/http-under-test.js';

let http: HttpDoor;
let app: FakeApp;
beforeAll(async () => {
  ({ http, app } = await httpUnderTest());
});
afterAll(() => http.close());

const row = (n = 1) => ({
  inputs: [
    { name: 'temp', datatype: 'FP64', shape: [n], data: Array(n).fill(20) },
    { name: 'hour', datatype: 'INT64', shape: [n], data: Array.from({ length: n }, (_, i) => 10 + i) },
    { name: 'carrier', datatype: 'BYTES', shape: [n], data: Array(n).fill('UA') },
  ],
});
const infer = (payload: object, url = '/v2/models/delays/infer', headers: Record<string, string> = {}) =>
  http.inject({ method: 'POST', url, payload: JSON.stringify(payload), headers });

describe('Open Inference Protocol V2', () => {
  it.each([
    ['/v2', { name: 'twinloop', version: '0.1.0', extensions: ['binary_tensor_data'] }],
    ['/v2/', { name: 'twinloop', version: '0.1.0', extensions: ['binary_tensor_data'] }],
    ['/v2/health/live', { live: true }],
    ['/v2/health/ready', { ready: true }],
    ['/v2/models/delays/ready', { name: 'delays', ready: true }],
    ['/v2/models/delays/versions/3/ready', { name: 'delays', ready: true }],
    [
      '/p/other/v2/models/delays/versions/1',
      {
        name: 'delays',
        versions: ['1', '2', '3'],
        platform: 'twinloop',
        inputs: [
          { name: 'temp', datatype: 'FP64', shape: [-1] },
          { name: 'hour', datatype: 'FP64', shape: [-1] },
          { name: 'carrier', datatype: 'BYTES', shape: [-1] },
        ],
        outputs: [{ name: 'probability', datatype: 'FP64', shape: [-1] }],
      },
    ],
  ])('GET %s', async (url, body) => {
    const response = await http.inject(url);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual(body);
  });

  it('names the figure of a regression a value: in the metadata, in the answer and among the wishes', async () => {
    const service = app.project('default' as ProjectId);
    service.output = 'value';
    try {
      const described = await http.inject('/v2/models/delays');
      expect(described.json()).toMatchObject({ outputs: [{ name: 'value', datatype: 'FP64' }] });
      expect((await infer({ ...row(), outputs: [{ name: 'value' }] })).json()).toMatchObject({
        outputs: [{ name: 'value', data: [0.1] }],
      });
      expect((await infer({ ...row(), outputs: [{ name: 'probability' }] })).statusCode).toBe(400);
    } finally {
      service.output = undefined;
    }
  });

  it('is not ready while the product is not', async () => {
    app.reasons = ['replaying the ledger'];
    expect((await http.inject('/v2/health/ready')).statusCode).toBe(503);
    app.reasons = [];
    const empty = await http.inject('/v2/models/empty/ready');
    expect([empty.statusCode, empty.headers['retry-after']]).toEqual([503, '1']);
  });

  it.each([undefined, 'application/json', 'text/plain', 'application/octet-stream', 'nonsense'])(
    'predicts with Content-Type %s',
    async type => {
      const response = await infer(
        { id: 'p1', ...row() },
        undefined,
        type === undefined ? {} : { 'content-type': type },
      );
      expect(response.json()).toEqual({
        model_name: 'delays',
        model_version: '3',
        id: 'p1',
        outputs: [{ name: 'probability', datatype: 'FP64', shape: [1], data: [0.1] }],
      });
    },
  );

  it('hands rows, ids, key and unit to the product', async () => {
    await infer(
      { id: 'b', parameters: { key: 'UA1', unit: 'u7' }, ...row(2) },
      '/p/other/v2/models/delays/versions/3/infer',
    );
    expect(app.project('other' as never).inferred.at(-1)).toEqual({
      endpoint: 'delays',
      ids: ['b#0', 'b#1'],
      rows: [
        { temp: 20, hour: 10, carrier: 'UA' },
        { temp: 20, hour: 11, carrier: 'UA' },
      ],
      key: 'UA1',
      unitKey: 'u7',
    });
    await infer(row());
    expect(app.project('default' as never).inferred.at(-1)).toMatchObject({
      ids: undefined,
      key: null,
      unitKey: null,
    });
  });

  it('tells made ids, so that outcomes can be reported', async () => {
    expect((await infer(row())).json().id).toBe('made');
    expect((await infer(row(2))).json().id).toBe('made');
  });

  it('answers in the binary form when asked', async () => {
    const response = await infer({ ...row(2), parameters: { binary_data_output: true } });
    const length = Number(response.headers['inference-header-content-length']);
    expect(response.headers['content-type']).toBe('application/octet-stream');
    expect(JSON.parse(response.rawPayload.subarray(0, length).toString()).outputs[0].parameters).toEqual({
      binary_data_size: 16,
    });
    expect(response.rawPayload.readDoubleLE(length + 8)).toBe(0.11);
  });

  it('refuses an unknown output before anything is predicted', async () => {
    const before = app.project('default' as never).inferred.length;
    const response = await infer({ ...row(), outputs: [{ name: 'label' }] });
    expect(response.statusCode).toBe(400);
    expect(response.json().error).toContain('label');
    expect(app.project('default' as never).inferred.length).toBe(before);
  });

  it.each([
    ['an unknown model', '/v2/models/flights/infer', row(), 404],
    ['a version that is not in service', '/v2/models/delays/versions/2/infer', row(), 404],
    ['an unknown project', '/p/nobody/v2/models/delays/infer', row(), 404],
    ['a project that cannot be one', '/p/No%20body/v2/models/delays/infer', row(), 404],
    ['an endpoint without a model', '/v2/models/empty/infer', row(), 503],
    ['a missing input', '/v2/models/delays/infer', { inputs: row().inputs.slice(1) }, 400],
  ])('%s', async (_what, url, body, status) => {
    const response = await infer(body, url);
    expect(response.statusCode).toBe(status);
    expect(response.json()).toEqual({ error: expect.stringContaining('request req-') });
  });

  it('refuses a compressed body by name', async () => {
    const response = await infer(row(), undefined, { 'content-encoding': 'gzip' });
    expect(response.statusCode).toBe(415);
    expect(response.json().error).toContain('Content-Encoding gzip');
  });
});
