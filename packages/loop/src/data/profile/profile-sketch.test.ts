import { type Column, concatTables, seededRng, type Table } from '@twinloop/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NumericColumnProfile, profileOf, profileTable, type TextColumnProfile } from './profile.js';
import {
  mergeProfiles,
  type ProfileSketch,
  profileSketchFromJson,
  profileSketchToJson,
  sketchTable,
} from './profile-sketch.js';

/** `id` is a key, `at` rises, `x` is skewed with gaps, `level` has so many values. */
function table(rows: number, seed: number, from = 0, levels = 30): Table {
  const rng = seededRng(seed);
  const numbers = (name: string, type: 'number' | 'time' | 'boolean', of: (i: number) => number): Column => ({
    name,
    type,
    values: Float64Array.from({ length: rows }, (_, i) => of(i)),
  });
  return {
    rows,
    columns: [
      { name: 'id', type: 'string', values: Array.from({ length: rows }, (_, i) => `A${from + i + 1000}`) },
      numbers('at', 'time', i => 1.6e12 + (from + i) * 1000),
      numbers('x', 'number', () => (rng.next() < 0.1 ? Number.NaN : Math.exp(3 * rng.next()))),
      numbers('night', 'boolean', () => Number(rng.next() < 0.2)),
      {
        name: 'level',
        type: 'string',
        values: Array.from({ length: rows }, () =>
          rng.next() < 0.05 ? null : `v${Math.floor(levels * rng.next() ** 2)}`,
        ),
      },
    ],
  };
}

const numberOf = (sketch: ProfileSketch, name: string): NumericColumnProfile =>
  profileOf(sketch).columns.find(column => column.name === name) as NumericColumnProfile;
const textOf = (sketch: ProfileSketch, name: string): TextColumnProfile =>
  profileOf(sketch).columns.find(column => column.name === name) as TextColumnProfile;

describe('the profile of a small table', () => {
  it('is exact', () => {
    const { columns } = profileTable({
      rows: 5,
      columns: [
        { name: 'x', type: 'number', values: Float64Array.of(3, 1, Number.NaN, 2, 2) },
        { name: 'c', type: 'string', values: ['A1', 'B22', null, 'A1', 'A1'] },
      ],
    });
    expect(columns[0]).toMatchObject({
      count: 5,
      missing: 1,
      distinct: 3,
      unique: false,
      min: 1,
      max: 3,
      mean: 2,
    });
    expect((columns[0] as NumericColumnProfile).quantiles).toContainEqual([0.5, 2]);
    expect(columns[0]).not.toHaveProperty('rankError');
    expect((columns[0] as NumericColumnProfile).histogram.counts.reduce((a, b) => a + b)).toBe(4);
    expect(columns[1]).toMatchObject({
      distinct: 2,
      top: [
        ['A1', 3],
        ['B22', 1],
      ],
      other: 0,
      traits: { lengths: [2, 3], pattern: '^[A-Z][0-9]{1,2}$' },
    });
  });

  it('has no figures where nothing is present', () => {
    const { columns } = profileTable({
      rows: 2,
      columns: [
        { name: 'x', type: 'number', values: Float64Array.of(Number.NaN, Number.NaN) },
        { name: 'c', type: 'string', values: [null, null] },
      ],
    });
    expect(columns[0]).toMatchObject({
      missing: 2,
      distinct: 0,
      min: null,
      mean: null,
      quantiles: [],
      traits: { whole: false, rising: null },
    });
    expect(columns[1]).toMatchObject({
      missing: 2,
      distinct: 0,
      top: [],
      other: 0,
      traits: { lengths: null, pattern: null },
    });
  });
});

