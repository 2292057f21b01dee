import {
  type ColumnType,
  columnOf,
  type ContentHash,
  type Row,
  type Table,
  TwinloopError,
  tableFromRows,
} from '@twinloop/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkExpectations,
  type ExpectationPorts,
  type ExpectationRequest,
  findingsOf,
} from './check-expectations.js';
import type { Expectation } from './config.js';
import { checkInMemory } from './rules/checks.fixture.js';
import { sketchTable } from './profile/profile-sketch.js';
import { schemaOf } from './schema.js';

const NAN = Number.NaN;

/** A table from columns; strings are text, the rest numbers. */
function tableOf(columns: Record<string, readonly (string | number | null)[]>): Table {
  const names = Object.keys(columns);
  const rows = columns[names[0]!]!.length;
  return {
    rows,
    columns: names.map(name => {
      const values = columns[name]!;
      return values.some(value => typeof value === 'string')
        ? { name, type: 'string' as const, values: values as (string | null)[] }
        : {
            name,
            type: 'number' as const,
            values: Float64Array.from(values, value => (value as number) ?? NAN),
          };
    }),
  };
}

const meaning = {
  sql: { false: () => false, true: () => true, "origin = 'LAX'": (row: Row) => row['origin'] === 'LAX' },
};

const ports = (stored: Readonly<Record<string, Table>> = {}): ExpectationPorts => ({
  check: async (source, checks, options) => {
    if (checks.some(one => 'test' in one && one.test.kind === 'holds' && one.test.expression === 'disk'))
      throw new TwinloopError('storage_full', { values: { reason: 'disk' } });
    if (!('table' in source)) throw new Error('nothing is stored here');
    return checkInMemory(source.table, checks, { ...meaning, stored }, options);
  },
  version: async (dataset, which) => {
    const table = stored[which === 'newest' ? dataset : which];
    const name = (which === 'newest' ? dataset : which) as ContentHash;
    return table && { version: name, blob: name, schema: schemaOf(table) };
  },
  column: async (blob, name) => columnOf(stored[blob]!, name)!,
});

async function check(table: Table, ...rules: Expectation[]) {
  return judged(table, rules, {});
}
async function judged(
  table: Table,
  rules: readonly Expectation[],
  more: Partial<ExpectationRequest> & { stored?: Readonly<Record<string, Table>> },
) {
  const { stored, ...request } = more;
  const { results } = await checkExpectations(ports(stored), {
    dataset: 'flights',
    table,
    rules,
    at: 0,
    ...request,
  });
  const findings = findingsOf(rules, results);
  const status = findings.some(({ severity }) => severity === 'error') ? 'refused' : 'accepted';
  return { status, findings, results };
}

