import { type Column, type Rng, seededRng, shuffle, type Table, takeRows } from '@twinloop/kernel';
import { TableSketch } from '@twinloop/stats';
import { describe, expect, it } from 'vitest';
import { driftReport, driftSignals } from './drift-signals.js';
import { buildReference, type DriftReference, OTHER } from './reference.js';
import { keptTable, sketchedReference, sketchedSample, unsketched } from './sketched-reference.js';

const CONFIG = { window: '14d', alpha: 0.05, tolerance: 0.05, matters: 0.1, minRows: 300 };
const INPUTS = ['temp', 'delay', 'count', 'carrier', 'night', 'gap'];

const normal = (rng: Rng): number => {
  let sum = -6;
  for (let k = 0; k < 12; k++) sum += rng.next();
  return sum;
};

/** Smooth, heavy-tailed, tied, a category, a truth value, and one with gaps; each moved by `shift` of its own kind. */
function world(rows: number, seed: number, shift = 0): Table {
  const rng = seededRng(seed);
  const number = (name: string, of: () => number, type: 'number' | 'boolean' = 'number'): Column => ({
    name,
    type,
    values: Float64Array.from({ length: rows }, of),
  });
  return {
    rows,
    columns: [
      number('temp', () => 20 + 8 * (normal(rng) + shift)),
      number('delay', () => Math.exp(1.5 * (normal(rng) + shift))),
      number('count', () => Math.floor(3 * rng.next() + 3 * shift)),
      {
        name: 'carrier',
        type: 'string',
        values: Array.from({ length: rows }, () => `c${Math.floor(20 * rng.next() ** (1 + 2 * shift))}`),
      },
      number('night', () => Number(rng.next() < 0.2 + 0.5 * shift), 'boolean'),
      number('gap', () => (rng.next() < 0.1 + shift ? Number.NaN : rng.next())),
    ],
  };
}

const schemaOf = ({ columns }: Table) => columns.map(({ name, type }) => ({ name, type, nullable: true }));
const sketched = (table: Table, inputs: readonly string[] = INPUTS): DriftReference =>
  sketchedReference(TableSketch.of(table.columns), schemaOf(table), inputs, {});

const training = world(50_000, 1);
const [exact, told] = [buildReference(training, INPUTS, {}), sketched(training)];

