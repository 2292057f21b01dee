import type { Row } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import type { GateConfig } from './config.js';
import type { ClassAnswer, GateContext } from './gate-context.js';
import { judgeGates } from './judge-gates.js';
import type { PredictionTest } from './predictions/prediction-test.js';

const names = ['access', 'billing', 'outage'];
/** Sixty rows of each class; the first nine of each are taken for the next class. */
const truth = Float64Array.from({ length: 180 }, (_, i) => Math.floor(i / 60));
const predicted = truth.map((one, i) => (i % 60 < 9 ? (one + 1) % 3 : one));

const answer = (access: number, billing: number): ClassAnswer =>
  new Map([
    ['access', access],
    ['billing', billing],
    ['outage', 1 - access - billing],
  ]);

function context(more: Partial<GateContext> = {}): GateContext {
  return {
    task: 'multiclass',
    labels: new Float64Array(180).fill(1),
    candidate: predicted.map((one, i) => (one === truth[i] ? 0.8 : 0.1)),
    classes: { names, truth, predicted },
    metrics: { n: 180, log_loss: 0.53, accuracy: 0.85, macro_f1: 0.85, 'recall/billing': 0.85 },
    predict: () => new Float64Array(0),
    predictClasses: rows =>
      rows.map(({ word }) => (word === 'invoice' ? answer(0.1, 0.7) : answer(0.4, 0.35))),
    bytes: 1,
    ...more,
  };
}
const judge = async (gate: GateConfig, more: Partial<GateContext> = {}) =>
  (await judgeGates([gate], context(more)))[0]!;

describe('metric gates of several classes', () => {
  it('judge the share that is right, with the interval of a share', async () => {
    const verdict = await judge({ gate: 'metric', metric: 'accuracy', min: 0.8 });
    expect(verdict).toMatchObject({ gate: 'metric accuracy', status: 'pass' });
    // Wilson for 153 of 180, as statsmodels' proportion_confint(method="wilson") gives it.
    expect(verdict.evidence[0]!.interval![0]).toBeCloseTo(0.7907, 3);
    expect(verdict.evidence[0]!.interval![1]).toBeCloseTo(0.8947, 3);
  });

  it('judge the recall of one class on its own rows', async () => {
    const verdict = await judge({ gate: 'metric', metric: 'recall', class: 'billing', min: 0.9 });
    expect(verdict).toMatchObject({ gate: 'metric recall of billing', status: 'fail' });
    expect(verdict.evidence[0]).toMatchObject({ statistic: 'recall of billing', n: 60 });
  });

  it('say nothing of a class that nobody knows, or when all rows are of one', async () => {
    const ghost = await judge({ gate: 'metric', metric: 'recall', class: 'ghost', min: 0.1 });
    expect(ghost.status).toBe('inconclusive');
    const one = { names, truth: truth.map(() => 0), predicted };
    const alone = await judge({ gate: 'metric', metric: 'macro_f1', min: 0.1 }, { classes: one });
    expect(alone.status).toBe('inconclusive');
  });

  it('compare with the champion by −log of what was given to the class that came', async () => {
    const gate = { gate: 'champion', metric: 'log_loss', tolerance: 0, confidence: 0.95 } as const;
    const better = await judge(gate, { champion: new Float64Array(180).fill(0.5) });
    expect(better.evidence[0]!.value).toBeCloseTo(
      (153 * -Math.log(0.8) + 27 * -Math.log(0.1)) / 180 + Math.log(0.5),
      12,
    );
    expect((await judge(gate, { champion: new Float64Array(180).fill(0.95) })).status).toBe('fail');
  });
});

describe('prediction tests of several classes', () => {
  const inputs: Row = { word: 'invoice' };
  const told = (test: PredictionTest, more: Partial<GateContext> = {}) =>
    judge({ gate: 'predictions', file: 't' }, { tests: { t: [test] }, ...more });

  it.each<[string, PredictionTest, string | undefined]>([
    ['the class', { kind: 'known', name: 'n', inputs, expect: { class: 'billing', min: 0.6 } }, undefined],
    [
      'another class',
      { kind: 'known', name: 'n', inputs, expect: { class: 'access' } },
      'answers billing (0.7), access is expected',
    ],
    ['too sure', { kind: 'known', name: 'n', inputs, expect: { max: 0.5 } }, 'answers 0.7'],
    [
      'no matter',
      { kind: 'invariance', name: 'n', inputs, change: { word: 'x' }, tolerance: 0.36 },
      undefined,
    ],
    [
      'a matter',
      { kind: 'invariance', name: 'n', inputs, change: { word: 'x' }, tolerance: 0.1 },
      'moves by 0.35',
    ],
    [
      'up',
      {
        kind: 'direction',
        name: 'n',
        inputs: {},
        change: inputs,
        class: 'billing',
        expect: 'up',
        tolerance: 0,
      },
      undefined,
    ],
    [
      'not down',
      {
        kind: 'direction',
        name: 'n',
        inputs: {},
        change: inputs,
        class: 'billing',
        expect: 'down',
        tolerance: 0,
      },
      'rises by 0.35',
    ],
    [
      'of no class',
      { kind: 'direction', name: 'n', inputs, change: {}, expect: 'up', tolerance: 0 },
      'names no class; known are access, billing, outage',
    ],
    [
      'of a ghost',
      { kind: 'direction', name: 'n', inputs, change: {}, class: 'ghost', expect: 'up', tolerance: 0 },
      'is about ghost',
    ],
  ])('%s', async (_, test, complaint) => {
    const { status, reason } = await told(test);
    expect(status).toBe(complaint === undefined ? 'pass' : 'fail');
    if (complaint !== undefined) expect(reason).toContain(complaint);
  });

  it('that expect a class of a model of one score do not hold', async () => {
    const { classes: _, predictClasses: __, ...single } = context();
    const test: PredictionTest = { kind: 'known', name: 'n', inputs, expect: { class: 'billing' } };
    const [verdict] = await judgeGates([{ gate: 'predictions', file: 't' }], {
      ...single,
      tests: { t: [test] },
    });
    expect(verdict!.reason).toContain('the model gives one score');
  });
});
