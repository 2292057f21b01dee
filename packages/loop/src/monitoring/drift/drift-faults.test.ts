import { type Column, seededRng, type Table } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { driftReport, driftSignals } from '../drift-signals.js';
import { buildReference } from '../reference.js';
import { driftCauses } from './drift-causes.js';
import { expectedLossChange, lossProfile } from './loss-profile.js';
import { seasonalRows } from './seasonal.js';

const CONFIG = { window: '14d', alpha: 0.05, tolerance: 0.005, matters: 0.1, minRows: 300 };

function normals(seed: number): () => number {
  const rng = seededRng(seed);
  return () => {
    let sum = -6;
    for (let k = 0; k < 12; k++) sum += rng.next();
    return sum;
  };
}
const column = (name: string, values: Float64Array): Column => ({ name, type: 'number', values });
const texts = (name: string, values: (string | null)[]): Column => ({ name, type: 'string', values });
function table(rows: number, seed: number): Table {
  const draw = normals(seed);
  const rng = seededRng(seed + 99);
  return {
    rows,
    columns: [
      column('x', Float64Array.from({ length: rows }, draw)),
      column('y', Float64Array.from({ length: rows }, draw)),
      texts(
        'c',
        Array.from({ length: rows }, () => (rng.next() < 0.3 ? 'a' : 'b')),
      ),
    ],
  };
}
const reference = buildReference(table(2000, 1), ['x', 'y', 'c'], {});
const subjects = (current: Table) => driftSignals(CONFIG, reference, current)?.map(({ subject }) => subject);
const replaced = (name: string, make: (rows: number) => Column | null): Table => {
  const whole = table(1000, 2);
  return {
    rows: whole.rows,
    columns: whole.columns.flatMap(one =>
      one.name === name ? [make(whole.rows)].filter(made => made !== null) : [one],
    ),
  };
};

describe('windows that are not what they should be', () => {
  it.each<[string, Table, readonly string[] | undefined]>([
    ['nothing is wrong', table(1000, 2), []],
    ['no rows', { rows: 0, columns: table(1, 2).columns }, undefined],
    ['one row', table(1, 2), undefined],
    ['a column is gone', replaced('x', () => null), ['x missing']],
    [
      'a column is all missing',
      replaced('x', rows => column('x', new Float64Array(rows).fill(Number.NaN))),
      ['x missing'],
    ],
    [
      'a column became text',
      replaced('x', rows => texts('x', new Array<string>(rows).fill('7'))),
      ['x missing'],
    ],
    ['a column became constant', replaced('x', rows => column('x', new Float64Array(rows))), ['x']],
    [
      'levels that nobody knew',
      replaced('c', rows => texts('c', new Array<string>(rows).fill('new'))),
      ['c'],
    ],
    ['levels became numbers', replaced('c', rows => column('c', new Float64Array(rows).fill(1))), ['c']],
    [
      'levels named like properties of an object',
      replaced('c', rows => texts('c', new Array<string>(rows).fill('__proto__'))),
      ['c'],
    ],
    [
      'a column that the reference does not know',
      { ...table(1000, 2), columns: [...table(1000, 2).columns, column('new', new Float64Array(1000))] },
      [],
    ],
  ])('%s', (_case, current, expected) => {
    expect(subjects(current)).toEqual(expected);
  });

  it('an all-missing and a constant reference', () => {
    const empty = buildReference(
      {
        rows: 2000,
        columns: [column('x', new Float64Array(2000).fill(Number.NaN)), column('k', new Float64Array(2000))],
      },
      ['x', 'k'],
      {},
    );
    const current = {
      rows: 1000,
      columns: [table(1000, 2).columns[0]!, column('k', new Float64Array(1000))],
    };
    expect(driftSignals(CONFIG, empty, current)?.map(({ subject }) => subject)).toEqual(['x missing']);
  });

  it('sees that columns no longer go together although each is as it was', () => {
    const pair = (seed: number, sign: number): Table => {
      const draw = normals(seed);
      const x = Float64Array.from({ length: 2000 }, draw);
      return {
        rows: 2000,
        columns: [
          column('x', x),
          column(
            'y',
            x.map(v => sign * v + 0.5 * draw()),
          ),
        ],
      };
    };
    const held = buildReference(pair(3, 1), ['x', 'y'], {});
    expect(driftSignals(CONFIG, held, pair(4, 1))).toEqual([]);
    expect(driftSignals(CONFIG, held, pair(5, -1))!.map(({ subject }) => subject)).toEqual(['joint']);
  });

  it('reads texts by their words', () => {
    const rng = seededRng(5);
    let texted = 0;
    const story = (rows: number, topic: readonly string[]): Table => ({
      rows,
      columns: [
        texts(
          't',
          Array.from(
            { length: rows },
            () =>
              Array.from({ length: 8 }, () => topic[Math.floor(rng.next() * topic.length)]).join(' ') +
              ` n${++texted}`,
          ),
        ),
      ],
    });
    const words = [
      'order',
      'late',
      'refund',
      'parcel',
      'thanks',
      'hello',
      'please',
      'broken',
      'today',
      'help',
    ];
    const held = buildReference(story(2000, words), ['t'], {});
    expect(held.columns[0]!.type).toBe('text');
    expect(driftSignals(CONFIG, held, story(1000, words))).toEqual([]);
    const moved = driftSignals(CONFIG, held, story(1000, [...words.slice(0, 6), 'crypto', 'wallet']))!;
    expect(moved.map(({ subject }) => subject)).toEqual(
      expect.arrayContaining(['t words', 't unknown words']),
    );
  });
});