describe('merging profiles', () => {
  it('law: of small parts it is the profile of all the rows', () => {
    const value = fc.option(fc.double({ min: -100, max: 100, noNaN: true }), { nil: Number.NaN });
    const text = fc.option(fc.constantFrom('a', 'bb', 'A1', 'B23', 'C-4', ''), { nil: null });
    const rows = fc.array(fc.tuple(value, text), { maxLength: 40 });
    const tableOf = (parts: readonly (readonly [number, string | null])[]): Table => ({
      rows: parts.length,
      columns: [
        { name: 'x', type: 'number', values: Float64Array.from(parts, ([x]) => x) },
        { name: 'c', type: 'string', values: parts.map(([, c]) => c) },
      ],
    });
    fc.assert(
      fc.property(rows, rows, (a, b) => {
        const merged = profileOf(mergeProfiles(sketchTable(tableOf(a)), sketchTable(tableOf(b))));
        const whole = profileTable(tableOf([...a, ...b]));
        expect(rounded(merged)).toEqual(rounded(whole));
      }),
    );
  });

  it('law: of large parts, in whatever cuts, it is within the stated errors', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 6000 }), { minLength: 2, maxLength: 5 }),
        fc.integer({ min: 1, max: 1000 }),
        (sizes, seed) => {
          let from = 0;
          const parts = sizes.map((size, i) => {
            from += size;
            return table(size, seed + i, from - size, 3000);
          });
          const whole = concatTables(parts);
          const merged = parts.map(sketchTable).reduce(mergeProfiles);
          const sorted = (whole.columns[2]!.values as Float64Array).filter(x => !Number.isNaN(x)).sort();
          const x = numberOf(merged, 'x');
          const exact = numberOf(sketchTable(whole), 'x');
          expect([x.count, x.missing, x.min, x.max]).toEqual([
            exact.count,
            exact.missing,
            exact.min,
            exact.max,
          ]);
          expect(x.mean).toBeCloseTo(exact.mean ?? 0, 9);
          for (const [level, value] of x.quantiles) {
            const rank = sorted.filter(other => other <= value!).length / sorted.length;
            // Twice the 99 % bound: hundreds of quantiles are looked at.
            expect(Math.abs(rank - level)).toBeLessThanOrEqual(2 * (x.rankError ?? 0) + 1 / sorted.length);
          }
          const level = textOf(merged, 'level');
          const held = new Map<string, number>();
          for (const value of whole.columns[4]!.values as readonly (string | null)[])
            if (value !== null) held.set(value, (held.get(value) ?? 0) + 1);
          expect(Math.abs(level.distinct - held.size)).toBeLessThanOrEqual(
            5 * (level.distinctError ?? 0) * held.size,
          );
          for (const [value, count] of level.top) {
            expect(count).toBeLessThanOrEqual(held.get(value)!);
            expect(count).toBeGreaterThanOrEqual(held.get(value)! - whole.rows / 513);
          }
          expect(numberOf(merged, 'at').traits).toEqual({ whole: true, rising: 'strictly' });
          expect(numberOf(merged, 'at').distinct).toBe(whole.rows);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('keeps whole rows of both parts, in their proportion and order', () => {
    const merged = mergeProfiles(sketchTable(table(30_000, 1)), sketchTable(table(10_000, 2, 30_000)));
    const at = merged.table.kept('at') as Float64Array;
    const id = merged.table.kept('id') as readonly string[];
    expect(at).toHaveLength(5000);
    expect(Float64Array.from(at).sort()).toEqual(at);
    expect(at.every((time, i) => id[i] === `A${(time - 1.6e12) / 1000 + 1000}`)).toBe(true);
    // 3,750 expected, standard deviation 31.
    const early = at.filter(time => time < 1.6e12 + 30_000e3).length;
    expect(Math.abs(early - 3750)).toBeLessThan(130);
  });

  it('knows a key while it can, and never takes an estimate for one', () => {
    expect(textOf(sketchTable(table(3000, 1)), 'id')).toMatchObject({ distinct: 3000, unique: true });
    const twice = mergeProfiles(sketchTable(table(3000, 1)), sketchTable(table(3000, 1)));
    // Texts of two parts may be the same ones; nobody looked.
    expect(textOf(twice, 'id')).not.toHaveProperty('unique');
    expect(numberOf(twice, 'at')).not.toHaveProperty('unique');
    const again: Table = {
      rows: 3001,
      columns: [
        {
          name: 'id',
          type: 'string',
          values: [...(table(3000, 1).columns[0]!.values as readonly string[]), 'A1000'],
        },
      ],
    };
    expect(textOf(sketchTable(again), 'id').unique).toBe(false);
    expect(textOf(sketchTable(again), 'id').distinct).toBeLessThan(3001);
  });

  it('refuses other columns, and other types of one', () => {
    const [a, b] = [
      sketchTable(table(5, 1)),
      sketchTable({ rows: 5, columns: table(5, 1).columns.slice(1) }),
    ];
    expect(() => mergeProfiles(a, b)).toThrow(/do not merge/);
    const time = sketchTable({ rows: 1, columns: [{ name: 'x', type: 'time', values: Float64Array.of(1) }] });
    const number = sketchTable({
      rows: 1,
      columns: [{ name: 'x', type: 'number', values: Float64Array.of(1) }],
    });
    expect(() => mergeProfiles(time, number)).toThrow(RangeError);
  });
});

describe('a stored sketch', () => {
  it('comes back as it was, and merges on', () => {
    const [a, b] = [sketchTable(table(4000, 1)), sketchTable(table(4000, 2))];
    const back = profileSketchFromJson(JSON.parse(JSON.stringify(profileSketchToJson(a))));
    expect(profileOf(back)).toEqual(profileOf(a));
    expect(profileOf(mergeProfiles(back, b))).toEqual(profileOf(mergeProfiles(a, b)));
  });

  it('is of bounded size: 25 columns of any length take less than 60 kB each of sketch', () => {
    const wide = (rows: number): Table => ({
      rows,
      columns: Array.from({ length: 5 }, (_, i) => table(rows, i, 0, 50_000).columns)
        .flat()
        .map((column, i) => ({ ...column, name: `${column.name}${i}` })),
    });
    const { table: sketches } = profileSketchToJson(sketchTable(wide(30_000)));
    for (const { sketch } of sketches.columns) expect(JSON.stringify(sketch).length).toBeLessThan(60_000);
  });

  it('that is damaged says so', () => {
    for (const bad of [
      null,
      {},
      { profile: 'sketch', version: 2 },
      { ...profileSketchToJson(sketchTable(table(9, 1))), columns: [] },
    ])
      expect(() => profileSketchFromJson(bad)).toThrow(expect.objectContaining({ code: 'storage_corrupt' }));
  });
});

/** Sums of merged parts differ in their last digits. */
const rounded = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, each: unknown) => (typeof each === 'number' ? Number(each.toFixed(8)) : each)),
  );
