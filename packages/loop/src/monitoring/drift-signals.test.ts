import { type Column, type Rng, seededRng, shuffle, type Table, takeRows } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { driftReport, driftSignals } from './drift-signals.js';
import { buildReference } from './reference.js';

const CONFIG = { window: '14d', alpha: 0.05, tolerance: 0.005, matters: 0.1, minRows: 300 };

/** Roughly normal (Irwin–Hall), deterministic. */
function normal(rng: Rng, mean: number, sd: number): number {
  let sum = -6;
  for (let k = 0; k < 12; k++) sum += rng.next();
  return mean + sd * sum;
}

interface World {
  readonly temp?: number;
  readonly idle?: number;
  readonly late?: number;
  readonly missing?: number;
}

/** `temp` and `idle` are numbers, `carrier` and `night` are categories. */
function flights(
  rows: number,
  seed: number,
  { temp = 37, idle = 0, late = 0.3, missing = 0 }: World = {},
): Table {
  const rng = seededRng(seed);
  const number = (name: string, type: 'number' | 'boolean', make: () => number): Column => ({
    name,
    type,
    values: Float64Array.from({ length: rows }, make),
  });
  return {
    rows,
    columns: [
      number('temp', 'number', () => (rng.next() < missing ? Number.NaN : normal(rng, temp, 8))),
      number('idle', 'number', () => normal(rng, idle, 1)),
      {
        name: 'carrier',
        type: 'string',
        values: Array.from({ length: rows }, () => (rng.next() < late ? 'UA' : 'B6')),
      },
      number('night', 'boolean', () => (rng.next() < 0.2 ? 1 : 0)),
    ],
  };
}
const INPUTS = ['temp', 'idle', 'carrier', 'night'];
const IMPORTANCE = { temp: 0.5, carrier: 0.3, night: 0.2, idle: 0 };
const reference = buildReference(flights(6000, 1), INPUTS, IMPORTANCE);
const subjects = (world: World, rows = 1204) =>
  driftSignals(CONFIG, reference, flights(rows, 2, world))?.map(({ subject }) => subject);

describe('driftSignals', () => {
  it.each<[string, World, readonly string[]]>([
    ['nothing changed', {}, []],
    ['a shift that does not matter', { temp: 37.3 }, []],
    ['a fifth of a standard deviation', { temp: 38.6 }, ['temp']],
    ['a warm season', { temp: 61 }, ['temp']],
    ['another mix of carriers', { late: 0.6 }, ['carrier']],
    ['a sensor that fails', { missing: 0.4 }, ['temp missing']],
    ['two columns, the stronger first', { temp: 61, late: 0.6 }, ['temp', 'carrier']],
    ['a column that the model does not use', { idle: 9 }, []],
  ])('%s', (_case, world, expected) => {
    expect(subjects(world)).toEqual(expected);
  });

  it('does not say of a column within tolerance that it moved', () => {
    const report = driftReport(CONFIG, reference, flights(1204, 2))!;
    expect(report.map(({ sentence }) => sentence).join()).not.toContain('moved');
    expect(report.find(({ subject }) => subject === 'temp')?.sentence).toMatch(/^temp: /);
  });

  it('says what moved in plain words, with its evidence', () => {
    const [signal] = driftSignals(CONFIG, reference, flights(1204, 2, { temp: 61 }))!;
    expect(signal!.sentence).toMatch(
      /^temp moved from 3\d\.\d to 6\d\.\d \(median\), \d\.\d\d σ over 1,204 rows; it carries 50 % of the model's importance$/,
    );
    expect(signal).toMatchObject({
      monitor: 'drift/temp',
      kind: 'data-drift',
      evidence: { n: 1204, threshold: 0.1, statistic: 'effect in standard deviations' },
    });
    expect(signal!.severity).toBeGreaterThan(5);
    expect(signal!.evidence.pValue).toBeLessThan(1e-6);
  });

  it('weighs by importance: a minor column must move more', () => {
    const minor = buildReference(flights(6000, 1), INPUTS, { ...IMPORTANCE, temp: 0.02, idle: 0.48 });
    const moved = flights(1204, 2, { temp: 38.6 });
    expect(driftSignals(CONFIG, reference, moved)).toHaveLength(1);
    expect(driftSignals(CONFIG, minor, moved)).toHaveLength(0);
  });

  it('says nothing about few rows, or about the first days of an endpoint', () => {
    expect(driftSignals(CONFIG, reference, flights(299, 2, { temp: 61 }))).toBeNull();
    const young = flights(1000, 2, { temp: 61 });
    const at: Column = {
      name: '$at',
      type: 'time',
      values: Float64Array.from({ length: 1000 }, (_, i) => i * 6e4),
    };
    expect(driftSignals(CONFIG, reference, { ...young, columns: [...young.columns, at] })).toBeNull();
    expect(
      driftSignals({ ...CONFIG, window: '12h' }, reference, { ...young, columns: [...young.columns, at] }),
    ).toHaveLength(1);
  });

  it('reads a column that vanished as missing everywhere', () => {
    const { rows, columns } = flights(1000, 2);
    const gone = driftSignals(CONFIG, reference, {
      rows,
      columns: columns.filter(({ name }) => name !== 'temp'),
    });
    expect(gone!.map(({ subject }) => subject)).toEqual(['temp missing']);
  });

  it('keeps the false-alarm rate of a batch at α when rows are permuted between then and now', () => {
    const pool = flights(4000, 7);
    const order = Array.from({ length: pool.rows }, (_, i) => i);
    let alarms = 0;
    for (let trial = 0; trial < 200; trial++) {
      shuffle(order, seededRng(trial));
      const then = buildReference(takeRows(pool, order.slice(0, 2000)), INPUTS, {});
      // Whatever is significant counts here, however little it matters.
      const now = takeRows(pool, order.slice(2000));
      if (driftSignals({ ...CONFIG, tolerance: 0, matters: 1e-9 }, then, now)!.length > 0) alarms++;
    }
    // 10 expected; the 99.9 % binomial limit is 20.
    expect(alarms).toBeLessThanOrEqual(20);
  });
});
