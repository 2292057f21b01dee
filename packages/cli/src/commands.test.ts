import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeServer, runCli } from './run-cli.fixture.js';

let scratch: string;
let server: Awaited<ReturnType<typeof fakeServer>> | undefined;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'twinloop-cli-'));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(scratch, { recursive: true, force: true });
});

/** A command line against a fake server, in a project named on the command line. */
async function run(routes: Parameters<typeof fakeServer>[0], ...args: string[]) {
  server = await fakeServer(routes);
  return runCli('--server', server.url, '--data', scratch, '--project', 'p', ...args);
}

const RUN = {
  run: 'run-1',
  reason: 'asked for',
  status: 'passed',
  steps: [] as { step: string; status: string; summary: string }[],
  candidates: [],
  verdicts: [{ gate: 'size', status: 'pass', reason: '5 kB' }],
  model: 'late@1',
  log: '',
};
const step = (name: string) => ({ step: name, status: 'done', summary: 'ok' });
const unchanged = { project: 'p', changes: [], configHash: 'h' };

describe('plan', () => {
  const file = async (): Promise<string> => {
    const path = join(scratch, 'twinloop.yaml');
    await writeFile(path, 'project: p\n');
    return path;
  };

  it('leaves with 0 when nothing would change, with 2 when something would', async () => {
    const path = await file();
    const same = await run({ 'POST /plan': [200, unchanged] }, 'plan', path);
    expect(same).toEqual({ status: 0, stdout: 'p: no changes\n', stderr: '' });
    await server!.close();
    const change = { kind: 'change', path: 'train.seed', before: 1, after: 2 };
    const other = await run({ 'POST /plan': [200, { ...unchanged, changes: [change] }] }, 'plan', path);
    expect(other).toEqual({ status: 2, stdout: 'p: 1 change\n  ~ train.seed: 1 → 2\n', stderr: '' });
  });

  it('leaves with 1 and every finding when the file is wrong', async () => {
    const error = {
      code: 'project_invalid',
      message: 'twinloop.yaml has 1 error(s)',
      hint: 'h',
      details: [{ message: 'unknown field', field: 'trian', line: 2, column: 1 }],
    };
    const { status, stdout, stderr } = await run({ 'POST /plan': [422, { error }] }, 'plan', await file());
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('  2:1 trian: unknown field\n');
  });

  it('sends the text, its directory and the token of the data directory', async () => {
    await writeFile(join(scratch, 'token'), 'secret\n');
    await run({ 'POST /plan': [200, unchanged] }, 'plan', await file(), '--clock', '2013-03-01');
    expect(server!.asked).toEqual([
      {
        method: 'POST',
        url: '/p/p/api/twinloop/v1/plan',
        token: 'secret',
        body: { file: 'project: p\n', directory: scratch, clock: '2013-03-01' },
      },
    ]);
  });

  it('says which file is not there', async () => {
    const { status, stderr } = await run({}, 'plan', join(scratch, 'none.yaml'));
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error file_unreadable: .*none\.yaml cannot be read: there is no such file/);
  });
});

describe('run', () => {
  it('follows every step to the end and leaves with 0 when it passed', async () => {
    const states = [
      { ...RUN, status: 'running', steps: [step('data')] },
      { ...RUN, status: 'running', steps: [step('data'), step('fit'), step('gates')] },
      { ...RUN, steps: [step('data'), step('fit'), step('gates')] },
    ];
    const { status, stdout, stderr } = await run(
      {
        'POST /runs': [202, { run: 'run-1' }],
        'GET /runs/run-1': states.map(state => [200, state] as const),
      },
      'run',
    );
    expect(status).toBe(0);
    expect(stderr).toBe(['data', 'fit', 'gates'].map(name => `run-1 · ${name}: ok\n`).join(''));
    expect(stdout).toContain('run-1 passed: asked for');
    expect(stdout).toContain('model late@1');
  });

  it('leaves with 1 when a gate failed, having written the report', async () => {
    const report = join(scratch, 'report.xml');
    const { status } = await run(
      {
        'POST /runs': [202, { run: 'run-1' }],
        'GET /runs/run-1': [200, { ...RUN, status: 'failed' }],
        'GET /runs/run-1/junit': [200, '<testsuites/>'],
      },
      'run',
      '--junit',
      report,
    );
    expect(status).toBe(1);
    expect(await readFile(report, 'utf8')).toBe('<testsuites/>');
  });

  it('says at which step it was refused', async () => {
    const steps = [step('data'), { step: 'leaks', status: 'failed', summary: 'label knows the future' }];
    const { status, stdout } = await run(
      {
        'POST /runs': [202, { run: 'run-1' }],
        'GET /runs/run-1': [200, { ...RUN, status: 'refused', steps }],
      },
      'run',
    );
    expect(status).toBe(1);
    expect(stdout).toContain('run-1 refused: asked for\nleaks failed: label knows the future\n');
  });

  it('returns at once with --no-wait', async () => {
    const { status, stdout } = await run(
      { 'POST /runs': [202, { run: 'run-1' }] },
      'run',
      '--no-wait',
      '-o',
      'json',
    );
    expect([status, JSON.parse(stdout)]).toEqual([0, { run: 'run-1' }]);
    expect(server!.asked).toHaveLength(1);
  });

  it('trains one algorithm alone when asked', async () => {
    await run(
      { 'POST /runs': [202, { run: 'run-1' }] },
      'run',
      '--no-wait',
      '--only',
      'gbt',
      '--reason',
      'r',
    );
    expect(server!.asked[0]!.body).toEqual({ reason: 'r', algorithms: ['gbt'] });
  });
});

