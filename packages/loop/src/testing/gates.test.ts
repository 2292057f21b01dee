import { type Row, seededRng, TwinloopError, type Verdict } from '@twinloop/kernel';
import { binaryReport, logLoss, regressionReport } from '@twinloop/stats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GateConfig } from './config.js';
import type { GateContext } from './gate-context.js';
import { judgeGates } from './judge-gates.js';

const rng = seededRng(7);
const N = 400;
const TRUTH = Float64Array.from({ length: N }, () => 0.1 + 0.8 * rng.next());
const LABELS = TRUTH.map(p => (rng.next() < p ? 1 : 0));
/** Scores pulled towards one half: the same ranking, a worse loss. */
const blunted = (share: number): Float64Array => TRUTH.map(p => p + share * (0.5 - p));

function context(change: Partial<GateContext> = {}): GateContext {
  const labels = change.labels ?? LABELS;
  const candidate = change.candidate ?? TRUTH;
  return {
    task: 'binary',
    labels,
    candidate,
    metrics: change.metrics ?? { ...binaryReport(labels, candidate) },
    predict: rows => Float64Array.from(rows, ({ x }) => Number(x)),
    bytes: 1000,
    ...change,
  };
}
const judge = async (gate: GateConfig, change: Partial<GateContext> = {}): Promise<Verdict> =>
  (await judgeGates([gate], context(change)))[0]!;
const first = (length: number): Partial<GateContext> => {
  const labels = LABELS.slice(0, length);
  const candidate = TRUTH.slice(0, length);
  return { labels, candidate, metrics: { ...binaryReport(labels, candidate) } };
};

describe('metric gate', () => {
  const auc = binaryReport(LABELS, TRUTH).auc;

  it.each<[string, GateConfig, Partial<GateContext>, Verdict['status']]>([
    ['above the minimum', { gate: 'metric', metric: 'auc', min: auc - 0.01 }, {}, 'pass'],
    ['exactly the minimum', { gate: 'metric', metric: 'auc', min: auc }, {}, 'pass'],
    ['below the minimum', { gate: 'metric', metric: 'auc', min: auc + 0.001 }, {}, 'fail'],
    ['above the maximum', { gate: 'metric', metric: 'log_loss', max: 0.1 }, {}, 'fail'],
    ['between both', { gate: 'metric', metric: 'log_loss', min: 0.1, max: 0.69 }, {}, 'pass'],
    ['49 rows', { gate: 'metric', metric: 'auc', min: 0.1 }, first(49), 'inconclusive'],
    ['50 rows', { gate: 'metric', metric: 'auc', min: 0.1 }, first(50), 'pass'],
    [
      'one class',
      { gate: 'metric', metric: 'log_loss', max: 9 },
      { labels: LABELS.map(() => 0) },
      'inconclusive',
    ],
    ['an unknown metric', { gate: 'metric', metric: 'lift', min: 0 }, {}, 'inconclusive'],
  ])('%s', async (_case, gate, change, status) => {
    expect((await judge(gate, change)).status).toBe(status);
  });

  it('shows the interval beside the point estimate', async () => {
    const { evidence, reason } = await judge({ gate: 'metric', metric: 'auc', min: 0.55 });
    const [{ value, n, interval, threshold, method }] = evidence as [Verdict['evidence'][0]];
    expect([value, n, threshold]).toEqual([auc, N, 0.55]);
    expect(interval![0]).toBeLessThan(auc);
    expect(interval![1]).toBeGreaterThan(auc);
    expect(method).toContain('DeLong');
    expect(reason).toMatch(
      /^auc is 0\.\d+ \[0\.\d+, 0\.\d+\] over 400 held-out rows, at least 0\.55 is asked$/,
    );
  });

  it('log loss and mean absolute error have an interval too, regression has no classes', async () => {
    const loss = await judge({ gate: 'metric', metric: 'log_loss', max: 1 });
    expect(loss.evidence[0]!.interval).toHaveLength(2);
    const labels = Float64Array.from({ length: 60 }, (_, i) => i);
    const candidate = labels.map(value => value + (value % 2 === 0 ? 1 : -1));
    const { status, evidence } = await judge(
      { gate: 'metric', metric: 'mae', max: 1 },
      { task: 'regression', labels, candidate, metrics: { ...regressionReport(labels, candidate) } },
    );
    expect([status, evidence[0]!.value, evidence[0]!.interval]).toEqual(['pass', 1, [1, 1]]);
  });
});