describe('each rule: what breaks it, how many rows, and the words', () => {
  const flights = tableOf({
    id: ['a', 'b', 'b', 'c', null, null],
    temp: [1, NAN, NAN, 4, 5, 6],
    hour: [0, 23, 99, -1, NAN, 12],
    origin: ['EWR', 'JFK', 'LAX', 'LAX', 'SFO', null],
    text: ['1', '2', 'n/a', '4', '5', '6'],
  });
  const cases: [Expectation, number, string][] = [
    [{ rule: 'rows', min: 500 }, 6, '6 rows, at least 500 expected'],
    [{ rule: 'rows', max: 5 }, 6, '6 rows, at most 5 expected'],
    [{ rule: 'nulls', column: 'temp', max: 0.05 }, 2, 'temp: 33.3 % of 6 values are missing, 5 % allowed'],
    [{ rule: 'unique', columns: ['id'] }, 1, 'id: 1 of 6 rows repeat an earlier one (found "b" 1)'],
    [
      { rule: 'range', column: 'hour', min: 0, max: 23 },
      2,
      'hour: 2 of 6 values lie outside 0 to 23 (found −1 to 99)',
    ],
    [{ rule: 'range', column: 'hour', min: 0 }, 1, 'hour: 1 of 6 values lie below 0 (found −1 to 99)'],
    [
      { rule: 'set', column: 'origin', values: ['EWR', 'JFK', 'LGA'] },
      3,
      'origin: 3 of 6 values are not one of EWR, JFK, LGA (found "LAX" 2, "SFO" 1)',
    ],
    [
      { rule: 'pattern', column: 'origin', regex: '^[EJ]' },
      3,
      'origin: 3 of 6 values do not match ^[EJ] (found "LAX" 2, "SFO" 1)',
    ],
    [
      { rule: 'type', column: 'text', type: 'number' },
      1,
      'text: 1 of 6 values are not numbers (found "n/a" 1)',
    ],
    [{ rule: 'type', column: 'hour', type: 'string' }, 5, 'hour: holds numbers where texts are expected'],
    [{ rule: 'sql', expression: 'false' }, 6, 'false: false for 6 of 6 rows'],
    [{ rule: 'nulls', column: 'id' }, 2, 'id: 33.3 % of 6 values are missing, 0 % allowed'],
    [{ rule: 'nulls', column: 'id', mostly: 0.9 }, 2, 'id: 33.3 % of 6 values are missing, 10 % allowed'],
    [
      { rule: 'range', column: 'hour', above: 0, max: 99 },
      2,
      'hour: 2 of 6 values lie where they must not: they must be above 0 and at most 99 (found −1 to 99)',
    ],
    [
      { rule: 'range', column: 'hour', min: 0, max: 23, mostly: 0.8 },
      2,
      'hour: 2 of 6 values lie outside 0 to 23 (found −1 to 99); 20 % may',
    ],
    [
      { rule: 'length', column: 'text', max: 2 },
      1,
      'text: 1 of 6 values do not have at most 2 characters (found "n/a" 1)',
    ],
    [
      { rule: 'outliers', column: 'hour', z: 1.5 },
      1,
      'hour: 1 of 6 values lie 1.5 or more standard deviations from the mean (found 99 1)',
    ],
    [
      { rule: 'monotonic', column: 'temp', direction: 'decreasing' },
      3,
      'temp: 3 of 6 values are greater than the one before (found 4 1, 5 1, 6 1)',
    ],
    [
      { rule: 'set', column: 'origin', values: ['EWR'], where: "origin = 'LAX'" },
      2,
      'origin: 2 of 2 values are not one of EWR (found "LAX" 2), where origin = \'LAX\'',
    ],
    [
      { rule: 'nulls', column: 'temp', max: 0.1, by: 'id' },
      2,
      'temp: 100 % of 2 values are missing, 10 % allowed where id is b (1 of 4 groups)',
    ],
    [{ rule: 'statistic', column: 'temp', of: 'mean', max: 3 }, 6, 'temp: the mean is 4, at most 3 expected'],
    [
      { rule: 'statistic', column: 'origin', of: 'distinct', min: 1, max: 3 },
      6,
      'origin: the number of different values is 4, 1 to 3 expected',
    ],
    [
      { rule: 'schema', columns: { id: 'string', hour: 'string', gate: 'string' } },
      6,
      'hour is number, not string; gate is not there',
    ],
    [
      { rule: 'schema', columns: { id: 'string', temp: 'number', hour: 'number' }, extra: 'refuse' },
      6,
      'origin is not declared; text is not declared',
    ],
    [
      { rule: 'reference', columns: ['origin'], dataset: 'nowhere' },
      6,
      'origin: cannot be evaluated: nowhere has no accepted version to look in',
    ],
    [
      { rule: 'freshness', within: '1h' },
      6,
      'freshness: cannot be evaluated: no column dates the rows: the dataset declares no `time`',
    ],
  ];
  it.each(cases)('%j', async (rule, count, message) => {
    const { status, findings } = await check(flights, rule);
    expect(findings).toMatchObject([{ rule: rule.rule, count, severity: 'error', message }]);
    expect(status).toBe('refused');
  });

  it.each<Expectation>([
    { rule: 'rows', min: 6, max: 6 },
    { rule: 'nulls', column: 'temp', max: 1 / 3 },
    { rule: 'unique', columns: ['id', 'temp'] },
    { rule: 'range', column: 'hour', min: -1, max: 99 },
    { rule: 'set', column: 'origin', values: ['EWR', 'JFK', 'LAX', 'SFO'] },
    { rule: 'pattern', column: 'origin', regex: '^[A-Z]{3}$' },
    { rule: 'type', column: 'hour', type: 'number' },
    { rule: 'sql', expression: 'true' },
    { rule: 'range', column: 'hour', min: 0, max: 23, mostly: 0.6 },
    { rule: 'length', column: 'origin', min: 3, max: 3 },
    { rule: 'outliers', column: 'hour' },
    { rule: 'monotonic', column: 'temp', strictly: true },
    { rule: 'nulls', column: 'temp', max: 0.6, by: 'origin', where: "origin = 'LAX'" },
    { rule: 'statistic', column: 'temp', of: 'median', min: 4, max: 5 },
    { rule: 'schema', columns: { id: 'string' } },
    { rule: 'rows', against: 'history' },
    { rule: 'distribution', column: 'hour' },
  ])('holds: %j', async rule => {
    expect(await check(flights, rule)).toMatchObject({
      status: 'accepted',
      findings: [],
      results: [{ passed: true, message: null }],
    });
  });
});

