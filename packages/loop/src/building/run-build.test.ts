import {
  type ExpectationFinding,
  type Json,
  type ProjectId,
  takeRows,
  TwinloopError,
  type Verdict,
} from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { digest, drifting, request, verdict, World } from './fake-ports.fixture.js';
import { runBuild } from './run-build.js';

describe('a run', () => {
  it('goes from data to a registered model, and says so step by step', async () => {
    const world = new World();
    const { status, model, trained } = await runBuild(world.ports(), request());
    expect(status).toBe('passed');
    expect(world.told()).toEqual([
      'RunStarted',
      'expectations done',
      'leaks done',
      'candidates/flat/30d done',
      'candidates/flat/all done',
      'candidates/rates/30d done',
      'candidates/rates/all done',
      'refit done',
      'gates done',
      'register done',
      'ModelRegistered',
      'RunFinished',
    ]);
    expect(trained).toBe(5);
    expect(model?.model).toMatch(/^late@[0-9a-f]{12}$/);
    expect(world.models.get(model!.model)).toMatchObject({
      algorithm: 'rates',
      run: 'r1',
      parent: null,
      parameters: { window: '30d', seed: 1 },
      signature: { inputs: [{ name: 'x', type: 'number' }] },
    });
    expect(world.blobs.has(model!.blob) && world.blobs.has(model!.onnx!)).toBe(true);
  });

  it('shares its trainers with other projects whose run has the same name, and none gets the model of another', async () => {
    const world = new World();
    const other = new World();
    const ports = world.ports();
    await Promise.all([
      runBuild(ports, request()),
      runBuild(other.ports({ trainers: ports.trainers }), request({ project: 'other' as ProjectId })),
    ]);
    const jobs = [...world.rates.jobs, ...world.flat.jobs];
    expect(jobs.filter(({ id }) => id.startsWith('demo/'))).toHaveLength(5);
    expect(jobs.filter(({ id }) => id.startsWith('other/'))).toHaveLength(5);
  });

  it('chooses the lowest loss on the newest rows: after a change, the short window', async () => {
    const world = new World();
    const { record } = await runBuild(world.ports(), request());
    expect(record.candidates.map(({ name, chosen }) => [name, chosen])).toEqual([
      ['flat/30d', false],
      ['flat/all', false],
      ['rates/30d', true],
      ['rates/all', false],
    ]);
    const loss = Object.fromEntries(record.candidates.map(({ name, metrics }) => [name, metrics.log_loss]));
    // Half of the rows follow x always, the other half four times in five: half the entropy of 0.2 is 0.250 nats.
    expect(loss['rates/30d']).toBeCloseTo(0.25, 2);
    expect(loss['rates/all']).toBeGreaterThan(0.5);
  });

  it('never lets a candidate see a held-out row, and lets the refit see all of its window', async () => {
    const world = new World();
    await runBuild(world.ports(), request());
    const newest = (job: number): number => {
      const column = world.rates.jobs[job]!.table.columns[0]!;
      return column.type === 'string' ? Number.NaN : Math.max(...column.values);
    };
    const start = drifting().columns[0]!.values as Float64Array;
    expect(newest(0)).toBe(start[799]);
    expect(newest(1)).toBe(start[799]);
    expect(newest(2)).toBe(start[999]);
    // Thirty days before the newest row, that row's own instant included: 301 rows of ten a day.
    expect(world.rates.jobs.map(({ table }) => table.rows)).toEqual([301, 800, 301]);
  });

  it('gives the same model when the rows come in another order', async () => {
    const sorted = new World();
    const shuffled = new World();
    const table = drifting();
    const reversed = takeRows(
      table,
      Int32Array.from({ length: table.rows }, (_, i) => table.rows - 1 - i),
    );
    const a = await runBuild(sorted.ports(), request());
    const b = await runBuild(shuffled.ports(), request({ table: reversed }));
    expect(b.model?.hash).toBe(a.model?.hash);
  });
});

