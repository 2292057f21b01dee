import { type Column, seededRng, type Table, tableFromRows } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { findEdgeCases } from './edge-cases.js';
import { inputProfile } from './input-profile.js';

const SCHEMA = [
  { name: 'temp', type: 'number', nullable: true },
  { name: 'humid', type: 'number', nullable: true },
  { name: 'carrier', type: 'string', nullable: true },
  { name: 'cargo', type: 'boolean', nullable: true },
  { name: 'at', type: 'time', nullable: true },
] as const;

const INPUTS = SCHEMA.map(({ name }) => name);

/** Warm days are humid, cold ones dry; one flight in five has no humidity. */
function days(rows: number, seed: number): Table {
  const rng = seededRng(seed);
  return tableFromRows(
    SCHEMA,
    Array.from({ length: rows }, (_, i) => {
      const warmth = rng.next();
      return {
        temp: 30 * warmth,
        humid: i % 5 === 0 ? null : 40 + 50 * warmth + 4 * rng.next(),
        carrier: ['AA', 'UA', 'B6'][Math.floor(3 * rng.next())]!,
        cargo: rng.next() < 0.5,
        at: i,
      };
    }),
  );
}

const profile = inputProfile(days(5000, 1), INPUTS, seededRng(9))!;
const usual = { temp: 15, humid: 67, carrier: 'AA', cargo: true, at: 1e9 };
const kindsOf = (row: Record<string, number | string | boolean | null>) =>
  findEdgeCases(profile, tableFromRows(SCHEMA, [{ ...usual, ...row }]), 0.99).cases.flatMap(({ reasons }) =>
    reasons.map(({ kind, column }) => (column === null ? kind : `${kind} ${column}`)),
  );

describe('findEdgeCases', () => {
  it.each<[string, Parameters<typeof kindsOf>[0], string[]]>([
    ['a usual day', {}, []],
    ['a missing value that training often missed', { humid: null }, []],
    ['a missing value that training never missed', { carrier: null }, ['missing carrier']],
    ['a value above the greatest', { temp: 31 }, ['out-of-range temp']],
    ['a carrier that nobody knew', { carrier: 'ZZ' }, ['unseen-category carrier']],
  ])('%s', (_, row, expected) => expect(kindsOf(row)).toEqual(expect.arrayContaining(expected)));

  it('says nothing of a usual day, whatever the clock says', () => expect(kindsOf({})).toEqual([]));

  it('sees that two usual values do not go together', () => {
    // Each alone is well within training.
    expect(kindsOf({ temp: 1, humid: 91 })).toEqual(['out-of-distribution']);
    const [edge] = findEdgeCases(
      profile,
      tableFromRows(SCHEMA, [{ ...usual, temp: 1, humid: 91 }]),
      0.99,
    ).cases;
    expect(edge!.reasons[0]!.text).toMatch(
      /^the values together .* most of all (temp and humid|humid and temp)$/,
    );
  });

  it('calls about as many of training’s own kind strange as the limit says', () => {
    const { cases, rows } = findEdgeCases(profile, days(4000, 2), 0.99);
    const strange = cases.filter(({ reasons }) => reasons.some(({ kind }) => kind === 'out-of-distribution'));
    expect(strange.length / rows).toBeGreaterThan(0.003);
    expect(strange.length / rows).toBeLessThan(0.02);
  });

  it('puts the strangest first, counts the reasons, and says them in words', () => {
    const rows = [usual, { ...usual, temp: 400, carrier: 'ZZ' }, { ...usual, temp: 31 }];
    const { cases, kinds } = findEdgeCases(profile, tableFromRows(SCHEMA, rows), 0.99);
    expect(cases.map(({ row }) => row)).toEqual([1, 2]);
    expect(kinds[0]).toEqual({ kind: 'out-of-range', column: 'temp', count: 2 });
    expect(cases[0]!.reasons.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^temp is 400, above (29|30)\.?\d*, the greatest in training$/),
        'carrier is "ZZ", which training never saw',
      ]),
    );
  });

  it('an absent column is missing in every row, a column that became text is missing too', () => {
    const table = days(3, 3);
    const gone: Table = {
      rows: 3,
      columns: table.columns
        .filter(({ name }) => name !== 'carrier')
        .map(
          (column): Column =>
            column.name === 'temp' ? { name: 'temp', type: 'string', values: ['a', 'b', 'c'] } : column,
        ),
    };
    const { kinds } = findEdgeCases(profile, gone, 0.99);
    expect(kinds).toEqual(
      expect.arrayContaining([
        { kind: 'missing', column: 'carrier', count: 3 },
        { kind: 'missing', column: 'temp', count: 3 },
      ]),
    );
  });

  it('nothing asked, nothing found; too small a training has no profile', () => {
    expect(findEdgeCases(profile, tableFromRows(SCHEMA, []), 0.99)).toMatchObject({
      rows: 0,
      cases: [],
      kinds: [],
    });
    expect(inputProfile(days(49, 1), INPUTS, seededRng(1))).toBeNull();
    expect(inputProfile(days(100, 1), ['at'], seededRng(1))).toBeNull();
  });
});