describe('rules at their edges', () => {
  it('an unknown column is a finding that lists what is there', async () => {
    const { status, findings } = await check(tableOf({ temp: [1] }), {
      rule: 'nulls',
      column: 'tmp',
      max: 0,
    });
    expect(status).toBe('refused');
    expect(findings[0]).toMatchObject({ column: 'tmp', message: 'tmp: no such column; the data has temp' });
  });

  it('infinity is outside every range, also an open one', async () => {
    const table = tableOf({ x: [1, Number.POSITIVE_INFINITY] });
    expect((await check(table, { rule: 'range', column: 'x', min: 0 })).findings[0]?.count).toBe(1);
  });

  it('a text in a numeric range breaks it', async () => {
    const table = tableOf({ x: ['1', 'two', null] });
    expect((await check(table, { rule: 'range', column: 'x', min: 0, max: 9 })).findings[0]?.count).toBe(2);
  });

  it('numbers stored as text are named as such', async () => {
    const { findings } = await check(tableOf({ x: ['1', '2'] }), {
      rule: 'type',
      column: 'x',
      type: 'number',
    });
    expect(findings[0]?.message).toContain('is stored as text although its values are numbers');
  });

  it('a wrong expression is the rule’s fault, a full disk is not', async () => {
    const table = tableOf({ x: [1] });
    const { findings } = await check(table, { rule: 'sql', expression: 'nonsense' });
    expect(findings[0]?.message).toContain('cannot be evaluated');
    await expect(check(table, { rule: 'sql', expression: 'disk' })).rejects.toMatchObject({
      code: 'storage_full',
    });
    const broken = await check(table, { rule: 'pattern', column: 'x', regex: '(' });
    expect(broken.findings[0]?.message).toContain('not valid');
  });

  it('a warning is told and does not refuse', async () => {
    const { status, findings } = await check(tableOf({ x: [1] }), {
      rule: 'rows',
      min: 2,
      severity: 'warning',
    });
    expect([status, findings[0]?.severity]).toEqual(['accepted', 'warning']);
  });

  it('texts that only look alike when joined are not repeats', async () => {
    const table = tableOf({ a: ['x', 'x1'], b: ['1:y', 'y'] });
    expect((await check(table, { rule: 'unique', columns: ['a', 'b'] })).findings).toEqual([]);
  });
});

