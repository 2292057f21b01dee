import {
  type CheckOptions,
  type ChecksResult,
  type Column,
  type ContentHash,
  type DataCheck,
  MOST_GROUPS,
  type RowTest,
  type Table,
} from '@twinloop/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InMemory } from '../../packages/loop/src/data/rules/checks.fixture.js';

const NAN = Number.NaN;
type Values = readonly (string | number | null)[];

export const numeric = (name: string, type: 'number' | 'boolean' | 'time', values: Values): Column => ({
  name,
  type,
  values: Float64Array.from(values, value => (value === null ? NAN : Number(value))),
});
export const text = (name: string, values: Values): Column => ({
  name,
  type: 'string',
  values: values.map(value => (value === null ? null : String(value))),
});

const table: Table = {
  rows: 8,
  columns: [
    numeric('x', 'number', [1, 2, null, 4, 4, -7.5, 2 ** 53, 0]),
    text('s', ['a', 'bb', null, 'a', '🙂', "it's", '', 'B2']),
    numeric('b', 'boolean', [1, 0, null, 1, 1, 0, 0, 1]),
    numeric('at', 'time', [0, 1000, 500, null, 500, 2000, 2000, 3000]),
    text('n', ['1', ' 2.5 ', 'n/a', '4e2', null, '0', '-1', '7']),
    text('g', ['u', 'u', 'u', 'v', 'v', 'v', null, 'v']),
    numeric('none', 'number', [null, null, null, null, null, null, null, null]),
    numeric('same', 'number', [5, 5, 5, 5, 5, 5, 5, 5]),
    text('odd "name"', ['p', 'p', 'q', 'q', 'p', 'p', 'p', null]),
  ],
};
const empty: Table = {
  rows: 0,
  columns: table.columns.map(column =>
    column.type === 'string' ? { ...column, values: [] } : { ...column, values: new Float64Array() },
  ),
};
const codes: Table = {
  rows: 4,
  columns: [text('code', ['a', 'bb', null, 'a']), numeric('of', 'number', [1, 2, 3, null])],
};
/** Stands for the hash of `codes` until an adapter has stored it. */
const CODES = 'codes' as ContentHash;

const sql: NonNullable<InMemory['sql']> = {
  'x > 1': ({ x }) => (x === null ? null : Number(x) > 1),
  b: ({ b }) => (b === null ? null : b === true),
  'data.x <= 4 -- a remark': ({ x }) => (x === null ? null : Number(x) <= 4),
  "g = 'v'": ({ g }) => (g === null ? null : g === 'v'),
  true: () => true,
  'x is null': ({ x }) => x === null,
};
const aggregates: NonNullable<InMemory['aggregates']> = {
  'count(x) / count(*)': rows =>
    rows.length === 0 ? null : rows.filter(({ x }) => x !== null).length / rows.length,
};

export interface ChecksAdapter {
  readonly check: (
    table: Table,
    checks: readonly DataCheck[],
    meaning: InMemory,
    options?: CheckOptions,
  ) => Promise<ChecksResult>;
  /** Keeps a table to refer to. */
  readonly keep: (table: Table) => Promise<ContentHash>;
}

