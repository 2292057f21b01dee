import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpDoor } from './create-http.js';
import { httpUnderTest } from './testing/http-under-test.js';

const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('the pages', () => {
  let folder: string;
  let http: HttpDoor;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'twinloop-pages-'));
    const root = join(folder, 'dist');
    mkdirSync(join(root, 'assets'), { recursive: true });
    writeFileSync(join(folder, 'secret.txt'), 'outside');
    writeFileSync(join(root, 'index.html'), '<!doctype html><title>Twinloop</title>');
    writeFileSync(join(root, 'favicon.svg'), '<svg/>');
    writeFileSync(join(root, '.env'), 'secret');
    writeFileSync(join(root, 'assets', 'app-1a2b.js'), 'export {};');
    ({ http } = await httpUnderTest({ webRoot: root, requireKey: true }));
  });
  afterAll(async () => {
    await http.close();
    rmSync(folder, { recursive: true });
  });

  it.each(['/', '/runs/r1', '/p/other/decisions', '/anything?x=1'])(
    '%s is the application, under a strict policy',
    async url => {
      const response = await http.inject({ url, headers: html });
      expect([response.statusCode, response.body]).toEqual([200, '<!doctype html><title>Twinloop</title>']);
      expect(response.headers).toMatchObject({
        'cache-control': 'no-cache',
        'x-frame-options': 'DENY',
        'content-type': 'text/html; charset=utf-8',
      });
      const policy = String(response.headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'; script-src 'self';");
      expect(policy).not.toContain('unsafe-eval');
    },
  );

  it('hashed assets are kept for ever, the rest is revalidated', async () => {
    const asset = await http.inject('/assets/app-1a2b.js');
    expect(asset.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': expect.stringContaining('javascript'),
    });
    const icon = await http.inject('/favicon.svg');
    expect([icon.headers['cache-control'], icon.body]).toEqual(['no-cache', '<svg/>']);
    const again = await http.inject({
      url: '/favicon.svg',
      headers: { 'if-none-match': String(icon.headers['etag']) },
    });
    expect(again.statusCode).toBe(304);
  });

  it.each([
    '/api/twinloop/v1/nothing',
    '/p/other/api/twinloop/v1/nothing',
    '/api/other',
    '/v1/models',
    '/v2/nothing',
    '/p/other/v2/nothing',
    '/version',
    '/health',
    '/livez/x',
    '/assets/missing.js',
  ])('%s is never the application, even for a browser', async url => {
    const response = await http.inject({ url, headers: html });
    expect(response.body).not.toMatch(/doctype|outside|secret$/);
    expect([401, 404]).toContain(response.statusCode);
  });

  it.each([
    '/assets/../../secret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/../.env',
    '/..%2f.env',
  ])('nothing outside of it is read by %s', async path => {
    const server = await httpUnderTest({ webRoot: join(folder, 'dist') });
    const { port } = await server.http.listen();
    // node:http sends the path as it is; other clients would resolve the dots.
    const [status, body] = await new Promise<[number, string]>((resolve, reject) => {
      get({ host: '127.0.0.1', port, path, agent: false }, response => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve([response.statusCode!, text]));
      }).on('error', reject);
    });
    await server.http.close();
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body).not.toMatch(/outside|^secret$/);
  });

  it('a program that asks for no page gets 404', async () => {
    expect((await http.inject({ url: '/runs/r1', headers: { accept: 'application/json' } })).statusCode).toBe(
      404,
    );
    expect((await http.inject({ method: 'POST', url: '/runs/r1', headers: html })).statusCode).toBe(404);
    expect((await http.inject({ url: '/.env', headers: { accept: '*/*' } })).statusCode).toBe(404);
  });

  it('without built pages the API is served alone', async () => {
    const alone = await httpUnderTest({ webRoot: join(folder, 'nowhere') });
    const response = await alone.http.inject({ url: '/', headers: html });
    expect([response.statusCode, response.headers['content-type']]).toEqual([
      404,
      'text/html; charset=utf-8',
    ]);
    await alone.http.close();
  });
});