describe('rules that look beyond the batch', () => {
  const of = (rows: number): Table => tableOf({ x: Array.from({ length: rows }, (_, i) => i) });

  it.each([
    [100, [], true],
    [100, [90, 1000, 110], true],
    [40, [90, 1000, 110], false],
    [170, [90, 1000, 110], false],
    // Only the last five count.
    [100, [100, 100, 100, 100, 100, 9, 9, 9, 9, 9, 9, 9], true],
  ])('%d rows against the history %j: %j', async (rows, history, passed) => {
    const { results } = await judged(of(rows), [{ rule: 'rows', against: 'history' }], { history });
    expect(results[0]!.passed).toBe(passed);
  });
  it('says what the history is', async () => {
    const { findings } = await judged(of(10), [{ rule: 'rows', against: 'history', within: 0.2 }], {
      history: [100, 90, 120],
    });
    expect(findings[0]!.message).toBe('10 rows, 80 to 120 expected: the last 3 versions had 100 (median)');
  });

  it('freshness is held against the time of the check, and observed as an age', async () => {
    const table: Table = {
      rows: 2,
      columns: [{ name: 'at', type: 'time', values: Float64Array.of(1000, 7_200_000) }],
    };
    const rule: Expectation = { rule: 'freshness', within: '1h' };
    const fresh = await judged(table, [rule], { time: 'at', at: 7_200_000 + 3_600_000 });
    expect(fresh.results[0]).toMatchObject({ passed: true, observed: 3_600_000 });
    const stale = await judged(table, [rule], { time: 'at', at: 7_200_000 + 3_660_001 });
    expect(stale.findings[0]!.message).toBe('the newest row is 61m old, 1h allowed');
  });

  it('references look into another dataset', async () => {
    const airports = tableOf({ code: ['EWR', 'JFK'] });
    const table = tableOf({ origin: ['EWR', 'LAX', null, 'LAX'] });
    const { findings } = await judged(
      table,
      [{ rule: 'reference', columns: ['origin'], dataset: 'airports', to: ['code'] }],
      { stored: { airports } },
    );
    expect(findings).toMatchObject([
      { count: 2, message: 'origin: 2 of 4 rows are not found in airports (found "LAX" 2)' },
    ]);
  });

  describe('distribution', () => {
    const spread = (n: number, by: number, scale = 1): Table =>
      tableOf({
        x: Array.from({ length: n }, (_, i) => (i % 100) * scale + by),
        s: Array.from({ length: n }, (_, i) => `v${Math.floor(((i % 100) + by) / 20)}`),
        none: new Array<null>(n).fill(null),
      });
    const flights = spread(2000, 0);
    const rule = (more: object): Expectation => ({ rule: 'distribution', column: 'x', ...more });
    it.each([
      ['the same', spread(1500, 0), {}, true],
      ['a little aside is tolerated', spread(1500, 5), {}, true],
      ['moved', spread(1500, 40), {}, false],
      ['by the index', spread(1500, 40), { method: 'psi' }, false],
      ['by the divergence', spread(1500, 40), { method: 'kl' }, false],
      ['with more room', spread(1500, 40), { method: 'psi', max: 20 }, true],
      ['of texts', spread(1500, 40), { column: 's' }, false],
      ['of the same texts', spread(1500, 0), { column: 's', method: 'psi' }, true],
      ['of nothing, as before', spread(1500, 0), { column: 'none' }, true],
      ['of a version that is not there', spread(100, 0), { against: 'abcdef12' }, false],
    ] as const)('%s', async (_name, table, more, passed) => {
      const { results } = await judged(table, [rule(more)], { stored: { flights } });
      expect(results[0]!.passed).toBe(passed);
    });
    it('says how far it moved, from which version', async () => {
      const { findings } = await judged(spread(1500, 40), [rule({})], { stored: { flights } });
      expect(findings[0]!.message).toBe('x: moved by 1.125 σ from version flights, 0.2 allowed');
    });
    describe('against the profile of a version', () => {
      /** Its rows are gone. */
      const judgeGone = async (reference: Table, now: Table, ...rules: Expectation[]) =>
        checkExpectations(
          {
            ...ports(),
            version: async () => ({
              version: 'old' as ContentHash,
              blob: 'gone' as ContentHash,
              schema: schemaOf(reference),
              profile: {},
            }),
            column: async () => {
              throw new TwinloopError('not_found', { values: { what: 'The blob' } });
            },
            sketch: async () => sketchTable(reference),
          },
          { dataset: 'flights', table: now, rules, at: 0 },
        );
      it.each([
        ['the same', 0, 'x', {}],
        ['moved', 40, 'x', {}],
        ['moved by the index', 40, 'x', { method: 'psi' }],
        ['the same by the divergence', 0, 'x', { method: 'kl' }],
        ['texts', 40, 's', {}],
        ['the same texts', 0, 's', { method: 'psi' }],
        ['nothing, as before', 0, 'none', {}],
      ] as const)('%s is judged as with its rows', async (_name, by, column, more) => {
        const asked = rule({ column, ...more });
        const [told] = (await judgeGone(flights, spread(1500, by), asked)).results;
        const [held] = (await judged(spread(1500, by), [asked], { stored: { flights } })).results;
        expect(told!.passed).toBe(held!.passed);
        if (held!.observed !== null)
          expect(Math.abs(told!.observed! - held!.observed)).toBeLessThan(0.02 * (1 + held!.observed));
      });
      it('counts the values together that the profile has no count of', async () => {
        const many = (n: number, from: number): Table =>
          tableOf({
            s: Array.from({ length: n }, (_, i) => (i % 4 === 0 ? 'often' : `v${from + (i % 2500)}`)),
          });
        const asked = rule({ column: 's' });
        expect((await judgeGone(many(20_000, 0), many(5000, 0), asked)).results[0]!.passed).toBe(true);
        expect(
          (await judgeGone(many(20_000, 0), tableOf({ s: new Array<string>(500).fill('often') }), asked))
            .results[0]!.passed,
        ).toBe(false);
      });
      it('says so when neither is there', async () => {
        const long = tableOf({ s: Array.from({ length: 40 }, (_, i) => `${i}${'x'.repeat(300)}`) });
        const [found] = (await judgeGone(long, long, rule({ column: 's' }))).results;
        expect(found!.message).toBe(
          's: the rows of version old are gone, and its profile does not tell its values',
        );
      });
    });
    it('a column of nothing but missing values has moved', async () => {
      const gone = {
        rows: 3,
        columns: [{ name: 'x', type: 'number' as const, values: Float64Array.of(NAN, NAN, NAN) }],
      };
      expect((await judged(gone, [rule({})], { stored: { flights } })).status).toBe('refused');
    });
  });

  it('columns that are not declared may be a warning', async () => {
    const { status, findings } = await check(of(1), { rule: 'schema', columns: {}, extra: 'warn' });
    expect([status, findings[0]!.severity]).toEqual(['accepted', 'warning']);
  });

  it('two columns of one name cannot be meant', async () => {
    const table: Table = { rows: 1, columns: [...of(1).columns, ...of(1).columns] };
    const { findings } = await check(
      table,
      { rule: 'nulls', column: 'x' },
      { rule: 'schema', columns: { x: 'number' } },
    );
    expect(findings.map(({ message }) => message)).toEqual([
      'x: two columns have this name',
      'x is there twice',
    ]);
  });

  it.each([0, 1])('a table of %d rows has no offenders', async rows => {
    const { results } = await judged(
      of(rows),
      [
        { rule: 'nulls', column: 'x' },
        { rule: 'range', column: 'x', min: 0 },
        { rule: 'unique', columns: ['x'] },
        { rule: 'outliers', column: 'x' },
        { rule: 'monotonic', column: 'x' },
        { rule: 'statistic', column: 'x', of: 'distinct', max: 1 },
      ],
      {},
    );
    expect(results.every(({ passed }) => passed)).toBe(true);
  });
});

