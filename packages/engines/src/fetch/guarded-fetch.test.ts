import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { isInside } from './addresses.js';
import { DEFAULT_FETCH_POLICY, guardedFetch } from './guarded-fetch.js';

let server: Server | undefined;
afterEach(() => new Promise<void>(done => (server === undefined ? done() : server.close(() => done()))));

async function serve(handler: RequestListener): Promise<number> {
  server = createServer(handler);
  await new Promise<void>(ready => server!.listen(0, '127.0.0.1', ready));
  return (server.address() as AddressInfo).port;
}

const local = { ...DEFAULT_FETCH_POLICY, allow: ['127.0.0.1'] };

test.each([
  ['127.0.0.1', true],
  ['10.1.2.3', true],
  ['169.254.169.254', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['fe80::1', true],
  ['100.64.0.1', true],
  ['0.0.0.0', true],
  ['8.8.8.8', false],
  ['2606:4700::1111', false],
  ['not-an-address', true],
])('%s is inside: %s', (address, inside) => {
  expect(isInside(address)).toBe(inside);
});

test('an inside address is refused unless the server allows it', async () => {
  const port = await serve((_, response) => response.end('a,b\n1,2\n'));
  await expect(guardedFetch(`http://127.0.0.1:${port}/x.csv`)).rejects.toMatchObject({
    code: 'fetch_refused',
  });
  const { bytes } = await guardedFetch(`http://127.0.0.1:${port}/x.csv`, local);
  expect(Buffer.from(bytes).toString()).toBe('a,b\n1,2\n');
});

test('a redirect to an inside address is refused although the first hop was allowed', async () => {
  const port = await serve((_, response) =>
    response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
  );
  await expect(guardedFetch(`http://127.0.0.1:${port}/`, local)).rejects.toMatchObject({
    code: 'fetch_refused',
  });
});

test('a name is connected to at the address that was checked, not at a second answer', async () => {
  const port = await serve((_, response) => response.end('pinned'));
  let asked = 0;
  const answers = [[{ address: '127.0.0.1', family: 4 }], [{ address: '10.0.0.1', family: 4 }]];
  const { bytes } = await guardedFetch(
    `http://rebinding.test:${port}/`,
    local,
    async () => answers[asked++]!,
  );
  expect(Buffer.from(bytes).toString()).toBe('pinned');
  expect(asked).toBe(1);
});

test.each(['file:///etc/passwd', 'ftp://example.com/x', 'not a url', 'http://user:secret@example.com/'])(
  '%s is not fetched',
  async url => {
    await expect(guardedFetch(url, local)).rejects.toMatchObject({ code: 'fetch_refused' });
  },
);

test('size and time are bounded; an error status and a broken connection are failures', async () => {
  const port = await serve((request, response) => {
    if (request.url === '/large') response.end('x'.repeat(5000));
    else if (request.url === '/missing') response.writeHead(404).end();
    else if (request.url === '/broken')
      response.writeHead(200, { 'content-length': '10' }).write('x', () => response.destroy());
    else response.writeHead(200).flushHeaders();
  });
  const at = (path: string): string => `http://127.0.0.1:${port}${path}`;
  await expect(guardedFetch(at('/large'), { ...local, maxBytes: 1000 })).rejects.toMatchObject({
    code: 'fetch_refused',
  });
  await expect(guardedFetch(at('/missing'), local)).rejects.toMatchObject({ code: 'fetch_failed' });
  await expect(guardedFetch(at('/broken'), local)).rejects.toMatchObject({ code: 'fetch_failed' });
  await expect(guardedFetch(at('/hangs'), { ...local, timeoutMs: 50 })).rejects.toMatchObject({
    code: 'fetch_failed',
  });
});