describe('what a shift costs', () => {
  it('re-weights the loss by the bins of the column, and weighs causes by severity', () => {
    const training = table(2000, 1);
    const x = (training.columns[0] as { values: Float64Array }).values;
    const profile = lossProfile(
      reference,
      training,
      x.map(v => (v > 1 ? 1 : 0.2)),
    );
    const current = replaced('x', rows =>
      column(
        'x',
        Float64Array.from({ length: rows }, normals(9)).map(v => v + 2),
      ),
    );
    const change = expectedLossChange(profile, reference.columns[0]!, current);
    // P(x > 1) goes from 0.16 to 0.84: 0.8 · 0.68 = 0.54, less what deciles blur.
    expect(change).toBeCloseTo(0.5, 1);
    expect(expectedLossChange(profile, reference.columns[0]!, table(1000, 3))).toBeCloseTo(0, 1);
    const expected = { metric: 'log_loss', change: { x: change } };
    const report = driftReport(CONFIG, reference, current, [], expected)!;
    const causes = driftCauses(report, expected);
    expect(causes[0]).toMatchObject({ subject: 'x', expectedLoss: { metric: 'log_loss' } });
    expect(causes.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
    expect(causes[0]!.sentence).toMatch(
      /it carries 33 % of the model's importance; expected log loss 0\.\d+ higher$/,
    );
  });
});

describe('seasonalRows', () => {
  const week = Array.from({ length: 7 * 24 * 10 }, (_, i) => ({
    weekday: Math.floor(i / 24) % 7,
    hour: i % 24,
  }));
  it('takes rows of the same weekdays and hours', () => {
    const monday = Array.from({ length: 60 }, (_, i) => ({ weekday: 1, hour: i % 24 }));
    const { rows, held } = seasonalRows(week, monday, 50);
    expect(held).toBe('same weekday and hour');
    expect(rows.every(row => week[row]!.weekday === 1)).toBe(true);
  });
  it('falls back to the hour, and to everything', () => {
    const mornings = week.filter(({ weekday, hour }) => weekday !== 1 && hour < 12);
    const now = Array.from({ length: 60 }, (_, i) => ({ weekday: 1, hour: i % 12 }));
    expect(seasonalRows(mornings, now, 100).held).toBe('same hour');
    expect(seasonalRows(mornings, [{ weekday: 1, hour: 20 }], 100)).toMatchObject({ held: 'training' });
  });
});