it('a poisoned batch is refused with column, rule and count: nulls, wild hours, repeats', async () => {
  const rows = Array.from({ length: 1000 }, (_, i) => ({
    id: `F${i}`,
    temp: i % 5 === 0 ? null : 20,
    hour: i % 24,
  }));
  const schema = [
    { name: 'id', type: 'string' as ColumnType, nullable: false },
    { name: 'temp', type: 'number' as ColumnType, nullable: true },
    { name: 'hour', type: 'number' as ColumnType, nullable: false },
  ];
  rows[7]!.hour = 99;
  const table = tableFromRows(schema, [...rows, ...rows.slice(0, 50)]);
  const { status, findings } = await check(
    table,
    { rule: 'nulls', column: 'temp', max: 0.05 },
    { rule: 'range', column: 'hour', min: 0, max: 23 },
    { rule: 'unique', columns: ['id'] },
  );
  expect(status).toBe('refused');
  expect(findings.map(({ rule, column, count }) => [rule, column, count])).toEqual([
    ['nulls', 'temp', 210],
    ['range', 'hour', 2],
    ['unique', 'id', 50],
  ]);
});

it('law: several rules over one column find what each finds alone', async () => {
  const value = fc.oneof(fc.constant(null), fc.integer({ min: -5, max: 30 }));
  await fc.assert(
    fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 60 }), async values => {
      const table = tableOf({ x: values });
      const rules: Expectation[] = [
        { rule: 'nulls', column: 'x', max: 0.2 },
        { rule: 'range', column: 'x', min: 0, max: 23 },
        { rule: 'set', column: 'x', values: [0, 1, 2, 3] },
      ];
      const together = (await check(table, ...rules)).findings;
      const alone = (await Promise.all(rules.map(rule => check(table, rule)))).flatMap(
        result => result.findings,
      );
      expect(together).toEqual(alone);
    }),
  );
});