it('a run is visible from its start', async () => {
  const world = new World();
  const test = { command: ['npm', 'test'], timeout: '1m' };
  let seen: string | undefined;
  const runCodeTests = async () => {
    seen = world.runs.get('r1')?.status;
    return { passed: true, tests: 1, failures: [], ended: 'exit code 0' };
  };
  await runBuild(world.ports({ runCodeTests }), request({}, { test }));
  expect(seen).toBe('running');
  expect(world.runs.get('r1')).toMatchObject({
    status: 'passed',
    log: expect.stringContaining('rates learns'),
  });
});

describe('the step cache', () => {
  it('a second identical build runs nothing', async () => {
    const world = new World();
    const first = await runBuild(world.ports(), request());
    const fits = world.fits;
    const second = await runBuild(world.ports(), request({ run: 'r2' }));
    expect([world.fits, world.judged, second.trained]).toEqual([fits, 1, 0]);
    expect(second.model).toEqual(first.model);
    expect(second.record.candidates.every(({ cached }) => cached)).toBe(true);
    expect(world.told('r2')).toEqual([
      'RunStarted',
      'expectations cached',
      'leaks cached',
      'candidates/flat/30d cached',
      'candidates/flat/all cached',
      'candidates/rates/30d cached',
      'candidates/rates/all cached',
      'refit cached',
      'gates cached',
      'register cached',
      'RunFinished',
    ]);
    expect(world.facts.filter(({ type }) => type === 'ModelRegistered')).toHaveLength(1);
  });

  it.each<[string, Parameters<typeof request>[0], Parameters<typeof request>[1]]>([
    [
      'data',
      { version: { dataset: 'flights', version: digest('new'), status: 'accepted', findings: [] } },
      {},
    ],
    ['joined data', { sources: { weather: digest('w') } }, {}],
    ['code', { codeDigest: digest('new code') }, {}],
    ['features', { features: { inputs: ['x'], derive: { y: 'x * 2' } } }, {}],
    ['seed', {}, { seed: 2 }],
    ['parameters', {}, { parameters: { flat: { l2: 1 }, rates: { l2: 1 } } }],
  ])('new %s are new fits', async (_what, change, train) => {
    const world = new World();
    await runBuild(world.ports(), request());
    const fits = world.fits;
    const { trained } = await runBuild(world.ports(), request({ run: 'r2', ...change }, train));
    expect(world.fits - fits).toBe(5);
    expect(trained).toBe(5);
  });

  it('a new version of one trainer leaves the other’s fits alone', async () => {
    const world = new World();
    await runBuild(world.ports(), request());
    const fits = world.fits;
    const trainers = new Map([
      ['flat', { version: '2', trainer: world.flat }],
      ['rates', { version: '1', trainer: world.rates }],
    ]);
    await runBuild(world.ports({ trainers }), request({ run: 'r2' }));
    expect(world.fits - fits).toBe(2);
  });

  it('two windows that cover the same rows are one fit', async () => {
    const world = new World();
    const { trained, record } = await runBuild(
      world.ports(),
      request({}, { candidates: { algorithms: ['rates'], windows: ['3650d', 'all'] } }),
    );
    expect([world.fits, trained]).toEqual([2, 2]);
    expect(record.candidates[0]!.metrics).toEqual(record.candidates[1]!.metrics);
  });

  it('a run that a crash cut short goes on where it was, under the same id, with the same facts', async () => {
    const whole = new World();
    await runBuild(whole.ports(), request());

    const world = new World();
    let puts = 0;
    const ports = world.ports();
    const dying = {
      ...ports,
      steps: {
        ...ports.steps,
        put: async (key: Parameters<typeof ports.steps.put>[0], value: Json) => {
          if (++puts > 4) throw new TwinloopError('storage_full', { values: { reason: 'no space' } });
          await ports.steps.put(key, value);
        },
      },
    };
    await expect(runBuild(dying, request())).rejects.toMatchObject({ code: 'storage_full' });
    expect(world.runs.get('r1')?.status).toBe('running');
    expect(world.fits).toBe(3);

    // What the crash took was the result of the third fit; it alone is made again.
    const resumed = await runBuild(world.ports(), request());
    expect(world.fits).toBe(6);
    expect(resumed.trained).toBe(5);
    expect(world.facts).toEqual(whole.facts);
  });
});