describe('a reference from the sketch', () => {
  it('says what the rows say: counts exactly, ranks within the error', () => {
    expect(told.columns.map(({ name, type }) => [name, type])).toEqual(
      exact.columns.map(({ name, type }) => [name, type]),
    );
    for (const name of ['carrier', 'night'])
      expect(told.columns.find(column => column.name === name)).toEqual(
        exact.columns.find(column => column.name === name),
      );
    const gap = told.columns.find(({ name }) => name === 'gap');
    expect(gap).toMatchObject({ missing: (exact.columns[5] as { missing: number }).missing, rows: 50_000 });
    const count = told.columns.find(({ name }) => name === 'count') as { values: readonly number[] };
    // Ties stay ties.
    expect([...new Set(count.values)]).toEqual([0, 1, 2]);
    expect(told.joint?.columns).toEqual(exact.joint?.columns);
    expect([told.rows, told.importance]).toEqual([exact.rows, exact.importance]);
  });

  it('gives the verdicts of the rows on windows that drifted and on those that did not', () => {
    const verdicts = (reference: DriftReference, now: Table): readonly string[] =>
      driftReport(CONFIG, reference, now)!.flatMap(({ subject, signal }) =>
        signal === null ? [] : [subject],
      );
    for (let seed = 10; seed < 20; seed++) {
      expect(verdicts(told, world(3000, seed))).toEqual(verdicts(exact, world(3000, seed)));
      const moved = world(3000, seed, 0.25);
      expect(verdicts(told, moved)).toEqual(verdicts(exact, moved));
      expect(verdicts(told, moved)).toEqual(
        expect.arrayContaining(['temp', 'delay', 'count', 'night', 'gap missing']),
      );
    }
  });

  it('measures every effect to a hundredth of a standard deviation', () => {
    for (const shift of [0, 0.02, 0.1]) {
      const now = world(20_000, 5, shift);
      const [a, b] = [driftReport(CONFIG, exact, now)!, driftReport(CONFIG, told, now)!];
      a.forEach(({ subject, effect }, i) => {
        if (subject !== 'joint') expect(Math.abs(effect - b[i]!.effect), subject).toBeLessThan(0.015);
      });
    }
  });

  it('keeps the false-alarm rate of a batch at α, without any tolerance to hide behind', () => {
    const pool = world(5000, 7);
    const order = Array.from({ length: pool.rows }, (_, i) => i);
    let alarms = 0;
    for (let trial = 0; trial < 100; trial++) {
      shuffle(order, seededRng(trial));
      const then = sketched(takeRows(pool, order.slice(0, 3500)));
      const now = takeRows(pool, order.slice(3500));
      if (driftSignals({ ...CONFIG, tolerance: 0, matters: 1e-9 }, then, now)!.length > 0) alarms++;
    }
    // 5 expected; the 99.9 % binomial limit is 13.
    expect(alarms).toBeLessThanOrEqual(13);
  });

  it('counts levels it is unsure of together, so that an undrifted column of thousands of them stays quiet', () => {
    const levels = (rows: number, seed: number): Table => {
      const rng = seededRng(seed);
      return {
        rows,
        columns: [
          {
            name: 'c',
            type: 'string',
            values: Array.from({ length: rows }, () => `v${Math.floor(5000 * rng.next() ** 3)}`),
          },
        ],
      };
    };
    const then = sketched(levels(60_000, 1), ['c']);
    const [c] = then.columns;
    if (c?.type !== 'category') throw new Error('it is a category');
    expect(c.counts[OTHER]).toBeGreaterThan(0);
    expect(Object.values(c.counts).reduce((a, b) => a + b)).toBe(60_000);
    for (let seed = 2; seed < 12; seed++) expect(driftSignals(CONFIG, then, levels(3000, seed))).toEqual([]);
  });

  it('reads texts from the rows, or from those that the sketch keeps', () => {
    const rng = seededRng(3);
    const words = ['late', 'again', 'gate', 'closed', 'rain', 'wind', 'crew', 'fog'];
    const texts: Table = {
      rows: 3000,
      columns: [
        {
          name: 't',
          type: 'string',
          values: Array.from(
            { length: 3000 },
            (_, i) => `${i} ${Array.from({ length: 6 }, () => words[Math.floor(8 * rng.next())]).join(' ')}`,
          ),
        },
      ],
    };
    const sketch = TableSketch.of(texts.columns);
    expect(unsketched(sketch, ['t'])).toEqual(['t']);
    expect(sketchedReference(sketch, schemaOf(texts), ['t'], {}, texts)).toEqual(
      buildReference(texts, ['t'], {}),
    );
    expect(sketchedReference(sketch, schemaOf(texts), ['t'], {}).columns[0]).toMatchObject({
      type: 'text',
      rows: 3000,
    });
    expect(unsketched(TableSketch.of(training.columns), INPUTS)).toEqual([]);
  });

  it('names an input that it lacks, and survives JSON', () => {
    expect(() => sketched(training, ['y'])).toThrow(
      expect.objectContaining({ code: 'dataset_column_missing', field: 'y' }),
    );
    expect(JSON.parse(JSON.stringify(told))).toEqual(told);
  });

  it('of labels is a sample in their exact proportion', () => {
    const sample = sketchedSample(TableSketch.of(training.columns), 'night')!;
    const rate = training.columns[4]!.values as Float64Array;
    const share = rate.reduce((a, b) => a + b, 0) / rate.length;
    expect(sample.rows).toBe(50_000);
    expect(sample.values.reduce((a, b) => a + b, 0) / sample.values.length).toBeCloseTo(share, 3);
    expect(sketchedSample(TableSketch.of(training.columns), 'carrier')).toBeUndefined();
    expect(keptTable(TableSketch.of(training.columns), schemaOf(training)).rows).toBe(5000);
  });
});
