import { type Row, type Table, TwinloopError } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import type { GateContext, Served } from '../gate-context.js';
import { fuzzCases, rowOf, shrink } from './fuzz-cases.js';
import { fuzzGate } from './fuzz-gate.js';

const N = 40;
const rows: Table = {
  rows: N,
  columns: [
    { name: 'temp', type: 'number', values: Float64Array.from({ length: N }, (_, i) => i) },
    { name: 'wind', type: 'number', values: Float64Array.from({ length: N }, (_, i) => (i * 7) % 13) },
    { name: 'origin', type: 'string', values: Array.from({ length: N }, (_, i) => (i % 2 ? 'JFK' : 'LGA')) },
  ],
};
const inputs: Served['inputs'] = [
  { name: 'temp', type: 'number' },
  { name: 'wind', type: 'number' },
  { name: 'origin', type: 'string' },
];

const finite = (value: Row[string] | undefined): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : 0;
/** A sound model: what is missing counts as 0, what is large saturates. */
const sound = (row: Row): number => 1 / (1 + Math.exp(-Math.tanh(finite(row['temp']) / 50)));

function context(score: (row: Row) => number, more: Partial<GateContext> = {}): GateContext {
  const served: Served = {
    inputs,
    one: row => Float64Array.of(score(row)),
    many: asked => Float64Array.from(asked, score),
  };
  return {
    task: 'binary',
    labels: new Float64Array(N),
    candidate: new Float64Array(N),
    metrics: {},
    predict: () => new Float64Array(0),
    bytes: 1,
    served,
    held: { rows, width: 1, ask: () => new Float64Array(N) },
    ...more,
  };
}
const gate = { gate: 'fuzz', rows: 60, seed: 1, within: '1s' } as const;

