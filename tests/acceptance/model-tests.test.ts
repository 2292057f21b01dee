import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TwinloopClient } from '@twinloop/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { root } from '../support/checkout.js';
import { runToEnd, scratch, ServerProcess } from '../support/server-process.js';

vi.setConfig({ hookTimeout: 180_000, testTimeout: 60_000 });

const EXAMPLE = join(root, 'examples/flight-delays');
const PROJECT = 'flight-delays';
const FLIGHT = {
  ...{ origin: 'JFK', dest: 'BOS', carrier: 'B6', sched_dep_time: 700, sched_arr_time: 810, hour: 7 },
  ...{ distance: 187, dow: 2, temp: 39, dewp: 25, humid: 57, wind_speed: 8, precip: 0 },
  ...{ pressure: 1020, visib: 10 },
};

let directory: Awaited<ReturnType<typeof scratch>>;
let server: ServerProcess;
let client: TwinloopClient;
let model: string;
beforeAll(async () => {
  directory = await scratch();
  server = await ServerProcess.start(join(directory.path, 'data'));
  client = server.client({ project: PROJECT });
  const file = await readFile(join(EXAMPLE, 'twinloop.yaml'), 'utf8');
  await client.apply({ file, directory: EXAMPLE, clock: '2013-03-01' });
  const run = await runToEnd(client);
  if (run.status !== 'passed') throw new Error(`the first run ${run.status}:\n${run.log}`);
  model = run.model!;
});
afterAll(async () => {
  await server.kill();
  await directory.remove();
});

/** Asks the endpoint about one flight under an id. */
async function ask(id: string): Promise<void> {
  const inputs = Object.entries(FLIGHT).map(([name, value]) => ({
    name,
    shape: [1],
    datatype: typeof value === 'string' ? 'BYTES' : 'FP64',
    data: [value],
  }));
  const response = await fetch(`${server.url}/p/${PROJECT}/v2/models/late/infer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id, inputs }),
  });
  expect(response.status).toBe(200);
}

describe('a registered model is tested again', () => {
  it('by every gate of the project, with the verdicts of its run', async () => {
    const report = await client.testModel(model);
    const [run] = await client.runs();
    expect(report.status).toBe('pass');
    const told = (verdicts: typeof report.verdicts) =>
      verdicts
        .filter(({ kind }) => kind !== 'latency')
        .map(({ gate, status, reason }) => [gate, status, reason]);
    expect(told(report.verdicts)).toEqual(told(run!.verdicts));
    expect(report.verdicts.map(({ kind }) => kind)).toEqual([
      ...['metric', 'champion', 'bias', 'slices', 'calibration', 'robustness', 'fuzz'],
      ...['predictions', 'latency', 'size'],
    ]);
    expect(report.junit).toContain(`<testsuite name="${model}"`);
  });

  it('by the tests of another file, each at its line in SARIF', async () => {
    const tests = `- kind: invariance
  name: one degree is not news
  rows: 200
  shift: { temp: 1 }
  tolerance: 0.1
  share: 0.95
- kind: known
  name: nobody is ever late
  inputs: ${JSON.stringify(FLIGHT)}
  expect: { max: 0 }
`;
    const report = await client.testModel(model, { tests, file: 'mine.yaml' });
    expect(report.verdicts).toHaveLength(1);
    expect(report.verdicts[0]!.findings).toMatchObject([
      { test: 'nobody is ever late', file: 'mine.yaml', line: 7 },
    ]);
    const sarif = JSON.parse(report.sarif) as { runs: { results: { locations: unknown[] }[] }[] };
    expect(sarif.runs[0]!.results[0]!.locations[0]).toMatchObject({
      physicalLocation: { artifactLocation: { uri: 'mine.yaml' }, region: { startLine: 7 } },
    });
  });

  it('a file that is wrong is told by line', async () => {
    await expect(client.testModel(model, { tests: '- { kind: known, name: a }' })).rejects.toMatchObject({
      code: 'project_invalid',
    });
    await expect(client.testModel('late@nothing')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('from the command line', async () => {
    const main = join(root, 'packages/cli/dist/main.js');
    const twinloop = (...args: string[]): Promise<{ code: number; out: string }> =>
      new Promise(done => {
        const all = [
          main,
          '--server',
          server.url,
          '--data',
          join(directory.path, 'data'),
          '-p',
          PROJECT,
          ...args,
        ];
        execFile(process.execPath, all, (error, out) => {
          done({ code: error === null ? 0 : Number(error.code), out });
        });
      });
    const passed = await twinloop('test', '--file', join(EXAMPLE, 'prediction-tests.yaml'));
    expect(passed.out).toContain('7 prediction tests of prediction-tests.yaml hold');
    expect(passed.code).toBe(0);
    const sarif = join(directory.path, 'run.sarif');
    expect((await twinloop('runs', 'report', 'run-1', '--sarif', sarif)).code).toBe(0);
    expect(JSON.parse(await readFile(sarif, 'utf8'))).toMatchObject({ version: '2.1.0' });
  });
});

describe('a request becomes a test', () => {
  it('that every predictions gate asks, until it is taken back', async () => {
    await ask('strange-1');
    const added = await client.addEdgeTest('late', 'strange-1', { name: 'never late', max: 0.001 });
    expect(added).toMatchObject({
      name: 'never late',
      prediction: 'strange-1',
      test: { expect: { max: 0.001 } },
    });
    expect(await client.edgeTests('late')).toEqual([added]);
    const failed = await client.testModel(model);
    expect(failed.status).toBe('fail');
    expect(failed.verdicts.find(({ kind }) => kind === 'predictions')!.findings![0]!.test).toBe('never late');
    await client.removeEdgeTest('late', 'never late');
    expect((await client.testModel(model)).status).toBe('pass');
    const facts = await client.ledger({ types: ['PredictionTestAdded', 'PredictionTestRemoved'] });
    expect(facts.map(({ type }) => type)).toEqual(['PredictionTestAdded', 'PredictionTestRemoved']);
  });

  it('without a label it asks that the answer stays where it is', async () => {
    const { test } = await client.addEdgeTest('late', 'strange-1');
    const { expect: bounds } = test as { expect: { min: number; max: number } };
    expect(bounds.max - bounds.min).toBeLessThanOrEqual(0.2 + 1e-9);
    expect((await client.testModel(model)).status).toBe('pass');
    await client.removeEdgeTest('late', 'edge case strange-1');
  });

  it.each([
    ['late', 'nobody', 'not_found'],
    ['other', 'strange-1', 'model_not_found'],
  ])('of %s and %s is refused with %s', async (endpoint, id, code) => {
    await expect(client.addEdgeTest(endpoint, id)).rejects.toMatchObject({ code });
    await expect(client.removeEdgeTest(endpoint, id)).rejects.toMatchObject({ code });
  });
});
