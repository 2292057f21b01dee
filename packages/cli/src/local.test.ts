import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocal } from '@twinloop/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeServer, runCli } from './run-cli.fixture.js';

/** Nothing listens there. */
const NOBODY = 'http://127.0.0.1:1';
let data: string;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'twinloop-local-'));
});
afterEach(() => rm(data, { recursive: true, force: true }));

const cli = (...args: string[]) => runCli('--server', NOBODY, '--data', data, ...args);

describe('without a server', () => {
  it('a first key is made in an empty directory, listed without its secret, and revoked', async () => {
    const made = await cli('key', 'create', 'ops', '--role', 'admin', '-o', 'json');
    expect(made.status).toBe(0);
    expect(made.stderr).toBe(`no server answers at ${NOBODY}; using ${data} itself\n`);
    const { id, secret } = JSON.parse(made.stdout) as { id: string; secret: string };
    expect(secret).toMatch(new RegExp(`^tlk_${id}_`));
    const listed = await cli('key', 'list', '-o', 'json');
    expect(listed.stdout).not.toMatch(/secret/i);
    expect(JSON.parse(listed.stdout)).toMatchObject([
      { id, name: 'ops', role: 'admin', project: null, revokedAt: null },
    ]);
    expect((await cli('key', 'revoke', id)).stdout).toBe(`revoked ${id}\n`);
    const [after] = JSON.parse((await cli('key', 'list', '-o', 'json')).stdout) as {
      revokedAt: number | null;
    }[];
    expect(after!.revokedAt).toBeGreaterThan(0);
  });

  it('what was done stands in the ledger, and the chain holds', async () => {
    await cli('key', 'create', 'ops');
    expect((await cli('ledger', '--all')).stdout).toMatch(/^ {4}1 .*\n$/);
    const { status, stdout } = await cli('ledger', 'verify');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^1 entry holds; head [0-9a-f]{64}\n$/);
    expect((await cli('ledger', 'hash')).stdout).toMatch(/^[0-9a-f]{64}\n$/);
  });

  it('a directory without a ledger is not made one by looking', async () => {
    for (const command of [['ledger', 'verify'], ['ledger'], ['key', 'list']]) {
      const { status, stderr } = await cli(...command);
      expect([status, stderr.split(':')[0]]).toEqual([1, 'error not_found']);
    }
  });

  it('a project that was never applied here is refused', async () => {
    await cli('key', 'create', 'ops');
    const { status, stderr } = await cli('ledger', 'verify', '-p', 'nope');
    expect(status).toBe(1);
    expect(stderr).toContain('error not_found: Project nope was not found');
  });

  it('a directory that another process holds is left alone', async () => {
    const local = await openLocal(data, { mustHoldData: false });
    const { status, stderr } = await cli('key', 'create', 'ops');
    expect(status).toBe(1);
    expect(stderr).toContain('error data_directory_locked');
    expect(stderr).toContain('give its address with --server');
    expect(await local.keys.list()).toEqual([]);
    await local.close();
    await local.close();
    expect((await cli('key', 'create', 'ops')).status).toBe(0);
  });

  it.each([
    ['a directory that is not there', NOBODY, 'none'],
    ['a server elsewhere', 'http://192.0.2.1:1', ''],
  ])('%s is not made up for', async (_what, server, folder) => {
    const directory = join(data, folder);
    const { status, stderr } = await runCli('--server', server, '--data', directory, 'key', 'create', 'ops');
    expect(status).toBe(1);
    expect(stderr).toContain(`error server_unreachable: No Twinloop server answers at ${server}`);
  });
});

it('a server that answers is asked, though the directory is there', async () => {
  const server = await fakeServer({ 'GET /keys': [200, []] });
  await mkdir(join(data, 'x'));
  const { status, stdout, stderr } = await runCli(
    '--server',
    server.url,
    '--data',
    data,
    '-p',
    'p',
    'key',
    'list',
  );
  expect([status, stdout, stderr]).toEqual([0, 'none yet\n', '']);
  expect(server.asked.map(({ url }) => url)).toEqual(['/livez', '/p/p/api/twinloop/v1/keys']);
  await server.close();
});
