import type { Row, Scalar } from '@twinloop/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LookupEngine } from './engine.js';
import { knownAt } from './event.js';
import { lookUpTable } from './offline.js';
import { tableFromRows } from '@twinloop/kernel';
import type { AggregateFunction, AggregateSpec, JoinSpec, LookupsSpec } from './spec.js';

const AT_ONCE = { lag: 0 } as const;
const shop: AggregateSpec = {
  name: 'n',
  dataset: 'sales',
  by: { shop: 'shop' },
  at: 'at',
  available: { column: 'seen', lag: 0 },
  over: 10,
  function: 'count',
};
const prices: JoinSpec = {
  name: 'price',
  dataset: 'prices',
  by: { shop: 'shop' },
  at: 'at',
  available: { lag: 2 },
  columns: ['amount'],
};
const of = (...aggregates: readonly AggregateSpec[]): LookupsSpec => ({ joins: [], aggregates });
const asked = (engine: LookupEngine, time: number, row: Row = { shop: 'a' }): Record<string, Scalar> => {
  const out: Record<string, Scalar> = {};
  engine.read(row, time, out);
  return out;
};

describe('a windowed aggregate', () => {
  it('is open at its old end and closed at its new one', () => {
    const engine = new LookupEngine(of({ ...shop, available: AT_ONCE }));
    engine.add('sales', { shop: 'a', at: 100 });
    expect(asked(engine, 99)).toEqual({ n: 0 });
    expect(asked(engine, 100)).toEqual({ n: 1 });
    expect(asked(engine, 109)).toEqual({ n: 1 });
    expect(asked(engine, 110)).toEqual({ n: 0 });
  });

  it('counts a row from when it was known', () => {
    const engine = new LookupEngine(of(shop));
    engine.add('sales', { shop: 'a', at: 100, seen: 105 });
    engine.add('sales', { shop: 'a', at: 101, seen: null });
    expect(asked(engine, 104)).toEqual({ n: 0 });
    expect(asked(engine, 105)).toEqual({ n: 1 });
  });

  it('does not see rows of its own dataset of the same moment, though they were known', () => {
    const engine = new LookupEngine(of({ ...shop, own: true, available: AT_ONCE }));
    engine.add('sales', { shop: 'a', at: 100 });
    expect(asked(engine, 100)).toEqual({ n: 0 });
    expect(asked(engine, 101)).toEqual({ n: 1 });
  });

  it('takes a correction for the row it corrects, whatever became of its key', () => {
    const spec = of({ ...shop, id: 'id', function: 'sum', value: 'x' });
    const engine = new LookupEngine(spec);
    engine.add('sales', { id: 1, shop: 'a', at: 100, seen: 100, x: 5 });
    expect(asked(engine, 101)).toEqual({ n: 5 });
    engine.add('sales', { id: 1, shop: 'a', at: 100, seen: 102, x: 7 });
    expect(asked(engine, 102)).toEqual({ n: 7 });
    engine.add('sales', { id: 1, shop: 'b', at: 100, seen: 103, x: 7 });
    expect(asked(engine, 103)).toEqual({ n: 0 });
    expect(asked(engine, 103, { shop: 'b' })).toEqual({ n: 7 });
  });

  it('says its default where there is nothing, and where its source has stopped', () => {
    const engine = new LookupEngine(
      of({ ...shop, function: 'mean', value: 'x', default: 0.2, fresh: 5, available: AT_ONCE }),
    );
    engine.add('sales', { shop: 'a', at: 100, x: 1 });
    expect(asked(engine, 100, { shop: 'b' })).toEqual({ n: 0.2 });
    expect(asked(engine, 105)).toEqual({ n: 1 });
    expect(asked(engine, 106)).toEqual({ n: 0.2 });
    expect(engine.figures()[0]).toMatchObject({ reads: 3, missing: 1, stale: 1, newest: 100 });
  });

  it('keeps sums to the last bit, however long rows come and go', () => {
    const engine = new LookupEngine(of({ ...shop, function: 'sum', value: 'x', available: AT_ONCE }));
    for (let i = 0; i < 500; i++) engine.add('sales', { shop: 'a', at: i, x: i % 7 === 0 ? 1e16 : 0.1 });
    for (let i = 0; i < 500; i++) asked(engine, i);
    engine.add('sales', { shop: 'a', at: 600, x: 0.1 });
    expect(asked(engine, 600)).toEqual({ n: 0.1 });
  });

  it('frees what has left its window', () => {
    const engine = new LookupEngine(of({ ...shop, function: 'min', value: 'at', available: AT_ONCE }));
    for (let i = 0; i < 5000; i++) {
      engine.add('sales', { shop: `s${i % 50}`, at: i });
      asked(engine, i);
    }
    expect(engine.figures()[0]).toMatchObject({ keys: 10, rows: 10, pending: 0 });
  });
});