describe('fuzz gate', () => {
  it('lets a sound model through, and says how many rows it answered', async () => {
    const verdict = await fuzzGate(gate, context(sound));
    expect(verdict).toMatchObject({ gate: 'fuzz', status: 'pass', evidence: [{ value: 0, threshold: 0 }] });
    expect(verdict.findings).toBeUndefined();
    expect(verdict.evidence[0]!.n).toBeGreaterThan(100);
  });

  it('finds a model that answers NaN at extremes, by the one input that it takes', async () => {
    const overflows = (row: Row): number => (Math.abs(finite(row['temp'])) > 1e300 ? Number.NaN : 0.5);
    const { status, findings, reason } = await fuzzGate(gate, context(overflows));
    expect(status).toBe('fail');
    expect(findings![0]).toMatchObject({ message: 'answers NaN' });
    expect(findings![0]!.input).toMatch(/^\{ temp: -?1(\.\d+)?e\+308 \} in ordinary row 1$/);
    expect(reason).toContain('answers NaN for { temp: ');
  });

  it('makes a finding of two inputs no smaller than the two', async () => {
    const both = (row: Row): number => (row['temp'] === null && row['wind'] === null ? Number.NaN : 0.5);
    const { findings } = await fuzzGate(gate, context(both));
    expect(findings!.map(one => one.input)).toContain('{ temp: null, wind: null } in ordinary row 1');
  });

  it.each<[string, (row: Row) => number, RegExp]>([
    ['no probability', row => (row['wind'] === null ? 1.2 : 0.5), /answers 1\.2, which is no probability/],
    ['a bug', row => (row['origin'] as string).length && 0.5, /fails: Cannot read properties of null/],
    [
      'a server error',
      row => {
        if (row['origin'] === '') throw new TwinloopError('internal', { values: { reason: 'empty' } });
        return 0.5;
      },
      /fails: Something failed inside Twinloop/,
    ],
    [
      'an ordinary row refused',
      row => {
        if (row['origin'] === 'JFK')
          throw new TwinloopError('input_value', {
            values: { input: 'origin', actual: 'JFK', expected: 'LGA' },
          });
        return 0.5;
      },
      /refuses an ordinary row/,
    ],
  ])('finds %s', async (_case, score, reason) => {
    const verdict = await fuzzGate(gate, context(score));
    expect(verdict.status).toBe('fail');
    expect(verdict.reason).toMatch(reason);
  });

  it('lets a typed refusal of an odd input stand: the client is told what is wrong', async () => {
    const strict = (row: Row): number => {
      if (row['origin'] !== 'JFK' && row['origin'] !== 'LGA')
        throw new TwinloopError('input_value', { values: { input: 'origin', actual: '?', expected: 'JFK' } });
      return 0.5;
    };
    expect((await fuzzGate(gate, context(strict))).status).toBe('pass');
  });

  it('finds a model whose answer depends on what was asked before', async () => {
    let last = 0;
    const leaks = (row: Row): number => {
      const answer = 0.5 + 0.1 * Math.tanh(last);
      last = finite(row['temp']) > 10 ? 1 : -1;
      return answer;
    };
    const { status, findings } = await fuzzGate(gate, context(leaks));
    expect(status).toBe('fail');
    expect(findings!.some(({ message }) => message.startsWith('asked again after other rows'))).toBe(true);
  });

  it('finds a model whose batches depend on their order, though each row alone is right', async () => {
    const base = context(sound);
    const served: Served = {
      ...base.served!,
      many: asked => Float64Array.from(asked, (row, i) => sound(row) * (i === 0 ? 0.9 : 1)),
    };
    const { status, findings } = await fuzzGate(gate, { ...base, served });
    expect(status).toBe('fail');
    expect(findings!.map(({ message }) => message)).toEqual([
      expect.stringContaining('in a batch the answer changes'),
      expect.stringContaining('in a batch in another order the answer changes'),
    ]);
  });

  it('finds a model that is slow for a long text; one pause of the process is no finding', async () => {
    let now = 0;
    const slow = (row: Row): number => {
      now += typeof row['origin'] === 'string' && row['origin'].length > 5000 ? 2000 : 1;
      return 0.5;
    };
    const verdict = await fuzzGate(gate, context(slow, { monotonic: () => now }));
    expect(verdict.reason).toContain('needs more than 1s');
    // The long text is cut in half as long as it is still too slow.
    expect(verdict.findings![0]!.input).toMatch(/^\{ origin: "x+"… \(10000 characters\) \}/);
    let calls = 0;
    const paused = (): number => {
      now += calls++ === 20 ? 5000 : 1;
      return 0.5;
    };
    expect((await fuzzGate(gate, context(paused, { monotonic: () => now }))).status).toBe('pass');
  });

  it('tells probabilities of several classes that do not sum to 1', async () => {
    const base = context(sound, { task: 'multiclass' });
    const served: Served = {
      ...base.served!,
      one: row => (row['temp'] === null ? Float64Array.of(0.5, 0.6) : Float64Array.of(0.4, 0.6)),
      many: asked =>
        Float64Array.from(asked.flatMap(row => (row['temp'] === null ? [0.5, 0.6] : [0.4, 0.6]))),
    };
    const { reason } = await fuzzGate(gate, { ...base, served });
    expect(reason).toContain('answers probabilities whose sum is 1.1 for { temp: null }');
  });

  it('the same seed gives the same verdict', async () => {
    const odd = (row: Row): number => (finite(row['wind']) < -1e10 ? Number.POSITIVE_INFINITY : 0.5);
    expect(await fuzzGate(gate, context(odd))).toEqual(await fuzzGate(gate, context(odd)));
  });
});

describe('shrinking', () => {
  it('gives a change from which no column can be taken', async () => {
    const change = { temp: Number.NaN, wind: -0, origin: 'x'.repeat(10_000) };
    const small = await shrink({ base: { temp: 1, wind: 2, origin: 'JFK' }, change }, async row =>
      String(row['origin']).includes('xxx'),
    );
    // Halved while it still fails: 10,000 → … → 4.
    expect(small.change).toEqual({ origin: 'xxxx' });
  });

  it('cases cover every extreme of every input alone', () => {
    const ordinary: Row = { temp: 1, wind: 2, origin: 'JFK' };
    const cases = fuzzCases(inputs, [ordinary], { next: () => 0.99 }, 0);
    const alone = cases.filter(({ change }) => Object.keys(change).length === 1);
    expect(new Set(alone.map(({ change }) => Object.keys(change)[0]))).toEqual(
      new Set(['temp', 'wind', 'origin']),
    );
    expect(alone.some(({ change }) => Object.is(change['temp'], -0))).toBe(true);
    expect(cases.some(one => Object.values(rowOf(one)).every(value => value === null))).toBe(true);
  });
});
