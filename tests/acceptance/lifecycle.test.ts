import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, eventually, scratch, ServerProcess } from '../support/server-process.js';

let directory: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  directory = await scratch();
});
afterAll(() => directory.remove());

const reachable = (url: string): Promise<boolean> =>
  fetch(`${url}/livez`).then(
    () => true,
    () => false,
  );

/** Sends the head of a POST and half of its body; `finish` sends the rest and reads the answer. */
async function slowPost(url: string, body: string): Promise<{ finish(): Promise<number> }> {
  const call = request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
  });
  const answer = new Promise<number>((resolve, reject) => {
    call.on('response', response => resolve(response.resume().statusCode!)).on('error', reject);
  });
  const half = Math.floor(body.length / 2);
  await new Promise<void>(sent => call.write(body.slice(0, half), () => sent()));
  return {
    finish: () => {
      call.end(body.slice(half));
      return answer;
    },
  };
}

describe('a server on an empty directory', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await ServerProcess.start(join(directory.path, 'empty'));
  });
  afterAll(() => server.kill());

  it('prints one line when it is ready, and logs elsewhere', () => {
    expect(server.stdout).toEqual([`twinloop ready ${server.url} data ${server.data} pid ${server.pid}`]);
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('answers its probes and metrics', async () => {
    const texts = ['/livez', '/readyz', '/metrics'].map(async path => {
      const answer = await fetch(server.url + path);
      return [answer.status, await answer.text()];
    });
    expect(await Promise.all(texts)).toEqual([
      [200, 'live\n'],
      [200, 'ready\n'],
      [200, expect.stringMatching(/^# TYPE \S+ (counter|gauge|histogram)$/m)],
    ]);
  });

  it('keeps its token for the owner of the directory alone', async () => {
    const { mode } = await stat(join(server.data, 'token'));
    expect(mode & 0o777).toBe(0o600);
  });

  it('knows no project yet, and says what to do', async () => {
    expect(await server.client().projects()).toEqual([]);
    await expect(server.client().status()).rejects.toMatchObject({
      status: 404,
      code: 'not_found',
      hint: expect.stringContaining('twinloop apply'),
    });
  });

  it('keeps a second server off its directory', async () => {
    const second = await cli(['--data', server.data, 'serve', '--port', '0']);
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toMatch(new RegExp(`^error data_directory_locked: .*pid ${server.pid}`));
    expect(second.stderr).toMatch(/^hint: /m);
  });
});

it('SIGTERM finishes what is in flight, refuses what is new and ends with 0', async () => {
  const server = await ServerProcess.start(join(directory.path, 'drained'));
  const body = JSON.stringify({ file: 'project: x', directory: '/' });
  const inFlight = await slowPost(`${server.url}/api/twinloop/v1/plan`, body);
  const ended = server.stop();
  await eventually(async () => ((await reachable(server.url)) ? undefined : true), 'the end of listening');
  expect(await inFlight.finish()).toBe(422);
  expect(await ended).toBe(0);
});

it('starts again on a directory that kill -9 left behind', async () => {
  const data = join(directory.path, 'killed');
  const first = await ServerProcess.start(data);
  const token = await readFile(join(data, 'token'), 'utf8');
  await first.kill();
  const second = await ServerProcess.start(data);
  expect(await readFile(join(data, 'token'), 'utf8')).toBe(token);
  expect(await second.stop()).toBe(0);
});

describe('what keeps a server from starting', () => {
  const serve = (data: string, ...args: string[]) =>
    cli(['--data', join(directory.path, data), 'serve', ...args]);

  it('a port in use', async () => {
    const other = createServer();
    await new Promise<void>(ready => other.listen(0, '127.0.0.1', ready));
    const { port } = other.address() as AddressInfo;
    const refused = await serve('port', '--port', String(port));
    await new Promise(closed => other.close(closed));
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(`error port_in_use: Port ${port} is in use`);
  });

  it('an address beyond this machine while there is no key', async () => {
    const refused = await serve('open', '--port', '0', '--host', '0.0.0.0');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('error key_required_to_bind: Refusing to listen on 0.0.0.0');
  });

  it('a data directory that cannot be made', async () => {
    await writeFile(join(directory.path, 'file'), '');
    const refused = await serve('file/data', '--port', '0');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('error data_directory_unwritable: ');
  });

  it.each([
    ['a mistaken field', 'prot: 4600\n', 'project_invalid'],
    ['what is not YAML', 'port: [\n', 'project_invalid'],
  ])('a server.yaml with %s', async (_what, text, code) => {
    const file = join(directory.path, 'server.yaml');
    await writeFile(file, text);
    const refused = await serve('configured', '--port', '0', '--config', file);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(`error ${code}: ${file} has 1 error(s)`);
  });

  it('a server.yaml that is not there', async () => {
    const refused = await serve('configured', '--port', '0', '--config', '/nowhere/server.yaml');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^error [a-z_]+: .*\/nowhere\/server\.yaml/);
    expect(refused.stderr).not.toContain('error internal');
  });

  it('a command line that says something else', async () => {
    expect(await serve('usage', '--port', 'http')).toMatchObject({ code: 64, stdout: '' });
    expect(await cli(['serv'])).toMatchObject({ code: 64, stdout: '' });
  });
});

describe('a server for other machines', () => {
  let server: ServerProcess;
  let secret: string;
  beforeAll(async () => {
    const data = join(directory.path, 'shared');
    await mkdir(data, { recursive: true });
    const alone = await ServerProcess.start(data);
    ({ secret } = await alone.client().createKey({ name: 'ci', role: 'viewer', project: null }));
    await alone.stop();
    server = await ServerProcess.start(data, ['--host', '0.0.0.0']);
  });
  afterAll(() => server.kill());

  it('refuses who brings no key, from this machine too', async () => {
    const anonymous = server.client({ token: false });
    await expect(anonymous.projects()).rejects.toMatchObject({ status: 401, code: 'unauthenticated' });
    expect((await fetch(`${server.url}/metrics`)).status).toBe(401);
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
  });

  it('knows its key, and how far it reaches', async () => {
    const viewer = server.client({ token: false, key: secret });
    expect(await viewer.projects()).toEqual([]);
    await expect(viewer.createKey({ name: 'more', role: 'admin', project: null })).rejects.toMatchObject({
      status: 403,
      code: 'forbidden',
    });
    await expect(server.client({ token: false, key: `${secret}x` }).projects()).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });

  it('serves the owner of its directory', async () => {
    expect(await server.client().keys()).toMatchObject([{ name: 'ci', role: 'viewer', revokedAt: null }]);
    const listed = await server.cli(['key', 'list']);
    expect(listed.code).toBe(0);
    expect(listed.stdout).not.toContain(secret);
  });
});
