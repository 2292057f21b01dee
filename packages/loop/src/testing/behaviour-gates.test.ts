import { columnOf, type Row, seededRng, type Table, type Verdict } from '@twinloop/kernel';
import { binaryReport, regressionReport } from '@twinloop/stats';
import { describe, expect, it } from 'vitest';
import type { BiasGate, CalibrationGate, GateConfig, RobustnessGate, SlicesGate } from './config.js';
import type { GateContext } from './gate-context.js';
import { judgeGates } from './judge-gates.js';

const N = 1200;
const rng = seededRng(3);
const origin = Array.from({ length: N }, (_, i) => ['JFK', 'LGA', 'EWR'][i % 3]!);
const carrier = Array.from({ length: N }, (_, i) => ['DL', 'UA'][Math.floor(i / 3) % 2]!);
const temp = Float64Array.from({ length: N }, () => 20 + 60 * rng.next());
const P = temp.map(value => 1 / (1 + Math.exp(-(value - 50) / 8)));
const labels = P.map(p => (rng.next() < p ? 1 : 0));

const rows: Table = {
  rows: N,
  columns: [
    { name: 'origin', type: 'string', values: origin },
    { name: 'carrier', type: 'string', values: carrier },
    { name: 'temp', type: 'number', values: temp },
  ],
};
/** What the data says: warm days are late. A missing temperature is taken for 50. */
const score = (value: number | null): number =>
  1 / (1 + Math.exp(-((value === null || Number.isNaN(value) ? 50 : value) - 50) / 8));
const ask = (asked: Table): Float64Array => {
  const column = columnOf(asked, 'temp')!;
  return Float64Array.from(column.values as Float64Array, score);
};
const scoreRow = (row: Row): number => score(typeof row['temp'] === 'number' ? row['temp'] : null);

function context(change: Partial<GateContext> = {}): GateContext {
  const candidate = change.candidate ?? P;
  return {
    task: 'binary',
    labels,
    candidate,
    metrics: { ...binaryReport(labels, candidate) },
    predict: asked => Float64Array.from(asked, scoreRow),
    bytes: 1,
    held: { rows, width: 1, ask },
    served: {
      inputs: [
        { name: 'origin', type: 'string' },
        { name: 'temp', type: 'number' },
      ],
      one: row => Float64Array.of(scoreRow(row)),
      many: asked => Float64Array.from(asked, scoreRow),
    },
    ...change,
  };
}
const judge = async (gate: GateConfig, change: Partial<GateContext> = {}): Promise<Verdict> =>
  (await judgeGates([gate], context(change)))[0]!;