describe('what stops a run', () => {
  const finding: ExpectationFinding = {
    rule: 'nulls',
    column: 'temp',
    count: 200,
    rows: 1000,
    severity: 'error',
    message: 'temp: 20 % of 1,000 values are missing, 5 % allowed',
  };

  it('refused data: nothing is trained, and the error names the column', async () => {
    const world = new World();
    const outcome = await runBuild(
      world.ports(),
      request({
        version: {
          dataset: 'flights',
          version: digest('bad'),
          status: 'refused',
          findings: [finding] as unknown as Json,
        },
      }),
    );
    expect(outcome).toMatchObject({
      status: 'refused',
      trained: 0,
      error: { code: 'data_refused', field: 'temp' },
    });
    expect(outcome.error?.details).toEqual([{ field: 'temp', message: finding.message }]);
    expect(world.fits).toBe(0);
    expect(world.told()).toEqual(['RunStarted', 'expectations failed', 'RunFinished']);
  });

  it('a feature that reads the label', async () => {
    const world = new World();
    const outcome = await runBuild(world.ports(), request({ features: { inputs: ['x', 'late'] } }));
    expect(outcome).toMatchObject({ status: 'refused', error: { code: 'feature_leak' } });
    expect(world.fits).toBe(0);
  });

  it('the code’s own tests', async () => {
    const world = new World();
    const test = { command: ['npm', 'test'], timeout: '1m' };
    const red = {
      passed: false,
      tests: 4,
      failures: [{ name: 'splits fairly', message: 'expected 3' }],
      ended: 'exit code 1',
    };
    const outcome = await runBuild(world.ports({ runCodeTests: async () => red }), request({}, { test }));
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'command_failed' } });
    expect(outcome.reason).toContain('1 of 4 tests failed (splits fairly)');
    expect(world.fits).toBe(0);

    let calls = 0;
    const green = async () => {
      calls++;
      return { passed: true, tests: 4, failures: [], ended: 'exit code 0' };
    };
    const passing = world.ports({ runCodeTests: green });
    expect((await runBuild(passing, request({ run: 'r2' }, { test }))).status).toBe('passed');
    expect((await runBuild(passing, request({ run: 'r3' }, { test }))).status).toBe('passed');
    expect(calls).toBe(1);
  });

  it.each<[Verdict['status'], 'fail' | 'pass' | undefined, 'passed' | 'failed']>([
    ['pass', undefined, 'passed'],
    ['fail', undefined, 'failed'],
    ['inconclusive', undefined, 'failed'],
    ['inconclusive', 'pass', 'passed'],
    ['fail', 'pass', 'failed'],
  ])('a gate that says %s (inconclusive: %s) → %s', async (status, inconclusive, expected) => {
    const world = new World();
    const ports = world.ports({ judge: async () => [verdict('pass', 'size'), verdict(status)] });
    const outcome = await runBuild(ports, request({}, inconclusive === undefined ? {} : { inconclusive }));
    expect(outcome.status).toBe(expected);
    expect(outcome.record.verdicts).toHaveLength(2);
    expect(world.facts.filter(({ type }) => type === 'GateJudged')).toHaveLength(2);
    expect(world.models.size).toBe(expected === 'passed' ? 1 : 0);
    expect(outcome.error?.code).toBe(expected === 'passed' ? undefined : 'gate_failed');
  });

  it('a stopped candidate is judged anew next time', async () => {
    const world = new World();
    await runBuild(world.ports({ judge: async () => [verdict('fail')] }), request());
    expect((await runBuild(world.ports(), request({ run: 'r2' }))).status).toBe('passed');
    expect(world.judged).toBe(1);
  });

  it('one candidate that fails leaves the choice to the others; all of them fail the run', async () => {
    const world = new World();
    const one = await runBuild(world.ports(), request({}, { parameters: { rates: { fail: true } } }));
    expect(one.status).toBe('passed');
    expect(one.record.candidates.map(({ name }) => name)).toEqual(['flat/30d', 'flat/all']);
    const all = await runBuild(
      world.ports(),
      request({ run: 'r2' }, { parameters: { rates: { fail: true }, flat: { fail: true } } }),
    );
    expect(all).toMatchObject({ status: 'failed', error: { code: 'training_failed' } });
    expect(all.reason).toContain('it was told to');
  });

  it.each([
    ['an unknown label', { label: 'delay' }, 'dataset_column_missing'],
    ['an unknown time', { time: 'when' }, 'dataset_column_missing'],
    ['a label that is no class', { label: 'at' }, 'invalid_request'],
    ['a single row', { table: takeRows(drifting(), [0]) }, 'training_failed'],
    ['an algorithm that is not declared', { only: 'forest' }, 'invalid_request'],
  ])('%s', async (_what, change, code) => {
    const world = new World();
    const outcome = await runBuild(world.ports(), request(change));
    expect(outcome).toMatchObject({ status: 'failed', error: { code } });
    expect(world.told().at(-1)).toBe('RunFinished');
  });
});

