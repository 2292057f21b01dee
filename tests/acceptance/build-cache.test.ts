import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallYaml, writeSmallProject, type SmallProject } from '../support/small-project.js';
import { runToEnd, scratch, ServerProcess } from '../support/server-process.js';

let directory: Awaited<ReturnType<typeof scratch>>;
let server: ServerProcess;
let project: SmallProject;
beforeAll(async () => {
  directory = await scratch();
  project = await writeSmallProject(join(directory.path, 'project'));
  server = await ServerProcess.start(join(directory.path, 'data'));
  await server.client().apply({ file: project.text, directory: project.directory });
});
afterAll(async () => {
  await server.kill();
  await directory.remove();
});

describe('the build cache', () => {
  it('runs every step once; a second identical run runs nothing and comes to the same model', async () => {
    const report = join(directory.path, 'report.xml');
    const first = await server.cli(['run', '-o', 'json', '--junit', report]);
    expect(first.code).toBe(0);
    const done = JSON.parse(first.stdout) as { steps: { step: string; status: string }[]; model: string };
    expect(done.steps.map(({ step }) => step)).toEqual(
      expect.arrayContaining(['expectations', 'leaks', 'refit', 'register']),
    );
    expect(new Set(done.steps.map(({ status }) => status))).toEqual(new Set(['done']));

    const second = await server.cli(['run', '-o', 'json']);
    expect(second.code).toBe(0);
    const again = JSON.parse(second.stdout) as typeof done;
    expect(again.model).toBe(done.model);
    const fits = again.steps.filter(({ step }) => /^(candidates|refit|expectations|leaks)/.test(step));
    expect(fits.length).toBeGreaterThan(3);
    expect(new Set(fits.map(({ status }) => status))).toEqual(new Set(['cached']));
    const finished = await server.client().ledger({ types: ['RunFinished'] });
    expect(finished.map(({ payload }) => (payload as { trained: number }).trained)).toEqual([
      expect.any(Number),
      0,
    ]);
    expect((finished[0]!.payload as { trained: number }).trained).toBeGreaterThan(0);
  });

  it('writes the gates as JUnit XML', async () => {
    const xml = await readFile(join(directory.path, 'report.xml'), 'utf8');
    expect(xml).toMatch(/^<\?xml version="1\.0"/);
    expect(xml).toMatch(/<testsuite[^>]* tests="3" failures="0"/);
    expect(xml).toContain('auc');
  });

  it('another parameter is another fit', async () => {
    const file = project.text.replace('takes: 6h', 'takes: 6h\n  seed: 2');
    await server.client().apply({ file, directory: project.directory });
    const { steps } = await runToEnd(server.client());
    expect(steps.find(({ step }) => step === 'refit')).toMatchObject({ status: 'done' });
    expect(steps.find(({ step }) => step === 'expectations')).toMatchObject({ status: 'cached' });
  });
});

describe('a planted leak', () => {
  it.each([
    ['the label itself', { inputs: '[origin, hour, late]' }, /late/],
    ['the time at which the label is known', { inputs: '[origin, hour, landed]' }, /landed/],
    ['an expression over it', { inputs: '[origin, hour]\n  derive: { delay: late * 2 }' }, /delay|late/],
  ])('%s fails the build', async (_what, options, named) => {
    const name = `leak-${Math.abs([...options.inputs].reduce((sum, c) => sum * 31 + c.charCodeAt(0), 7) % 1e6)}`;
    await server.client({ project: name }).apply({
      file: smallYaml({ project: name, ...options }),
      directory: project.directory,
    });
    const { code, stdout } = await server.cli(['--project', name, 'run', '-o', 'json']);
    expect(code).toBe(1);
    const run = JSON.parse(stdout) as { status: string; model: string | null; log: string; steps: object[] };
    expect(run).toMatchObject({ status: 'refused', model: null });
    expect(run.steps).toContainEqual(
      expect.objectContaining({ step: 'leaks', status: 'failed', summary: expect.stringMatching(named) }),
    );
    expect(run.log).toContain('knows the future');
    expect((await server.client({ project: name }).status()).endpoint?.champion ?? null).toBeNull();
  });
});

it('a gate that fails is exit code 1 and a failed case in the JUnit file', async () => {
  const own = await writeSmallProject(join(directory.path, 'strict'), {
    project: 'strict',
    gates: '  - { gate: metric, metric: auc, min: 0.999 }',
  });
  await writeFile(own.file, own.text);
  await server.client({ project: 'strict' }).apply({ file: own.text, directory: own.directory });
  const report = join(directory.path, 'strict.xml');
  const { code } = await server.cli(['--project', 'strict', 'run', '--junit', report]);
  expect(code).toBe(1);
  expect(await readFile(report, 'utf8')).toMatch(/failures="1"[\s\S]*<failure/);
});
