import { type ColumnType, type Table, TwinloopError, tableFromRows } from '@twinloop/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkExpectations } from './check-expectations.js';
import type { Expectation } from './config.js';

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

const sql = {
  countViolations: async (table: Table, expression: string) => {
    if (expression === 'nonsense') {
      throw new TwinloopError('expression_invalid', { values: { expression, reason: 'no column nonsense' } });
    }
    if (expression === 'disk') throw new TwinloopError('storage_full', { values: { reason: 'disk' } });
    return expression === 'false' ? table.rows : 0;
  },
};

const check = (table: Table, ...rules: Expectation[]) => checkExpectations(table, rules, sql);

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
    [{ rule: 'unique', columns: ['id'] }, 1, 'id: 1 of 6 rows repeat an earlier one'],
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
  ];
  it.each(cases)('%j', async (rule, count, message) => {
    const { status, findings } = await check(flights, rule);
    expect(findings).toMatchObject([{ rule: rule.rule, count, rows: 6, severity: 'error', message }]);
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
  ])('holds: %j', async rule => {
    expect(await check(flights, rule)).toEqual({ status: 'accepted', checked: 1, findings: [], badRows: 0 });
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

  it('counts a row that breaks two rules once', async () => {
    const table = tableOf({ id: [1, 2, 2], hour: [99, 5, 99] });
    const { badRows, findings } = await check(
      table,
      { rule: 'unique', columns: ['id'] },
      { rule: 'range', column: 'hour', max: 23 },
    );
    expect(findings.map(({ count }) => count)).toEqual([1, 2]);
    expect(badRows).toBe(2);
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
