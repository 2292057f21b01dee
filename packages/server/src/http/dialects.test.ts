import type { InjectOptions } from 'fastify';
import { Agent, request as httpRequest } from 'node:http';
import { TwinloopError } from '@twinloop/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpDoor } from './create-http.js';
import { ownerOf, renderError } from './dialects.js';
import { httpUnderTest, type LogLine } from './testing/http-under-test.js';

let http: HttpDoor;
let log: LogLine[];
beforeAll(async () => {
  ({ http, log } = await httpUnderTest());
});
afterAll(() => http.close());

const NATIVE = '/api/twinloop/v1';
const json = { 'content-type': 'application/json' };
const native = (code: string) => ({
  error: expect.objectContaining({
    code,
    hint: expect.any(String),
    message: expect.any(String),
    requestId: expect.stringMatching(/^req-\d+$/),
    docs: `docs/reference/errors.md#${code}`,
  }),
});
const oip = (code: string) => ({
  error: expect.stringMatching(new RegExp(`\\(${code}, request req-\\d+\\)$`)),
});

const mounts = ['', '/p/other'].flatMap((mount): [string, InjectOptions, number, object][] => [
  ['native 404', { url: `${mount}${NATIVE}/nothing` }, 404, native('route_not_found')],
  [
    'native 404 with a body',
    { method: 'POST', url: `${mount}${NATIVE}/nothing`, payload: '{', headers: json },
    404,
    native('route_not_found'),
  ],
  ['native 404 of a thing', { url: `${mount}${NATIVE}/runs/r9` }, 404, native('not_found')],
  ['native 405', { method: 'DELETE', url: `${mount}${NATIVE}/status` }, 405, native('method_not_allowed')],
  [
    'native 413',
    {
      method: 'POST',
      url: `${mount}${NATIVE}/runs`,
      payload: JSON.stringify({ reason: 'x'.repeat(20_000) }),
      headers: json,
    },
    413,
    native('payload_too_large'),
  ],
  [
    'native 415',
    {
      method: 'POST',
      url: `${mount}${NATIVE}/runs`,
      payload: 'reason=x',
      headers: { 'content-type': 'text/plain' },
    },
    415,
    native('unsupported_media_type'),
  ],
  [
    'native 415 without a type',
    { method: 'POST', url: `${mount}${NATIVE}/runs`, payload: '{}' },
    415,
    native('unsupported_media_type'),
  ],
  [
    'native malformed',
    { method: 'POST', url: `${mount}${NATIVE}/runs`, payload: '{"reason":', headers: json },
    400,
    native('invalid_request'),
  ],
  ['oip 404', { url: `${mount}/v2/nothing` }, 404, oip('route_not_found')],
  ['oip 405', { url: `${mount}/v2/models/delays/infer` }, 405, oip('method_not_allowed')],
  [
    'oip 413',
    { method: 'POST', url: `${mount}/v2/models/delays/infer`, payload: 'x'.repeat(20_000) },
    413,
    oip('payload_too_large'),
  ],
  [
    'oip 415',
    {
      method: 'POST',
      url: `${mount}/v2/models/delays/infer`,
      payload: '{}',
      headers: { 'content-encoding': 'br' },
    },
    415,
    oip('unsupported_media_type'),
  ],
  [
    'oip malformed',
    { method: 'POST', url: `${mount}/v2/models/delays/infer`, payload: '{"inputs":' },
    400,
    oip('invalid_request'),
  ],
  [
    'oip without a body',
    { method: 'POST', url: `${mount}/v2/models/delays/infer` },
    400,
    oip('invalid_request'),
  ],
  [
    'reserved 404',
    { url: `${mount}/v1/chat/completions`, headers: { accept: 'text/html' } },
    404,
    native('route_not_found'),
  ],
  ['reserved 404', { url: `${mount}/api/2.0/mlflow/runs/get` }, 404, native('route_not_found')],
]);

