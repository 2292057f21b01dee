import { fastify, type InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpDoor } from '../create-http.js';
import { installDoor } from './door.js';
import { FakeApp } from '../testing/fake-app.js';
import { httpUnderTest, TOKEN } from '../testing/http-under-test.js';

const NATIVE = '/api/twinloop/v1';
const json = { 'content-type': 'application/json' };

/** One route for each action. */
const ROUTE: Readonly<Record<string, InjectOptions>> = {
  public: { url: '/livez' },
  read: { url: `${NATIVE}/status` },
  predict: { method: 'POST', url: '/v2/models/delays/infer', payload: '{"inputs":[]}' },
  report: {
    method: 'POST',
    url: `${NATIVE}/endpoints/delays/outcomes`,
    payload: '[{"id":"p","value":1}]',
    headers: json,
  },
  operate: { method: 'POST', url: `${NATIVE}/endpoints/delays/resume` },
  approve: {
    method: 'POST',
    url: `${NATIVE}/endpoints/delays/promote`,
    payload: '{"reason":"r"}',
    headers: json,
  },
  configure: {
    method: 'POST',
    url: `${NATIVE}/apply`,
    payload: '{"file":"default","directory":"/"}',
    headers: json,
  },
  command: {
    method: 'POST',
    url: `${NATIVE}/apply`,
    payload: '{"file":"default!","directory":"/"}',
    headers: json,
  },
  administer: { url: `${NATIVE}/keys` },
};
const ACTIONS = Object.keys(ROUTE);