describe('bias gate', () => {
  const gate: BiasGate = {
    gate: 'bias',
    metric: 'equal_opportunity',
    attributes: ['origin'],
    max: 0.2,
    threshold: 0.5,
    minGroup: 30,
    decide: 'interval',
    confidence: 0.95,
  };
  /** LGA is hardly ever said to be late. */
  const unfair = P.map((p, i) => (origin[i] === 'LGA' ? p * 0.45 : p));

  it('passes where all groups are treated alike, with the interval within the limit', async () => {
    const verdict = await judge(gate);
    expect(verdict).toMatchObject({ status: 'pass', kind: 'bias', gate: 'bias equal_opportunity by origin' });
    expect(verdict.evidence[0]!.interval![1]).toBeLessThan(0.2);
  });

  it('fails where one group is not, and names the two that are furthest apart', async () => {
    const { status, reason } = await judge(gate, { candidate: unfair });
    expect(status).toBe('fail');
    expect(reason).toMatch(/true positive rate is 0\.\d+ in (EWR|JFK) and 0 in LGA: difference 0\.\d+ \[/);
  });

  it('judges a ratio when a minimum is asked (four fifths)', async () => {
    const { max: _, ...rest } = gate;
    const four = { ...rest, metric: 'demographic_parity_ratio', min: 0.8 };
    expect((await judge({ ...four, decide: 'estimate' })).status).toBe('pass');
    expect((await judge({ ...four, decide: 'estimate' }, { candidate: unfair })).status).toBe('fail');
  });

  it('is inconclusive between, and says so; harm lets it pass', async () => {
    const close = { ...gate, max: 0.05 };
    expect((await judge(close)).status).toBe('inconclusive');
    expect((await judge({ ...close, decide: 'harm' })).status).toBe('pass');
  });

  it('crosses attributes, names groups that are too small, and does not compare them', async () => {
    const few = carrier.map((one, i) => (i < 9 ? 'XX' : one));
    const held = {
      rows: {
        rows: N,
        columns: [rows.columns[0]!, { name: 'carrier', type: 'string' as const, values: few }],
      },
      width: 1,
      ask,
    };
    const { reason, evidence } = await judge({ ...gate, attributes: ['origin', 'carrier'] }, { held });
    expect(reason).toContain('too small to compare (fewer than 30 rows): EWR × XX, JFK × XX, LGA × XX');
    expect(evidence[0]!.method).toContain('6 groups');
  });

  it('an attribute that is no column of the data is an error that names the columns', async () => {
    await expect(judge({ ...gate, attributes: ['sex'] })).rejects.toThrowError(/Column sex is missing/);
  });

  it('of a regression any error is compared', async () => {
    const predictions = temp.map((value, i) => value + (origin[i] === 'LGA' ? 12 : 1) * (i % 2 ? 1 : -1));
    const regression = { task: 'regression', labels: temp, candidate: predictions } as const;
    const metrics = { ...regressionReport(temp, predictions) };
    const { status, evidence } = await judge({ ...gate, metric: 'mae', max: 5 }, { ...regression, metrics });
    expect([status, evidence[0]!.value]).toEqual(['fail', expect.closeTo(11, 6)]);
  });
});

describe('slices gate', () => {
  const gate: SlicesGate = {
    gate: 'slices',
    against: 'champion',
    by: ['origin'],
    metric: 'log_loss',
    tolerance: 0.02,
    minRows: 50,
    decide: 'harm',
    confidence: 0.95,
  };
  const worseFor = (where: string): Float64Array => P.map((p, i) => (origin[i] === where ? 1 - p : p));

  it('passes a candidate that is as good everywhere', async () => {
    expect(await judge(gate, { champion: P })).toMatchObject({ status: 'pass', gate: 'slices by origin' });
  });

  it('fails one that is worse in one slice, and names it first', async () => {
    const { status, reason, evidence } = await judge(gate, { champion: P, candidate: worseFor('LGA') });
    expect(status).toBe('fail');
    expect(reason).toMatch(/^origin LGA: its mean log_loss lies \d\.\d+ above the champion's/);
    expect(evidence[0]!.statistic).toBe("log_loss of origin LGA against the champion's");
  });

  it('has nobody to compare with at first', async () => {
    expect((await judge(gate)).reason).toContain('first model');
  });

  it('compares with all rows when asked', async () => {
    const overall = { ...gate, against: 'overall' } as const;
    expect((await judge(overall)).status).toBe('pass');
    expect((await judge(overall, { candidate: worseFor('EWR') })).reason).toContain('origin EWR');
  });

  it('finds the slice that nobody declared', async () => {
    const { by: _, ...search } = gate;
    const found = await judge(search, { champion: P, candidate: worseFor('LGA') });
    expect(found).toMatchObject({ status: 'fail', gate: 'slices found' });
    expect(found.reason).toMatch(/^origin LGA.*: its mean log_loss lies/);
    expect(found.evidence.every(({ statistic }) => statistic.includes('origin LGA'))).toBe(true);
    const none = await judge(search, { champion: P });
    expect(none).toMatchObject({ status: 'pass', reason: expect.stringContaining('slices stands out') });
  });

  it('of few rows new to the champion leaves the word to the rollout', async () => {
    const { status, reason } = await judge(gate, { compared: { fresh: 12, needed: 200 } });
    expect([status, reason]).toEqual(['pass', expect.stringContaining('only 12 held-out rows are new')]);
  });
});

describe('robustness gate', () => {
  const gate: RobustnessGate = {
    gate: 'robustness',
    metric: 'log_loss',
    noise: 0.1,
    missing: true,
    unseen: true,
    loss: 0.5,
    flips: 0.6,
    rows: 500,
    decide: 'interval',
    confidence: 0.95,
  };

  it('tries noise, each input missing and each text unseen, and tells the worst', async () => {
    const { status, evidence, reason } = await judge(gate);
    expect(status).toBe('pass');
    expect(reason).toMatch(/^of 4 perturbations the worst: with temp missing/);
    const told = evidence.map(({ statistic }) => statistic);
    expect(told).toContain('rise of log_loss, noise of 0.1 standard deviations');
    expect(told).toContain('answers that change sides, temp missing');
  });

  it('fails where a missing column costs more than it may', async () => {
    const { status, reason } = await judge({ ...gate, loss: 0.01, flips: 0.05 });
    expect(status).toBe('fail');
    expect(reason).toContain('with temp missing');
  });

  it('a column that the model does not read costs nothing', async () => {
    const { evidence } = await judge({ ...gate, noise: 0, flips: 0.5 });
    const origins = evidence.filter(({ statistic }) => statistic.includes('origin'));
    expect(origins.every(({ value }) => value === 0)).toBe(true);
  });

  it('tries a mistaken unit when asked', async () => {
    const { evidence } = await judge({
      ...gate,
      missing: false,
      unseen: false,
      noise: 0,
      scale: 1.8,
      loss: 0.01,
    });
    expect(evidence[0]!.statistic).toBe('rise of log_loss, temp times 1.8');
  });
});

describe('calibration gate', () => {
  const gate: CalibrationGate = {
    gate: 'calibration',
    ece: { max: 0.06 },
    slope: { min: 0.7, max: 1.4 },
    intercept: { min: -0.35, max: 0.35 },
    decide: 'interval',
    confidence: 0.95,
  };
  const logit = (p: number): number => Math.log(p / (1 - p));
  const moved = (slope: number, shift: number): Float64Array =>
    P.map(p => 1 / (1 + Math.exp(-(slope * logit(p) + shift))));

  it('passes the true probabilities', async () => {
    expect((await judge(gate)).status).toBe('pass');
  });

  it.each<[string, Float64Array, string]>([
    ['twice too sure', moved(2, 0), 'calibration slope'],
    ['too high by 1.5 in the log-odds', moved(1, 1.5), 'calibration intercept'],
  ])('fails probabilities that are %s', async (_case, candidate, what) => {
    const { status, reason } = await judge(gate, { candidate });
    expect(status).toBe('fail');
    expect(reason).toContain(what);
  });

  it('recovers slope and shift', async () => {
    const { evidence } = await judge({ ...gate, decide: 'estimate' }, { candidate: moved(2, 0) });
    const slope = evidence.find(({ statistic }) => statistic === 'calibration slope')!;
    expect(slope.interval![0]).toBeLessThan(0.5);
    expect(slope.interval![1]).toBeGreaterThan(0.5);
  });

  it('of several classes looks at the likeliest one', async () => {
    const truth = Float64Array.from({ length: N }, (_, i) => i % 3);
    const sure = (hit: number): Float64Array =>
      Float64Array.from({ length: N * 3 }, (_, at) => {
        const row = Math.floor(at / 3);
        return at % 3 === (truth[row]! + (row % 10 < 7 ? 0 : 1)) % 3 ? hit : (1 - hit) / 2;
      });
    const several = (hit: number): Partial<GateContext> => ({
      task: 'multiclass',
      labels: new Float64Array(N).fill(1),
      classes: {
        names: ['a', 'b', 'c'],
        truth,
        predicted: truth.map((one, row) => (one + (row % 10 < 7 ? 0 : 1)) % 3),
      },
      held: { rows, width: 3, ask: () => sure(hit) },
    });
    const only: CalibrationGate = { ...gate, slope: undefined, intercept: undefined };
    expect((await judge(only, several(0.7))).status).toBe('pass');
    expect((await judge(only, several(0.95))).status).toBe('fail');
  });

  it('of a regression judges slope and mean error', async () => {
    const exact = { task: 'regression', labels: temp, metrics: {} } as const;
    const asked: CalibrationGate = {
      gate: 'calibration',
      slope: { min: 0.9, max: 1.1 },
      intercept: { min: -0.1, max: 0.1 },
      decide: 'interval',
      confidence: 0.95,
    };
    const noise = temp.map((value, i) => value + (i % 2 ? 3 : -3));
    expect((await judge(asked, { ...exact, candidate: noise })).status).toBe('pass');
    const wide = temp.map(value => 50 + 1.5 * (value - 50));
    expect((await judge(asked, { ...exact, candidate: wide })).reason).toContain('calibration slope 0.667');
    const off = temp.map(value => value + 10);
    expect((await judge(asked, { ...exact, candidate: off })).status).toBe('fail');
  });
});

describe('prediction tests over held-out rows and tables', () => {
  const gate: GateConfig = { gate: 'predictions', file: 't' };
  const told = (test: NonNullable<GateContext['tests']>[string][number]): Promise<Verdict> =>
    judge(gate, { tests: { t: [{ ...test, line: 7 }] } });

  it('an invariance holds for a share of the rows', async () => {
    const origins = {
      kind: 'invariance',
      name: 'origin',
      rows: 200,
      change: { origin: 'BOS' },
      tolerance: 0,
    } as const;
    expect((await told(origins)).status).toBe('pass');
    const warm = {
      kind: 'invariance',
      name: 'warm',
      rows: 200,
      shift: { temp: 5 },
      tolerance: 0.05,
      share: 0.99,
    } as const;
    const { status, findings } = await told(warm);
    expect(status).toBe('fail');
    expect(findings![0]).toMatchObject({ test: 'warm', file: 't', line: 7 });
    expect(findings![0]!.message).toMatch(
      /^holds for \d+(\.\d)? % of 200 held-out rows, 99 % is asked; one of them moves by/,
    );
  });

  it('a direction holds over a sample', async () => {
    const warmer = { kind: 'direction', name: 'n', rows: 300, shift: { temp: 10 }, tolerance: 0 } as const;
    expect((await told({ ...warmer, expect: 'up' })).status).toBe('pass');
    expect((await told({ ...warmer, expect: 'down' })).status).toBe('fail');
  });

  it('each row of a table is a known case', async () => {
    const cases = [
      { inputs: { origin: 'JFK', temp: 50 }, expected: 0.5, row: 1 },
      { inputs: { origin: 'JFK', temp: 90 }, expected: 0.5, row: 2 },
    ];
    const golden = {
      kind: 'golden',
      name: 'n',
      each: 'g.csv',
      expected: 'expected',
      tolerance: 0.01,
      cases,
    } as const;
    expect((await told(golden)).reason).toContain(
      'does not hold for 1 of 2 cases of g.csv: row 2 answers 0.993, 0.49 to 0.51 is expected',
    );
    expect((await told({ ...golden, cases: cases.slice(0, 1) })).status).toBe('pass');
  });

  it('tests of edge cases are asked beside the file', async () => {
    const adopted = [
      { kind: 'known', name: 'storm', inputs: { origin: 'JFK', temp: 90 }, expect: { max: 0.5 } },
    ] as const;
    const tests = { t: [{ kind: 'known', name: 'n', inputs: { temp: 50 }, expect: { min: 0 } } as const] };
    const { status, reason } = await judge(gate, { tests, adopted });
    expect(status).toBe('fail');
    expect(reason).toContain(
      '1 of 2 prediction tests of t and of 1 edge cases do not hold: "storm" answers 0.993',
    );
  });
});