describe('champion gate', () => {
  const gate: GateConfig = { gate: 'champion', metric: 'log_loss', tolerance: 0.005, confidence: 0.95 };
  const worse = blunted(0.8);

  it('takes the tolerance of a squared error as a share of the champion’s, whatever the unit', async () => {
    const minutes = LABELS.map((_, i) => i % 60);
    const off = (by: number): Float64Array => minutes.map((value, i) => value + (i % 2 === 0 ? by : -by));
    const verdict = (tolerance: number, unit: number): Promise<Verdict> =>
      judge(
        { gate: 'champion', metric: 'squared_error', tolerance, confidence: 0.95 },
        {
          task: 'regression',
          labels: minutes.map(value => value * unit),
          candidate: off(10.5).map(value => value * unit),
          champion: off(10).map(value => value * unit),
          metrics: {},
        },
      );
    // 10.5² is 10.25 % above 10².
    for (const unit of [1, 60, 1 / 60]) {
      expect((await verdict(0.11, unit)).status).toBe('pass');
      expect((await verdict(0.09, unit)).status).toBe('fail');
    }
    const { evidence } = await verdict(0.11, 1);
    expect(evidence[0]!.means).toEqual([100, 110.25]);
    expect(evidence[0]!.threshold).toBeCloseTo(11, 9);
  });

  it('rmse is shown with the root of the interval of its mean', async () => {
    const minutes = LABELS.map((_, i) => i % 60);
    const candidate = minutes.map((value, i) => value + (i % 3) * 6);
    const report = { ...regressionReport(minutes, candidate) };
    const change = { task: 'regression', labels: minutes, candidate, metrics: report } as const;
    const { evidence } = await judge({ gate: 'metric', metric: 'rmse', max: 9 }, change);
    const [low, high] = evidence[0]!.interval!;
    expect(evidence[0]!.value).toBeGreaterThan(low);
    expect(evidence[0]!.value).toBeLessThan(high);
    expect(high - low).toBeLessThan(1.2);
  });

  it('the first model has nobody to beat', async () => {
    const verdict = await judge(gate);
    expect(verdict).toMatchObject({ status: 'pass', evidence: [] });
    expect(verdict.reason).toContain('first model');
  });

  it.each<[string, Float64Array, Float64Array, Verdict['status']]>([
    ['better', TRUTH, worse, 'pass'],
    ['equal', TRUTH, TRUTH, 'pass'],
    ['a little worse, within the noise', blunted(0.15), TRUTH, 'pass'],
    ['plainly worse', worse, TRUTH, 'fail'],
  ])('%s → %s', async (_case, candidate, champion, status) => {
    expect((await judge(gate, { candidate, champion })).status).toBe(status);
  });

  it('judges the paired difference of the loss', async () => {
    const { evidence, reason } = await judge(gate, { candidate: worse, champion: TRUTH });
    const [{ value, n, interval }] = evidence as [Verdict['evidence'][0]];
    expect(value).toBeCloseTo(logLoss(LABELS, worse) - logLoss(LABELS, TRUTH), 12);
    expect(n).toBe(N);
    // Pairing takes out what makes a row hard for both: the interval is far narrower than two separate ones.
    expect(interval![1] - interval![0]).toBeLessThan(0.1);
    expect(reason).toContain("log_loss is worse than the champion's by 0.");
  });

  it('fails exactly when the whole interval lies above the tolerance', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 0.1, noNaN: true }),
        async (share, tolerance) => {
          const { status, evidence } = await judge(
            { ...gate, tolerance },
            { candidate: blunted(share), champion: TRUTH },
          );
          expect(status === 'fail').toBe(evidence[0]!.interval![0] > tolerance);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('49 rows decide nothing', async () => {
    expect((await judge(gate, { ...first(49), champion: worse.slice(0, 49) })).status).toBe('inconclusive');
  });

  it('a loss that single rows do not have cannot be compared', async () => {
    await expect(judge({ ...gate, metric: 'auc' }, { champion: TRUTH })).rejects.toThrowError(
      /not a loss of single rows/,
    );
  });
});