/** Every adapter answers what the plain definitions answer, in tables of tests and in random ones. */
export function dataChecksContract(
  name: string,
  open: () => Promise<ChecksAdapter>,
  oracle: (
    table: Table,
    checks: readonly DataCheck[],
    meaning: InMemory,
    options?: CheckOptions,
  ) => ChecksResult,
): void {
  const byName = (a: { group: string | null }, b: { group: string | null }): number =>
    String(a.group) < String(b.group) ? -1 : 1;
  const counted = ({ rows, outcomes, apart, apartMore }: ChecksResult) => ({
    rows,
    apart,
    apartMore,
    outcomes: outcomes.map(({ rows: of, tested, broken, figure, groups, problem }) => ({
      rows: of,
      tested,
      broken,
      figure: figure === null ? null : Number(figure.toPrecision(12)),
      groups: [...(groups ?? [])].sort(byName).map(group => ({
        ...group,
        figure: group.figure && Number(group.figure.toPrecision(12)),
      })),
      problem: problem !== undefined,
    })),
  });
  const agree = async (
    of: Table,
    checks: readonly DataCheck[],
    options?: CheckOptions,
  ): Promise<ChecksResult> => {
    const adapter = await open();
    const blob = await adapter.keep(codes);
    const placed = checks.map(check =>
      'test' in check && check.test.kind === 'refers' ? { ...check, test: { ...check.test, blob } } : check,
    );
    const meaning: InMemory = { sql, aggregates, stored: { [blob]: codes } };
    const found = await adapter.check(of, placed, meaning, options);
    expect(counted(found)).toEqual(counted(oracle(of, placed, meaning, options)));
    return found;
  };

  const tests: readonly (readonly [RowTest, broken: number])[] = [
    [{ kind: 'present', column: 'x' }, 1],
    [{ kind: 'present', column: 'none' }, 8],
    [{ kind: 'between', column: 'x', min: 0, max: 4 }, 2],
    [{ kind: 'between', column: 'x', above: 0, below: 4 }, 5],
    [{ kind: 'between', column: 'x', min: -7.5, max: 2 ** 53 }, 0],
    [{ kind: 'between', column: 's', min: 0 }, 7],
    [{ kind: 'between', column: 'b', min: 1 }, 3],
    [{ kind: 'between', column: 'at', min: 500, max: 2000 }, 2],
    [{ kind: 'between', column: 'none', min: 0 }, 0],
    [{ kind: 'among', column: 's', values: ['a', "it's", 1] }, 4],
    [{ kind: 'among', column: 'x', values: [1, 2, '4'] }, 5],
    [{ kind: 'among', column: 'odd "name"', values: ['p'] }, 2],
    [{ kind: 'matches', column: 's', regex: '^[a-z]+$' }, 4],
    [{ kind: 'matches', column: 's', regex: '\\u{1F642}|a' }, 4],
    [{ kind: 'matches', column: 'x', regex: '^\\d$' }, 2],
    [{ kind: 'length', column: 's', min: 1, max: 1 }, 4],
    [{ kind: 'reads-as', column: 'n', type: 'number' }, 1],
    [{ kind: 'reads-as', column: 'x', type: 'number' }, 0],
    [{ kind: 'reads-as', column: 'x', type: 'string' }, 7],
    [{ kind: 'near-mean', column: 'x', z: 2 }, 1],
    [{ kind: 'near-mean', column: 'same', z: 1 }, 0],
    [{ kind: 'near-mean', column: 'none', z: 1 }, 0],
    [{ kind: 'unique', columns: ['s'] }, 1],
    [{ kind: 'unique', columns: ['x', 's'] }, 0],
    [{ kind: 'unique', columns: ['g', 'b'] }, 2],
    [{ kind: 'ordered', column: 'at', direction: 'increasing', strictly: false }, 1],
    [{ kind: 'ordered', column: 'at', direction: 'increasing', strictly: true }, 3],
    [{ kind: 'ordered', column: 'at', direction: 'decreasing', strictly: false, per: 'g' }, 3],
    [{ kind: 'refers', columns: ['s'], blob: CODES, to: ['code'] }, 4],
    [{ kind: 'refers', columns: ['s', 'x'], blob: CODES, to: ['code', 'of'] }, 5],
    [{ kind: 'holds', expression: 'x > 1' }, 3],
    [{ kind: 'holds', expression: 'b' }, 3],
    [{ kind: 'holds', expression: 'data.x <= 4 -- a remark' }, 1],
  ];
  const figures = (
    ['mean', 'median', 'stdev', 'min', 'max', 'sum', 'distinct', 'unique-share'] as const
  ).flatMap(of =>
    ['x', 'b', 'at', 'none', 'same', ...(of === 'distinct' || of === 'unique-share' ? ['s'] : [])].map(
      (column): DataCheck => ({ figure: { kind: 'statistic', column, of } }),
    ),
  );

  describe(`data checks: ${name}`, () => {
    test('each test breaks at so many rows, and they are named', async () => {
      const { outcomes, apart } = await agree(
        table,
        tests.map(([one]) => ({ test: one })),
        { apart: { checks: tests.map((_, i) => i), limit: 20 } },
      );
      const named = tests.map((_, i) => apart.filter(({ checks }) => checks.includes(i)).length);
      const shown = (counts: readonly number[]) => tests.map(([one], i) => [one, counts[i]]);
      expect(shown(outcomes.map(({ broken }) => broken))).toEqual(tests);
      expect(shown(named)).toEqual(tests);
    });

    test('all at once, by slice, by group, and of nothing', async () => {
      const checks = [...tests.map(([one]): DataCheck => ({ test: one })), ...figures];
      const extra: DataCheck[] = [
        { figure: { kind: 'rows' } },
        { figure: { kind: 'value', expression: 'count(x) / count(*)' } },
      ];
      const whole = [...checks, ...extra];
      const apart = { checks: tests.map((_, i) => i), limit: 5 };
      await agree(table, whole, { apart });
      await agree(empty, whole, { apart });
      // Outliers of a slice are measured against the slice; of groups against the whole, which the oracle is not asked.
      await agree(
        table,
        whole.map(check => ({ ...check, where: "g = 'v'" })),
        { apart },
      );
      const grouped = whole.filter(check => !('test' in check && check.test.kind === 'near-mean'));
      await agree(
        table,
        grouped.map(check => ({ ...check, by: 'g' })),
      );
      await agree(
        table,
        grouped.map(check => ({ ...check, by: 'b', where: 'x > 1' })),
        {
          apart: { checks: [0, 2, 22, 24, 25], limit: 20 },
        },
      );
    }, 30_000);

    test('random columns', async () => {
      const cell = fc.option(fc.integer({ min: -3, max: 3 }), { freq: 5 });
      const rows = fc.array(fc.tuple(cell, cell, fc.constantFrom('u', 'v', null)), { maxLength: 30 });
      await fc.assert(
        fc.asyncProperty(rows, async found => {
          const random: Table = {
            rows: found.length,
            columns: [
              numeric(
                'x',
                'number',
                found.map(row => row[0]),
              ),
              text(
                's',
                found.map(row => row[1]),
              ),
              text(
                'g',
                found.map(row => row[2]),
              ),
            ],
          };
          const few: RowTest[] = [
            { kind: 'present', column: 's' },
            { kind: 'between', column: 'x', min: -1, below: 3 },
            { kind: 'unique', columns: ['x', 's'] },
            { kind: 'ordered', column: 'x', direction: 'increasing', strictly: true, per: 'g' },
            { kind: 'ordered', column: 'x', direction: 'decreasing', strictly: false },
            { kind: 'near-mean', column: 'x', z: 1.3 },
            { kind: 'matches', column: 's', regex: '^-' },
          ];
          await agree(
            random,
            [
              ...few.map(one => ({ test: one })),
              ...few.map(one => ({ test: one, where: "g = 'v'" })),
              { figure: { kind: 'statistic', column: 'x', of: 'stdev' }, by: 'g' },
            ],
            { apart: { checks: few.flatMap((_, i) => [i, i + few.length]), limit: 100 } },
          );
        }),
        { numRuns: 10 },
      );
    }, 60_000);

    test.each<[string, DataCheck, RegExp?]>([
      ['an unknown column', { test: { kind: 'present', column: 'ghost' } }, /ghost/],
      ['an unknown group', { test: { kind: 'present', column: 'x' }, by: 'ghost' }, /ghost/],
      ['a text has no mean', { figure: { kind: 'statistic', column: 's', of: 'mean' } }],
      ['broken SQL', { test: { kind: 'holds', expression: 'x >' } }],
      ['no SQL', { test: { kind: 'holds', expression: ' ' } }],
      ['not true or false', { test: { kind: 'holds', expression: 'x + 1' } }],
      ['an aggregate of a row', { test: { kind: 'holds', expression: 'count(*) > 1' } }],
      ['a broken slice', { figure: { kind: 'rows' }, where: 'x >' }],
      ['a pattern that is none', { test: { kind: 'matches', column: 's', regex: '(' } }],
      ['a pattern that looks back', { test: { kind: 'matches', column: 's', regex: '(?<=a)b' } }],
      ['a value that is no aggregate', { figure: { kind: 'value', expression: 'x' } }],
      ['a value that is no number', { figure: { kind: 'value', expression: 'max(s)' } }],
    ])('%s is a problem of the check, and of no other', async (_name, check, words) => {
      const adapter = await open();
      const { outcomes } = await adapter.check(
        table,
        [{ test: { kind: 'present', column: 'x' } }, check, { figure: { kind: 'rows' } }],
        { sql, aggregates },
      );
      expect(outcomes.map(({ problem }) => problem !== undefined)).toEqual([false, true, false]);
      if (words !== undefined) expect(outcomes[1]!.problem).toMatch(words);
      expect(outcomes[2]!.figure).toBe(8);
    });

    test('groups are bounded', async () => {
      const many: Table = {
        rows: MOST_GROUPS + 1,
        columns: [
          text(
            'id',
            Array.from({ length: MOST_GROUPS + 1 }, (_, i) => i),
          ),
        ],
      };
      const { outcomes } = await (await open()).check(many, [{ figure: { kind: 'rows' }, by: 'id' }], {});
      expect(outcomes[0]!.problem).toMatch(/100 groups/);
    });
  });
}