/** The code of the refusal, or `ok` when the request reached its handler (which may then dislike the body). */
async function ask(
  http: HttpDoor,
  route: InjectOptions,
  headers: Record<string, string> = {},
  remoteAddress = '127.0.0.1',
) {
  const response = await http.inject({ ...route, remoteAddress, headers: { ...route.headers, ...headers } });
  // Both shapes name the code: `"code":"…"` natively, `(…, request …)` in the text of the others.
  const code = /"code":"(\w+)"|\((\w+), request/
    .exec(response.body)
    ?.slice(1)
    .find(found => found !== undefined);
  return response.statusCode < 400 || code === 'invalid_request' || code === 'input_missing' ? 'ok' : code;
}

describe('the door', () => {
  let open: HttpDoor;
  let closed: HttpDoor;
  const credentials: Record<string, Record<string, string>> = {
    nobody: {},
    token: { 'x-twinloop-token': TOKEN },
  };
  beforeAll(async () => {
    const forOpen = await httpUnderTest();
    const forClosed = await httpUnderTest({ requireKey: true });
    open = forOpen.http;
    closed = forClosed.http;
    for (const app of [forOpen.app, forClosed.app]) {
      for (const role of ['viewer', 'operator', 'approver', 'admin'] as const) {
        credentials[role] = { authorization: `Bearer ${await app.makeKey(role)}` };
      }
      credentials['admin of default'] = { authorization: `Bearer ${await app.makeKey('admin', 'default')}` };
      credentials['admin of other'] = { authorization: `Bearer ${await app.makeKey('admin', 'other')}` };
    }
  });
  afterAll(async () => {
    await open.close();
    await closed.close();
  });

  const may: Record<string, readonly string[]> = {
    token: ACTIONS,
    viewer: ['public', 'read'],
    operator: ['public', 'read', 'predict', 'report', 'operate'],
    approver: ['public', 'read', 'predict', 'report', 'operate', 'approve'],
    admin: ACTIONS,
    // Not `administer`: keys are the server's.
    'admin of default': ACTIONS.filter(action => action !== 'administer'),
  };
  const table = Object.entries(may).flatMap(([who, allowed]) =>
    ACTIONS.map((action): [string, string, string] => [
      who,
      action,
      allowed.includes(action) ? 'ok' : 'forbidden',
    ]),
  );
  it.each(table)('%s asking for %s: %s', async (who, action, outcome) => {
    expect(await ask(closed, ROUTE[action]!, credentials[who])).toBe(outcome);
  });

  it.each(ACTIONS)('an open server and a loopback caller without credentials asking for %s', async action => {
    expect(await ask(open, ROUTE[action]!)).toBe(action === 'command' ? 'token_required' : 'ok');
  });

  it.each(ACTIONS.filter(action => action !== 'public'))('nobody asking for %s elsewhere', async action => {
    expect(await ask(closed, ROUTE[action]!)).toBe('unauthenticated');
    expect(await ask(open, ROUTE[action]!, {}, '10.0.0.7')).toBe('unauthenticated');
    expect(await ask(open, ROUTE[action]!, { 'x-forwarded-for': '10.0.0.7' })).toBe('unauthenticated');
  });

  it.each([
    ['a wrong token', { 'x-twinloop-token': 'guess' }],
    ['an empty token', { 'x-twinloop-token': '' }],
    ['a wrong secret', { authorization: 'Bearer tlk_k1_guess' }],
    ["another key's id", { authorization: 'Bearer tlk_k2_secret-of-k1' }],
    ['half a key', { authorization: 'Bearer tlk_k1' }],
    ['another scheme', { authorization: 'Basic YTpi' }],
  ])('%s is refused even where nothing is needed', async (_what, headers) => {
    expect(await ask(open, ROUTE['read']!, headers)).toBe('unauthenticated');
  });

  it('a revoked key is refused at once', async () => {
    const { http, app } = await httpUnderTest({ requireKey: true });
    const key = { authorization: `Bearer ${await app.makeKey('viewer')}` };
    expect(await ask(http, ROUTE['read']!, key)).toBe('ok');
    await app.keys.revoke('k1');
    expect(await ask(http, ROUTE['read']!, key)).toBe('unauthenticated');
    await http.close();
  });

  it.each([
    ['admin of other', '', 'other'],
    ['admin of other', '/p/other', 'other'],
    ['admin of default', '', 'default'],
    ['token', '', 'default'],
    ['token', '/p/other', 'other'],
  ])('%s at %s sees project %s', async (who, mount, project) => {
    const response = await closed.inject({ url: `${mount}${NATIVE}/status`, headers: credentials[who]! });
    expect(response.json().project).toBe(project);
  });

  it('a key that is fixed to a project opens no other, whatever the URL or the file says', async () => {
    const key = credentials['admin of other']!;
    expect(await ask(closed, { url: `/p/default${NATIVE}/status` }, key)).toBe('forbidden');
    expect(await ask(closed, { url: `/p/default/v2/models/delays` }, key)).toBe('forbidden');
    expect(await ask(closed, ROUTE['configure']!, key)).toBe('forbidden');
    expect(await ask(closed, ROUTE['command']!, key)).toBe('forbidden');
    expect(await ask(closed, { ...ROUTE['configure']!, url: `${NATIVE}/plan` }, key)).toBe('forbidden');
    expect(
      await ask(closed, { ...ROUTE['configure']!, payload: '{"file":"other!","directory":"/"}' }, key),
    ).toBe('ok');
    const projects = await closed.inject({ url: `${NATIVE}/projects`, headers: key });
    expect(projects.json().map((view: { project: string }) => view.project)).toEqual(['other']);
    expect(await ask(closed, { url: '/metrics' }, key)).toBe('forbidden');
  });

  it('a run asks for more when the project runs programs', async () => {
    const { http, app } = await httpUnderTest();
    const run: InjectOptions = {
      method: 'POST',
      url: `${NATIVE}/runs`,
      payload: '{"reason":"r"}',
      headers: json,
    };
    expect(await ask(http, run)).toBe('ok');
    app.project('default' as never).commands = true;
    expect(await ask(http, run)).toBe('token_required');
    expect(await ask(http, run, { 'x-twinloop-token': TOKEN })).toBe('ok');
    await http.close();
  });

  it('keys are listed without secrets and made with the secret shown once', async () => {
    const { http } = await httpUnderTest();
    const payload = { name: 'ci', role: 'operator', project: 'default' };
    const made = await http.inject({ method: 'POST', url: `${NATIVE}/keys`, payload });
    expect([made.statusCode, made.json()]).toEqual([201, { id: 'k1', secret: 'tlk_k1_secret-of-k1' }]);
    const listed = await http.inject(`${NATIVE}/keys`);
    expect(listed.body).not.toContain('ecret');
    expect(listed.json()).toEqual([{ id: 'k1', ...payload, createdAt: 0, revokedAt: null }]);
    expect((await http.inject({ method: 'DELETE', url: `${NATIVE}/keys/k9` })).statusCode).toBe(404);
    await http.close();
  });
});

describe('web pages', () => {
  const hosts: readonly (readonly [string, boolean])[] = [
    ['127.0.0.1:4600', true],
    ['localhost:4600', true],
    ['LOCALHOST', true],
    ['[::1]:4600', true],
    ['loop.example:8443', true],
    ['evil.example', false],
    ['127.0.0.1.evil.example', false],
    ['localhost.evil.example:4600', false],
    ['evil.example:127.0.0.1', false],
  ];
  const origins: readonly (readonly [string, (host: string) => Record<string, string>, boolean])[] = [
    ['no page', () => ({}), true],
    ['its own page', host => ({ origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }), true],
    ['its own page behind TLS', host => ({ origin: `https://${host}` }), true],
    ['the address bar', () => ({ 'sec-fetch-site': 'none' }), true],
    ['a foreign page', () => ({ origin: 'https://evil.example' }), false],
    ['another port', () => ({ origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-site' }), false],
    ['a sandboxed page', () => ({ origin: 'null' }), false],
    ['a page that hides its origin', () => ({ 'sec-fetch-site': 'cross-site' }), false],
    ['a name that begins alike', host => ({ origin: `http://${host}.evil.example` }), false],
  ];
  let http: HttpDoor;
  beforeAll(async () => {
    ({ http } = await httpUnderTest({ hosts: ['Loop.example'] }));
  });
  afterAll(() => http.close());

  const actions = ['read', 'predict', 'report', 'operate', 'approve', 'configure', 'command', 'administer'];
  const table = hosts.flatMap(([host, ours]) =>
    origins.map(([page, headers, own]) => ({ host, page, headers: headers(host), ours, own })),
  );
  it.each(table)('Host "$host" and $page', async ({ host, headers, ours, own }) => {
    for (const action of actions) {
      const route = ROUTE[action]!;
      const mutates = route.method === 'POST';
      // The token changes nothing for a foreign page: the browser could be made to hold it.
      for (const credential of [{}, { 'x-twinloop-token': TOKEN }] as Record<string, string>[]) {
        const free = action === 'command' && !('x-twinloop-token' in credential) ? 'token_required' : 'ok';
        const expected = !ours ? 'foreign_host' : mutates && !own ? 'foreign_origin' : free;
        expect([action, await ask(http, route, { ...headers, ...credential, host })]).toEqual([
          action,
          expected,
        ]);
      }
    }
  });

  it('no answer lets another origin read it', async () => {
    const response = await http.inject({
      url: `${NATIVE}/status`,
      headers: { origin: 'https://evil.example' },
    });
    expect(Object.keys(response.headers).filter(name => name.startsWith('access-control'))).toEqual([]);
    expect(response.headers['cross-origin-resource-policy']).toBe('same-origin');
    const preflight = await http.inject({
      method: 'OPTIONS',
      url: `${NATIVE}/apply`,
      headers: { origin: 'https://evil.example' },
    });
    expect(preflight.statusCode).toBe(405);
  });
});

it('a route that declares no action cannot be registered', async () => {
  const server = fastify();
  installDoor(server, {
    app: new FakeApp(),
    token: TOKEN,
    host: '127.0.0.1',
    hosts: [],
    requireKey: false,
    draining: () => false,
  });
  expect(() => server.get('/forgotten', () => 'open to all')).toThrow('GET /forgotten declares no action');
  await server.close();
});