describe('predictions gate', () => {
  const gate: GateConfig = { gate: 'predictions', file: 'tests.yaml' };
  const run = (...tests: NonNullable<GateContext['tests']>[string]): Promise<Verdict> =>
    judge(gate, { tests: { 'tests.yaml': tests } });

  it.each<[string, NonNullable<GateContext['tests']>[string][number], Verdict['status']]>([
    [
      'known, inside',
      { kind: 'known', name: 't', inputs: { x: 0.5 }, expect: { min: 0.5, max: 0.6 } },
      'pass',
    ],
    ['known, below', { kind: 'known', name: 't', inputs: { x: 0.4 }, expect: { min: 0.5 } }, 'fail'],
    ['known, no number', { kind: 'known', name: 't', inputs: { x: 'a' }, expect: { max: 1 } }, 'fail'],
    [
      'invariant',
      { kind: 'invariance', name: 't', inputs: { x: 0.5 }, change: { y: 9 }, tolerance: 0 },
      'pass',
    ],
    [
      'moves either way',
      { kind: 'invariance', name: 't', inputs: { x: 0.5 }, change: { x: 0.3 }, tolerance: 0.1 },
      'fail',
    ],
    [
      'up',
      { kind: 'direction', name: 't', inputs: { x: 0.5 }, change: { x: 0.7 }, expect: 'up', tolerance: 0 },
      'pass',
    ],
    [
      'down instead of up',
      { kind: 'direction', name: 't', inputs: { x: 0.5 }, change: { x: 0.4 }, expect: 'up', tolerance: 0.05 },
      'fail',
    ],
    [
      'a little down',
      {
        kind: 'direction',
        name: 't',
        inputs: { x: 0.5 },
        change: { x: 0.46 },
        expect: 'up',
        tolerance: 0.05,
      },
      'pass',
    ],
    [
      'up instead of down',
      {
        kind: 'direction',
        name: 't',
        inputs: { x: 0.5 },
        change: { x: 0.6 },
        expect: 'down',
        tolerance: 0.05,
      },
      'fail',
    ],
  ])('%s', async (_case, test, status) => {
    expect((await run(test)).status).toBe(status);
  });

  it('tells which tests do not hold, and how', async () => {
    const { reason, evidence } = await run(
      { kind: 'known', name: 'calm morning', inputs: { x: 0.9 }, expect: { max: 0.5 } },
      { kind: 'known', name: 'fine', inputs: { x: 0.1 }, expect: { max: 0.5 } },
    );
    expect(reason).toBe(
      '1 of 2 prediction tests of tests.yaml do not hold: "calm morning" answers 0.9, −∞ to 0.5 is expected',
    );
    expect(evidence[0]).toMatchObject({ value: 1, n: 2 });
  });

  it('a row that the model cannot read is the test’s finding; a bug is not', async () => {
    const refuse = (error: Error) => (): Float64Array => {
      throw error;
    };
    const tests = {
      'tests.yaml': [{ kind: 'known', name: 't', inputs: {} as Row, expect: { max: 1 } } as const],
    };
    const missing = new TwinloopError('input_missing', { values: { input: 'x' } });
    expect((await judge(gate, { tests, predict: refuse(missing) })).reason).toContain('Input x is missing');
    await expect(judge(gate, { tests, predict: refuse(new TypeError('bug')) })).rejects.toThrow(TypeError);
  });

  it('a file that was not supplied is an error, not a pass', async () => {
    await expect(judge(gate)).rejects.toThrowError(/tests\.yaml was not found/);
  });
});

describe('latency and size', () => {
  it.each<[number, Verdict['status']]>([
    [2, 'pass'],
    [2.001, 'fail'],
  ])('p99 of %d ms against 2ms: %s', async (p99, status) => {
    const latency = { p50: 0.1, p99, n: 1000 };
    expect((await judge({ gate: 'latency', p99: '2ms' }, { latency })).status).toBe(status);
  });

  it('a timed figure is marked, and stays out of the reason', async () => {
    const slow = await judge({ gate: 'latency', p99: '2ms' }, { latency: { p50: 0.1, p99: 1.7, n: 1000 } });
    const fast = await judge({ gate: 'latency', p99: '2ms' }, { latency: { p50: 0.01, p99: 0.3, n: 1000 } });
    expect(slow.reason).toBe(fast.reason);
    expect(slow.evidence.every(({ wallTime }) => wallTime === true)).toBe(true);
  });

  it('nothing timed is inconclusive', async () => {
    expect((await judge({ gate: 'latency', p99: '2ms' })).status).toBe('inconclusive');
  });

  it.each<[number, Verdict['status']]>([
    [5_000_000, 'pass'],
    [5_000_001, 'fail'],
  ])('%d bytes against 5MB: %s', async (bytes, status) => {
    expect((await judge({ gate: 'size', max: '5MB' }, { bytes })).status).toBe(status);
  });
});

it('two bounds on one metric are two gates with two names', async () => {
  const verdicts = await judgeGates(
    [
      { gate: 'metric', metric: 'auc', min: 0.1 },
      { gate: 'metric', metric: 'auc', max: 0.2 },
    ],
    context(),
  );
  expect(verdicts.map(({ gate, status }) => [gate, status])).toEqual([
    ['metric auc', 'pass'],
    ['metric auc (2)', 'fail'],
  ]);
});
