import { type Column, seededRng, takeRows, type Table } from '@twinloop/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkExpectations, findingsOf } from '../check-expectations.js';
import { profileTable } from '../profile/profile.js';
import { checkInMemory } from './checks.fixture.js';
import { suggestRules, suggestionsYaml } from './suggest-rules.js';

const numbers = (
  name: string,
  values: readonly (number | null)[],
  type: 'number' | 'time' = 'number',
): Column => ({
  name,
  type,
  values: Float64Array.from(values, value => value ?? Number.NaN),
});
const texts = (name: string, values: readonly (string | null)[]): Column => ({
  name,
  type: 'string',
  values,
});
const of = (rows: number, ...columns: Column[]): Table => ({ rows, columns });
const range = <T>(rows: number, one: (i: number) => T): T[] => Array.from({ length: rows }, (_, i) => one(i));

async function broken(table: Table, rules: Parameters<typeof findingsOf>[0]) {
  const { results } = await checkExpectations(
    {
      check: async (_source, checks, options) => checkInMemory(table, checks, {}, options),
      version: async () => undefined,
      column: async () => table.columns[0]!,
    },
    { dataset: 'd', table, rules, at: 0, time: 'at' },
  );
  return findingsOf(rules, results);
}

describe('rules from a profile', () => {
  const flights = of(
    400,
    texts(
      'id',
      range(400, i => `F${1000 + i}`),
    ),
    numbers(
      'at',
      range(400, i => i * 60_000),
      'time',
    ),
    texts(
      'origin',
      range(400, i => ['EWR', 'JFK', 'LGA'][i % 3]!),
    ),
    texts(
      'gate',
      range(400, i => `${'ABC'[i % 3]}-${i % 97}`),
    ),
    texts(
      'remark',
      range(400, i => `seen ${'x'.repeat(i % 40)}, ok`),
    ),
    numbers(
      'temp',
      range(400, i => (i % 20 === 0 ? null : (i % 31) - 5.5)),
    ),
    numbers(
      'late',
      range(400, i => i % 90),
    ),
    numbers(
      'none',
      range(400, () => null),
    ),
  );
  it.each([
    ['a number of rows', '{ rule: rows, min: 200 }', 'this version has 400 rows; half as many are a cut'],
    ['a key', '{ rule: unique, columns: [id] }', 'all 400 values are different'],
    [
      'a code',
      '{ rule: pattern, column: id, regex: "^[A-Z][0-9]{4}$" }',
      'all 400 different values are built alike',
    ],
    ['a code of several lengths', '{ rule: pattern, column: gate, regex: "^[A-Z]-[0-9]{1,2}$" }', undefined],
    [
      'a set',
      '{ rule: set, column: origin, values: [EWR, JFK, LGA] }',
      'only 3 different values in 400 rows, the rarest 133 times',
    ],
    ['a length', '{ rule: length, column: remark, min: 1, max: 72 }', '9 to 48 characters long'],
    [
      'a widened range',
      '{ rule: range, column: temp, min: -11.5, max: 30.5 }',
      'found −5.5 to 24.5, widened by 20 %',
    ],
    ['a range that stays positive', '{ rule: range, column: late, min: 0, max: 107 }', undefined],
    ['missing values', '{ rule: nulls, column: temp, max: 0.13 }', '5 % of 400 are missing'],
    ['no missing values', '{ rule: nulls, column: late, max: 0 }', 'none of 400 is missing'],
    ['order of time', '{ rule: monotonic, column: at }', 'the rows stand in the order of their time'],
  ])('%s', (_name, text, why) => {
    const found = suggestRules(profileTable(flights), { time: 'at' });
    const one = found.find(each => each.text === text);
    expect(one?.text ?? found.map(each => each.text)).toBe(text);
    if (why !== undefined) expect(one!.why).toBe(why);
  });

  it('a column without values, and a table of few rows, ask for next to nothing', () => {
    expect(suggestRules(profileTable(flights)).some(({ text }) => text.includes('column: none'))).toBe(false);
    expect(suggestRules(profileTable(takeRows(flights, [0, 1])))).toHaveLength(1);
  });

  it('with versions before, rows are held against them', () => {
    expect(suggestRules(profileTable(flights), { history: true })[0]!.text).toBe(
      '{ rule: rows, against: history }',
    );
  });

  it('a block to paste', () => {
    const yaml = suggestionsYaml('flights', suggestRules(profileTable(flights)).slice(0, 1));
    expect(yaml).toBe(
      'expectations:\n  flights:\n    - { rule: rows, min: 200 } # this version has 400 rows; half as many are a cut\n',
    );
  });

  it('law: what is proposed holds on the rows it came from, and on a bootstrap of them but for keys and order', async () => {
    const number = fc.option(
      fc.oneof(fc.integer({ min: -50, max: 50 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
      { freq: 8 },
    );
    const word = fc.option(
      fc.oneof(fc.constantFrom('a', 'B1', 'Zürich', '🙂'), fc.string({ maxLength: 6 })),
      { freq: 8 },
    );
    const row = fc.tuple(number, word, fc.integer({ min: 0, max: 3 }), fc.integer());
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 80 }), fc.integer(), async (rows, seed) => {
        const table = of(
          rows.length,
          numbers(
            'x',
            rows.map(each => each[0]),
          ),
          texts(
            's',
            rows.map(each => each[1]),
          ),
          texts(
            'few',
            rows.map(each => `k${each[2]}`),
          ),
          texts(
            'id',
            range(rows.length, i => `r${i}`),
          ),
          numbers(
            'at',
            range(rows.length, i => i),
            'time',
          ),
        );
        const rules = suggestRules(profileTable(table), { key: 'id', time: 'at' }).map(({ rule }) => rule);
        expect(await broken(table, rules)).toEqual([]);
        const rng = seededRng(seed);
        const drawn = takeRows(
          table,
          range(rows.length, () => Math.floor(rng.next() * rows.length)),
        );
        // Drawing with putting back repeats keys and mixes the order, whatever the data.
        const lasting = rules.filter(({ rule }) => rule !== 'unique' && rule !== 'monotonic');
        expect(await broken(drawn, lasting)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