describe('replay', () => {
  const status = {
    dataset: 'd',
    state: 'finished',
    now: 0,
    sent: 2,
    total: 2,
    failures: 0,
    outcomes: 2,
    waitingFor: null,
  };

  it('waits through a pause and leaves with 0', async () => {
    const played = await run(
      {
        'POST /replay': [200, { ...status, state: 'playing', sent: 1 }],
        'GET /replay': [
          [200, { ...status, state: 'paused', sent: 1 }],
          [200, status],
        ],
      },
      'replay',
      'd',
    );
    expect(played.status).toBe(0);
    expect(played.stdout).toBe('finished: 2 requests, 2 labels, 0 failures, 1970-01-01 00:00Z\n');
  });

  it('leaves with 1 when a request failed', async () => {
    const failed = await run({ 'POST /replay': [200, { ...status, failures: 1 }] }, 'replay', 'd');
    expect(failed.status).toBe(1);
    expect(failed.stdout).toContain('1 failure,');
  });
});

describe('decisions', () => {
  const decision = { at: 0, sentence: 'promoted' };

  it("mean the project's only endpoint when none is named", async () => {
    const { stdout } = await run(
      { 'GET /endpoints': [200, ['late']], 'POST /endpoints/late/promote': [200, decision] },
      'promote',
    );
    expect(stdout).toBe('1970-01-01 00:00Z  promoted\n');
    expect(server!.asked.at(-1)!.body).toEqual({ reason: 'decided on the command line' });
  });

  it('ask for a name when there is a choice', async () => {
    const { status, stderr } = await run({ 'GET /endpoints': [200, ['a', 'b']] }, 'reject');
    expect(status).toBe(64);
    expect(stderr).toContain('Name the endpoint: a, b');
  });
});

describe('a project that nobody named', () => {
  const ask = async (...projects: string[]) => {
    server = await fakeServer({
      'GET /projects': [200, projects.map(project => ({ project }))],
      'GET /runs': [200, []],
    });
    const result = await runCli('--server', server.url, '--data', scratch, 'runs');
    return { ...result, last: server.asked.at(-1)!.url };
  };

  it("is the server's only one", async () => {
    expect(await ask('p')).toMatchObject({ status: 0, last: '/p/p/api/twinloop/v1/runs' });
  });

  it('is left to the server when there is a default', async () => {
    expect(await ask('default', 'p')).toMatchObject({ status: 0, last: '/api/twinloop/v1/runs' });
  });

  it('is asked for when there is a choice', async () => {
    const { status, stderr } = await ask('p', 'q');
    expect(status).toBe(64);
    expect(stderr).toContain('error usage: There are several projects: p, q\nfield: project\n');
  });
});

it('a server that does not answer is 1, with what to do', async () => {
  const { status, stderr } = await runCli(
    '--server',
    'http://127.0.0.1:1',
    '--data',
    scratch,
    'status',
    '-p',
    'p',
  );
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^error server_unreachable: No answer from http:\/\/127\.0\.0\.1:1\nhint: .*--server/,
  );
});

it('a file that cannot be written is 1, without a stack trace', async () => {
  const { status, stderr } = await run(
    { 'GET /models/late%401/onnx': [200, 'bytes'] },
    'model',
    'export',
    'late@1',
    join(scratch, 'none/late.onnx'),
  );
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^error file_unwritable: .*there is no such file or directory\nfield: .*\nhint: .*\n$/,
  );
});

describe('ledger verify', () => {
  const broken = { ok: false, seq: 7, reason: 'the hash does not hold' } as const;
  const routes = { 'GET /ledger/verify': [200, broken] } as const;

  it('names the first broken entry', async () => {
    const { status, stdout, stderr } = await run(routes, 'ledger', 'verify');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('error ledger_broken: Ledger of p is broken at entry 7: the hash does not hold');
  });

  it('gives the whole result as JSON', async () => {
    const { status, stdout } = await run(routes, 'ledger', 'verify', '-o', 'json');
    expect([status, JSON.parse(stdout)]).toEqual([1, broken]);
  });
});