describe('refusals speak the dialect of the prefix', () => {
  it.each(mounts)('%s %j', async (_what, ask, status, body) => {
    const response = await http.inject(ask);
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toMatch(/^application\/json/);
    expect(response.headers['x-request-id']).toMatch(/^req-/);
    expect(response.headers['x-content-type-options']).toBe('nosniff');
    expect(response.json()).toEqual(body);
    expect(response.body).not.toMatch(/\{(reason|limit|type|what|path)\}/);
  });

  it.each([
    [{ url: '/livez/x' }, 404, /^No route GET \/livez\/x.*\(route_not_found, request req-\d+\)\n$/],
    [{ method: 'POST', url: '/metrics' } as const, 405, /\(method_not_allowed, /],
    [{ url: '/<script>' }, 404, /<h1>No route GET \/(?!<script>)/],
    [{ url: '/%zz' }, 400, /<h1>The request is not valid/],
  ])('%j', async (ask, status, text) => {
    const response = await http.inject(ask);
    expect([response.statusCode, response.body]).toEqual([status, expect.stringMatching(text)]);
  });

  it('names the methods that are allowed', async () => {
    expect((await http.inject({ method: 'PUT', url: `${NATIVE}/replay` })).headers['allow']).toBe(
      'GET, HEAD, PATCH, POST',
    );
  });

  it('tells what nobody foresaw by its id only, logs it whole, and lives', async () => {
    const response = await http.inject(`${NATIVE}/models/m1`);
    expect(response.statusCode).toBe(500);
    expect(response.json()).toEqual(native('internal'));
    expect(response.body).not.toContain('hunter2');
    const line = log.at(-1)!;
    expect(line.fields).toMatchObject({ requestId: response.headers['x-request-id'], code: 'internal' });
    expect(String(line.fields!['error'])).toContain('hunter2');
    expect((await http.inject('/livez')).statusCode).toBe(200);
  });

  it.each([
    [{ reason: 1 }, 'body/reason'],
    [{ reason: 'x', algorithm: 'gbt' }, 'body/algorithm'],
    [{}, 'body/reason'],
    [{ reason: 'x', algorithms: ['gbt', 7] }, 'body/algorithms/1'],
    [[], 'body'],
  ])('names the field that is wrong in %j', async (payload, field) => {
    const response = await http.inject({ method: 'POST', url: `${NATIVE}/runs`, payload, headers: json });
    expect(response.statusCode).toBe(400);
    expect(response.json().error.field).toBe(field);
  });

  it.each([
    ['{"id":"p","value":[1]}', 'body/value'],
    ['{"id":"p","value":null}', 'body/value'],
    ['[{"id":"p","value":1},{"id":"q"}]', 'body/1/value'],
    ['{"id":"p","value":1,"__proto__":{"value":2}}', 'body'],
  ])('refuses the outcome %s at %s', async (payload, field) => {
    const response = await http.inject({
      method: 'POST',
      url: `${NATIVE}/endpoints/delays/outcomes`,
      payload,
      headers: json,
    });
    expect([response.statusCode, response.json().error.field]).toEqual([400, field]);
  });

  it('keeps the connection after a refusal', async () => {
    const other = await httpUnderTest();
    const { port } = await other.http.listen();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set<unknown>();
    const ask = (method: string, path: string, body: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const call = httpRequest(
          {
            agent,
            port,
            host: '127.0.0.1',
            method,
            path,
            headers: { ...json, 'content-length': body.length },
          },
          response => {
            response.resume();
            response.on('end', () => resolve(response.statusCode!));
          },
        );
        call.on('socket', socket => sockets.add(socket));
        call.on('error', reject);
        call.end(body);
      });
    const big = 'x'.repeat(1_000_000);
    const statuses = [];
    for (const [method, path, body] of [
      ['POST', '/v2/models/delays/infer', '{'],
      ['POST', '/v2/models/delays/infer', big],
      ['POST', '/v2/models/nobody/infer', '{}'],
      ['POST', '/v2/nothing', big],
      ['PUT', '/v2', big],
      ['POST', `${NATIVE}/runs`, big],
      ['POST', `${NATIVE}/runs`, '{'],
      ['GET', '/v2', ''],
    ] as const) {
      statuses.push(await ask(method, path, body));
    }
    agent.destroy();
    await other.http.close();
    expect(statuses).toEqual([400, 413, 404, 404, 405, 413, 400, 200]);
    expect(sockets.size).toBe(1);
  });
});

describe('ownerOf', () => {
  it.each([
    ['/api/twinloop/v1/status', 'native API'],
    ['/p/x/api/twinloop/v1/status', 'native API'],
    ['/api/twinloop/v10', 'MLflow, Prometheus remote write and queries'],
    ['/v2', 'Open Inference Protocol V2 (REST)'],
    ['/p/x/v2/models/y', 'Open Inference Protocol V2 (REST)'],
    ['/v22', 'the pages'],
    ['/p/x', 'the pages'],
    ['/p/x/runs', 'the pages'],
    ['/', 'the pages'],
  ])('%s belongs to %s', (path, owner) => {
    expect(ownerOf(path).owner).toBe(owner);
  });
});

it('escapes what a page shows', () => {
  const error = new TwinloopError('route_not_found', {
    values: { method: 'GET', path: '/<img src=x onerror="1">' },
  });
  expect(renderError('html', error, 'r').body).not.toContain('<img');
});