describe('an as-of join', () => {
  const engine = (): LookupEngine => {
    const one = new LookupEngine({
      joins: [{ ...prices, within: 50, default: { amount: -1 } }],
      aggregates: [],
    });
    one.add('prices', { shop: 'a', at: 100, amount: 5 });
    one.add('prices', { shop: 'a', at: 90, amount: 4 });
    return one;
  };

  it('gives the latest row that was known, and its default before and long after', () => {
    const one = engine();
    expect([91, 92, 101, 102, 150, 151].map(time => asked(one, time)['price.amount'])).toEqual([
      -1, 4, 4, 5, 5, -1,
    ]);
  });

  it('takes the later known of two rows of one time', () => {
    const one = new LookupEngine({
      joins: [{ ...prices, available: { column: 'seen', lag: 0 } }],
      aggregates: [],
    });
    one.add('prices', { shop: 'a', at: 100, seen: 120, amount: 6 });
    one.add('prices', { shop: 'a', at: 100, seen: 110, amount: 5 });
    expect([109, 110, 119, 120].map(time => asked(one, time)['price.amount'])).toEqual([null, 5, 5, 6]);
  });

  it('counts rows that come after they were said to be known', () => {
    const one = engine();
    asked(one, 200);
    one.add('prices', { shop: 'a', at: 195, amount: 9 }, true);
    expect(asked(one, 200)['price.amount']).toBe(9);
    expect(one.figures()[0]!.late).toBe(1);
  });
});

describe('when a row is known', () => {
  it.each([
    [{ lag: 5 }, 105],
    [{ column: 'seen', lag: 0 }, 112],
    [{ column: 'seen', every: 50, lag: 1 }, 151],
    [{ column: 'seen', every: 112, lag: 0 }, 112],
  ])('%o', (available, known) => expect(knownAt(available, { seen: 112 }, 100)).toBe(known));
});

// One case: rows of a source with times of being known, and moments at which questions are asked.
const value = fc.constantFrom<Scalar>(0, 1, 2, 0.1, 1e16, -3, null);
const sourceRow = fc.record({
  id: fc.integer({ min: 0, max: 12 }),
  shop: fc.constantFrom('a', 'b'),
  till: fc.constantFrom(1, 2),
  delay: fc.integer({ min: -3, max: 12 }),
  x: value,
  good: fc.boolean(),
  /** It arrives that much before it is known. */
  early: fc.integer({ min: 0, max: 20 }),
});
const moments = fc.array(
  fc.record({
    time: fc.integer({ min: 0, max: 60 }),
    shop: fc.constantFrom('a', 'b', 'c'),
    till: fc.constantFrom(1, 2),
  }),
  { minLength: 1, maxLength: 25 },
);
type Given = ReturnType<typeof given>;
/** A row's time belongs to its id; of two states of a row one is known later. */
function given(
  raw: { id: number; shop: string; till: number; delay: number; x: Scalar; good: boolean; early: number }[],
) {
  const seen = new Set<string>();
  return raw.flatMap(({ delay, early, ...row }) => {
    const at = row.id * 4;
    const known = at + delay;
    if (seen.has(`${row.id}/${known}`)) return [];
    seen.add(`${row.id}/${known}`);
    return [{ row: { ...row, at, seen: known }, known, arrives: known - early }];
  });
}

const FUNCTIONS: readonly AggregateFunction[] = ['count', 'sum', 'mean', 'min', 'max', 'last', 'distinct'];
const both = { shop: 'shop', till: 'till' };
const seen = { column: 'seen', lag: 0 };
const specOf = (own: boolean, fresh: number | undefined): LookupsSpec => ({
  joins: [
    {
      ...prices,
      name: 'j',
      dataset: 's',
      by: both,
      available: seen,
      within: 15,
      columns: ['x', 'good'],
      own,
      default: { x: -9 },
    },
  ],
  aggregates: FUNCTIONS.map(name => ({
    ...shop,
    name,
    dataset: 's',
    by: both,
    id: 'id',
    own,
    available: seen,
    over: 11,
    function: name,
    value: 'x * 2',
    filter: 'good',
    ...(fresh === undefined ? {} : { fresh, default: -7 }),
  })),
});

