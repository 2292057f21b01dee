import type { ProjectId } from '@twinloop/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpUnderTest } from '../testing/http-under-test.js';

const NATIVE = '/api/twinloop/v1';

describe('the native API', () => {
  let test: Awaited<ReturnType<typeof httpUnderTest>>;
  beforeAll(async () => {
    test = await httpUnderTest();
    for (const sentence of ['first', 'second', 'third'])
      test.app.project('default' as ProjectId).decide(sentence);
  });
  afterAll(() => test.http.close());
  const get = (path: string) => test.http.inject(`${NATIVE}${path}`);
  const send = (method: 'POST' | 'PATCH', path: string, payload?: object) =>
    test.http.inject({ method, url: `${NATIVE}${path}`, ...(payload === undefined ? {} : { payload }) });

  it('reads the ledger by what the query says', async () => {
    const seqs = async (query: string) =>
      (await get(`/ledger${query}`)).json().map((d: { seq: number }) => d.seq);
    expect(await seqs('')).toEqual([0, 1, 2]);
    expect(await seqs('?after=0&limit=1')).toEqual([1]);
    expect(await seqs('?types=PolicyHeld,ModelPromoted&story=1')).toEqual([0, 1, 2]);
    expect(await seqs('?types=ModelPromoted')).toEqual([]);
    expect((await get('/ledger?limit=5000')).json().error.field).toBe('query/limit');
    expect((await get('/ledger?from=1')).json().error.field).toBe('query/from');
  });

  it.each([
    ['/ledger/verify', 'application/json; charset=utf-8', '{"ok":true,"entries":3}'],
    ['/ledger/decision-hash', 'application/json; charset=utf-8', '{"hash":"d0","state":"s0"}'],
    ['/replay', 'application/json; charset=utf-8', 'null'],
    ['/runs/r1/junit', 'application/xml; charset=utf-8', '<testsuites/>'],
    ['/models/delays%40abc/card', 'text/markdown; charset=utf-8', '# Card\n'],
    ['/schema', 'application/json; charset=utf-8', '{"title":"twinloop.yaml"}'],
    ['/endpoints', 'application/json; charset=utf-8', '["delays"]'],
  ])('GET %s', async (path, type, body) => {
    const response = await get(path);
    expect([response.statusCode, response.headers['content-type'], response.body]).toEqual([200, type, body]);
  });

  it('says what rules say of data', async () => {
    const at = '/datasets/flights/versions/abcdef12';
    expect((await get('/datasets/flights/expectations')).json()).toMatchObject({ dataset: 'flights' });
    expect((await get(`${at}/quarantine?limit=7`)).json()).toMatchObject({ quarantined: 7 });
    expect((await get(`${at}/quarantine?limit=many`)).json().error.field).toBe('query/limit');
    expect((await get(`${at}/suggestions`)).json()).toMatchObject({ version: 'abcdef12' });
    expect((await send('POST', '/datasets/flights/check', { source: 'a.csv' })).json()).toMatchObject({
      status: 'accepted',
    });
    expect((await send('POST', '/datasets/new/suggestions', { source: 'a.csv' })).json()).toMatchObject({
      version: 'a.csv',
    });
    expect((await send('POST', '/datasets/flights/check', {})).statusCode).toBe(400);
  });

  it('sends a model as a file', async () => {
    const response = await get('/models/delays%40abc%22/onnx');
    expect([...response.rawPayload]).toEqual([8, 9]);
    expect(response.headers['content-disposition']).toBe('attachment; filename="delays@abc_.onnx"');
  });

  it('takes one outcome or many', async () => {
    const path = '/endpoints/delays/outcomes';
    const one = { id: 'p1', value: true };
    const two = { key: 'UA1', time: '2013-03-01T10:00:00Z', value: 1, source: 'gate' };
    expect((await send('POST', path, one)).json()).toEqual({ accepted: 1 });
    expect((await send('POST', path, [one, two])).json()).toEqual({ accepted: 2 });
    expect(test.app.project('default' as ProjectId).outcomes).toEqual([one, one, two]);
    expect((await send('POST', path, [])).statusCode).toBe(400);
    expect((await send('POST', path, { id: 'p1', value: {} })).statusCode).toBe(400);
    expect((await send('POST', path, { id: 'p1', value: null })).statusCode).toBe(400);
  });

  it('starts a run with 202, and refuses data with its findings', async () => {
    const run = await send('POST', '/runs', { reason: 'try', algorithms: ['gbt'] });
    expect([run.statusCode, run.json()]).toEqual([202, { run: 'r1' }]);
    const refused = await send('POST', '/datasets/flights/versions', { source: 'march.csv' });
    expect([refused.statusCode, refused.json().error]).toEqual([
      422,
      expect.objectContaining({
        code: 'data_refused',
        details: [{ message: 'hour = 99 in 3 rows', field: 'hour' }],
      }),
    ]);
  });

  it.each([
    ['promote', { reason: 'looks good' }, 'looks good'],
    ['reject', { reason: 'no' }, 'no'],
    ['hold', { reason: 'holiday' }, 'holiday'],
    ['resume', {}, 'resumed'],
    ['resume', undefined, 'resumed'],
  ])('%s with %j', async (verb, body, sentence) => {
    expect((await send('POST', `/endpoints/delays/${verb}`, body)).json().sentence).toBe(sentence);
  });

  it.each([
    ['POST', { dataset: 'flights', speed: 2 }, 'body/speed', 400],
    ['POST', { dataset: 'flights', speed: 'max' }, undefined, 409],
    ['PATCH', { state: 'stopped' }, 'body/state', 400],
    ['PATCH', { speed: 4, slowAtDecisions: true }, undefined, 404],
  ] as const)('%s /replay %j', async (method, body, field, status) => {
    const response = await send(method, '/replay', body);
    expect([response.statusCode, response.json().error.field]).toEqual([status, field]);
  });
});
