import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runToEnd, scratch, ServerProcess } from '../support/server-process.js';
import { writeSmallProject, type SmallOptions, type SmallProject } from '../support/small-project.js';

let directory: Awaited<ReturnType<typeof scratch>>;
let server: ServerProcess;
beforeAll(async () => {
  directory = await scratch();
  server = await ServerProcess.start(join(directory.path, 'data'));
});
afterAll(async () => {
  await server.kill();
  await directory.remove();
});

async function project(name: string, options: SmallOptions): Promise<SmallProject> {
  return writeSmallProject(join(directory.path, name), { project: name, ...options });
}

const NUMBERS = '[hour, temp, humid]';
const COMMAND = `  candidates: { algorithms: [command], windows: [all] }
  command: { run: [node, train.mjs], timeout: 30s }`;

describe('a trainer of one’s own', () => {
  it('that writes an ONNX file: it is judged, served, and the command saw the table and the job', async () => {
    const donor = await project('donor', { inputs: NUMBERS });
    await server.client({ project: 'donor' }).apply({ file: donor.text, directory: donor.directory });
    const { model } = await runToEnd(server.client({ project: 'donor' }));
    const onnx = await server.client({ project: 'donor' }).onnx(model!);

    const own = await project('own', { inputs: NUMBERS, train: COMMAND });
    await writeFile(join(own.directory, 'model.onnx'), onnx);
    await writeFile(
      join(own.directory, 'train.mjs'),
      `import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
const { TWINLOOP_TRAIN, TWINLOOP_MODEL, TWINLOOP_METRICS, TWINLOOP_JOB, SECRET } = process.env;
const job = JSON.parse(TWINLOOP_JOB);
console.log('label', job.label, readFileSync(TWINLOOP_TRAIN).subarray(0, 4).toString(), 'secret', SECRET);
copyFileSync('model.onnx', TWINLOOP_MODEL);
writeFileSync(TWINLOOP_METRICS, JSON.stringify({ epochs: 3 }));
`,
    );
    const client = server.client({ project: 'own' });
    await client.apply({ file: own.text, directory: own.directory });
    const run = await runToEnd(client);
    expect(run, run.log).toMatchObject({ status: 'passed' });
    expect(run.log).toContain('label late PAR1 secret undefined');

    const body = JSON.stringify({
      inputs: [
        { name: 'hour', datatype: 'INT64', shape: [2], data: [7, 20] },
        { name: 'temp', datatype: 'FP64', shape: [2], data: [30, 40] },
        { name: 'humid', datatype: 'FP64', shape: [2], data: [50, 60] },
      ],
    });
    const [theirs, ours] = await Promise.all(
      ['donor', 'own'].map(async name => {
        const answer = await fetch(`${server.url}/p/${name}/v2/models/late/infer`, { method: 'POST', body });
        expect(answer.status).toBe(200);
        const { outputs } = (await answer.json()) as { outputs: [{ data: number[] }] };
        return outputs[0].data;
      }),
    );
    expect(ours).toHaveLength(2);
    ours!.forEach((score, i) => expect(score).toBeCloseTo(theirs![i]!, 6));
  });

  it.each([
    [
      'rubbish',
      `writeFileSync(process.env.TWINLOOP_MODEL, 'not a model');`,
      /is not a model that can be served/,
    ],
    [
      'half a document',
      `writeFileSync(process.env.TWINLOOP_MODEL, '{"format":"twinloop-model/1"');`,
      /is not a model that can be served/,
    ],
    ['nothing', '', /wrote no model/],
    ['an error', `console.log('bad luck'); process.exit(3);`, /exit code 3/],
  ])('that writes %s fails the run, and nothing is served', async (what, script, reason) => {
    const name = `bad-${what.split(' ')[0]}`;
    const own = await project(name, { inputs: NUMBERS, train: COMMAND });
    await writeFile(
      join(own.directory, 'train.mjs'),
      `import { writeFileSync } from 'node:fs';\n${script}\n`,
    );
    const client = server.client({ project: name });
    await client.apply({ file: own.text, directory: own.directory });
    const run = await runToEnd(client);
    expect(run).toMatchObject({ status: 'failed', model: null });
    const [finished] = await client.ledger({ types: ['RunFinished'] });
    expect((finished!.payload as { reason: string }).reason).toMatch(reason);
    expect((await client.status()).endpoint?.champion ?? null).toBeNull();
  });
});

describe('the project’s own code tests', () => {
  const TESTED = `  candidates: { algorithms: [linear], windows: [all] }
  test: { command: [node, test.mjs], junit: report.xml, timeout: 30s }`;
  const script = (failing: boolean): string => `import { writeFileSync } from 'node:fs';
const bad = ${failing} ? '<failure message="off by one"/>' : '';
writeFileSync('report.xml', \`<testsuite name="code" tests="2" time="\${performance.now()}"><testcase name="rounds"/><testcase name="encodes">\${bad}</testcase></testsuite>\`);
`;
  let own: SmallProject;
  const client = () => server.client({ project: 'tested' });
  beforeAll(async () => {
    own = await project('tested', { train: TESTED });
    await writeFile(join(own.directory, 'test.mjs'), script(true));
    await client().apply({ file: own.text, directory: own.directory });
  });

  it('stop the run when one fails, by its name', async () => {
    const run = await runToEnd(client());
    expect(run).toMatchObject({ status: 'failed', model: null });
    expect(run.steps.at(-1)).toMatchObject({ step: 'code-tests', status: 'failed' });
    expect(run.steps.at(-1)!.summary).toContain('1 of 2 tests failed (encodes)');
  });

  it('let it go on when they pass', async () => {
    await writeFile(join(own.directory, 'test.mjs'), script(false));
    const run = await runToEnd(client());
    expect(run).toMatchObject({ status: 'passed' });
    expect(run.steps).toContainEqual(
      expect.objectContaining({ step: 'code-tests', status: 'done', summary: '2 tests passed' }),
    );
  });

  it('are not run again for the same code: the report that they wrote is no source', async () => {
    const run = await runToEnd(client());
    expect(run.steps).toContainEqual(expect.objectContaining({ step: 'code-tests', status: 'cached' }));
    expect(run.steps).toContainEqual(expect.objectContaining({ step: 'refit', status: 'cached' }));
  });

  it('that leave no report have failed', async () => {
    await rm(join(own.directory, 'report.xml'));
    await writeFile(join(own.directory, 'test.mjs'), '// forgot to write it\n');
    const run = await runToEnd(client());
    expect(run.steps.at(-1)!.summary).toContain('report.xml was not written');
  });
});

describe('a project that runs programs', () => {
  it('is applied and run only by who holds the data directory’s token', async () => {
    const own = await project('guarded', { inputs: NUMBERS, train: COMMAND });
    const stranger = server.client({ project: 'guarded', token: false });
    const refused = { status: 403, code: 'token_required' };
    await expect(stranger.apply({ file: own.text, directory: own.directory })).rejects.toMatchObject(refused);
    expect((await server.client().projects()).map(known => known.project)).not.toContain('guarded');

    await server.client({ project: 'guarded' }).apply({ file: own.text, directory: own.directory });
    await expect(stranger.startRun({ reason: 'just so' })).rejects.toMatchObject(refused);
    await expect(
      server.client({ project: 'guarded', token: false, key: 'tlk_0_0' }).startRun({ reason: 'just so' }),
    ).rejects.toMatchObject({ status: 401 });
  });
});