/** By definition: every row looked at for every question. */
function oracle(
  spec: LookupsSpec,
  rows: Given,
  q: { time: number; shop: string; till: number },
): Record<string, Scalar> {
  const { own = false } = spec.joins[0]!;
  const happened = (row: Row): boolean =>
    own ? (row['at'] as number) < q.time : (row['at'] as number) <= q.time;
  const known = rows.filter(one => one.known <= q.time && happened(one.row));
  const mine = (row: Row): boolean => row['shop'] === q.shop && row['till'] === q.till;
  const out: Record<string, Scalar> = {};
  const joined = known
    .filter(({ row }) => mine(row))
    .sort((a, b) => a.row['at'] - b.row['at'] || a.known - b.known)
    .at(-1);
  const young = joined !== undefined && q.time - joined.row['at'] <= 15;
  out['j.x'] = (young ? joined.row['x'] : null) ?? -9;
  out['j.good'] = young ? joined.row['good'] : null;
  const newest = Math.max(...known.map(({ row }) => row['at']));
  const states = known.filter(
    one => !known.some(other => other.row['id'] === one.row['id'] && other.known > one.known),
  );
  const values = states
    .filter(({ row }) => mine(row) && row['good'] === true && row['x'] !== null && row['at'] > q.time - 11)
    .sort((a, b) => a.row['at'] - b.row['at'])
    .map(({ row }) => (row['x'] as number) * 2);
  // Sums of these values are exact in units of 1e-18: tenths are given as doubles, so count them by kind.
  const sum = exactly(values);
  for (const { name, fresh, default: fallback = null } of spec.aggregates) {
    const stale = fresh !== undefined && !(q.time - newest <= fresh);
    const none = values.length === 0;
    out[name] = stale
      ? fallback
      : name === 'count'
        ? values.length
        : name === 'distinct'
          ? new Set(values).size
          : name === 'sum'
            ? sum
            : none
              ? fallback
              : name === 'mean'
                ? sum / values.length
                : name === 'min'
                  ? Math.min(...values)
                  : name === 'max'
                    ? Math.max(...values)
                    : values.at(-1)!;
  }
  return out;
}

/** The exact sum of doubles by integers, rounded once. */
function exactly(values: readonly number[]): number {
  const scale = 2n ** 60n;
  const total = values.reduce((sum, x) => {
    const whole = BigInt(Math.trunc(x));
    return sum + whole * scale + BigInt((x - Math.trunc(x)) * 2 ** 60);
  }, 0n);
  const whole = total / scale;
  const rest = Number(total - whole * scale) / 2 ** 60;
  // Within 2^53 the two doubles add with one rounding; beyond it the rest is below half a unit or ties with an even number.
  return Number(whole) + rest;
}

const scene = fc.record({
  raw: fc.array(sourceRow, { maxLength: 30 }),
  questions: moments,
  own: fc.boolean(),
  fresh: fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }),
  restart: fc.nat(24),
});

describe('point in time', () => {
  it('online at any moment, after a restart too, equals offline equals the definition', () => {
    fc.assert(
      fc.property(scene, ({ raw, questions, own, fresh, restart }) => {
        const spec = specOf(own, fresh);
        const rows = given(raw);
        const ordered = [...questions].sort((a, b) => a.time - b.time);
        const expected = ordered.map(question => oracle(spec, rows, question));

        const table = tableFromRows(
          [
            { name: 't', type: 'time', nullable: false },
            { name: 'shop', type: 'string', nullable: false },
            { name: 'till', type: 'number', nullable: false },
          ],
          questions.map(({ time, ...row }) => ({ t: time, ...row })),
        );
        const columns = lookUpTable(spec, table, 't', { s: rows.map(({ row }) => row) });
        const offline = [...questions.keys()]
          .sort((a, b) => questions[a]!.time - questions[b]!.time || a - b)
          .map(i =>
            Object.fromEntries(
              columns.map(column => {
                const cell = column.values[i]!;
                return [column.name, typeof cell === 'number' && Number.isNaN(cell) ? null : cell];
              }),
            ),
          );
        const plain = expected.map(one => ({
          ...one,
          'j.good': one['j.good'] === null ? null : Number(one['j.good']),
        }));
        expect(offline).toEqual(plain);

        const arriving = [...rows].sort((a, b) => a.arrives - b.arrives);
        let engine = new LookupEngine(spec);
        let next = 0;
        const online = ordered.map((question, i) => {
          if (i === restart) {
            // What a new process has: the rows that came so far, in whatever order they were stored.
            engine = new LookupEngine(spec);
            for (const { row } of arriving.slice(0, next).reverse()) engine.add('s', row);
          }
          for (; next < arriving.length && arriving[next]!.arrives <= question.time; next++)
            engine.add('s', arriving[next]!.row, true);
          const { time, ...row } = question;
          return asked(engine, time, row);
        });
        expect(online).toEqual(expected);
      }),
      { numRuns: 1500 },
    );
  });
});