describe('the choice can be told', () => {
  it('first: the declared algorithm opens the service, whatever the hold-out says', async () => {
    const { record } = await runBuild(new World().ports(), request({ firstModel: true }, { first: 'flat' }));
    expect(record.candidates.find(({ chosen }) => chosen)?.algorithm).toBe('flat');
    expect(record.candidates).toHaveLength(4);
    const later = await runBuild(new World().ports(), request({}, { first: 'flat' }));
    expect(later.record.candidates.find(({ chosen }) => chosen)?.algorithm).toBe('rates');
  });

  it('only: the others are not tried', async () => {
    const world = new World();
    await runBuild(world.ports(), request({ only: 'flat' }));
    expect(world.rates.jobs).toHaveLength(0);
  });

  it('in-time: one more fit an algorithm, on the days that do not divide by five', async () => {
    const world = new World();
    const { record, trained } = await runBuild(
      world.ports(),
      request({ inTime: { dayOf: row => Math.floor(row / 10) + 1 } }),
    );
    expect(trained).toBe(7);
    const auc = Object.fromEntries(record.candidates.map(({ name, metrics }) => [name, metrics.in_time_auc]));
    expect(auc['flat/all']).toBe(0.5);
    expect(auc['rates/all']).toBe(auc['rates/30d']);
    expect(auc['rates/all']).toBeGreaterThan(0.5);
  });
});

it('facts hold no wall time: a slow machine tells the same story', async () => {
  const fast = new World();
  const slow = new World();
  await runBuild(fast.ports(), request());
  const ports = slow.ports();
  await runBuild(
    { ...ports, judge: async c => (await new Promise(setImmediate), ports.judge(c)) },
    request(),
  );
  expect(slow.facts).toEqual(fast.facts);
});

it('the declared time passes before the end is recorded', async () => {
  const world = new World();
  const passTime = async (): Promise<void> => {
    world.time += 20 * 60_000;
  };
  await runBuild(world.ports({ passTime }), request());
  const at = (type: string): number => world.facts.find(entry => entry.type === type)!.at;
  expect(at('RunFinished') - at('RunStarted')).toBe(20 * 60_000);
  expect(at('ModelRegistered')).toBe(at('RunFinished'));
});
