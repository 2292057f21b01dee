import type { QuarantineView } from '@twinloop/client';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkWords, quarantineCsv, quarantineWords } from './words.js';
import { withRules } from './write-rules.js';

const rules = [
  { text: '{ rule: nulls, column: temp, max: 0.1 }', why: '5 % of 400 are missing' },
  { text: '{ rule: pattern, column: id, regex: "^F[0-9]+$" }', why: 'all are built alike' },
];

describe('rules are added to a project file by lines', () => {
  const before = [
    'project: shop # ours',
    'expectations:',
    '  orders:',
    '    # the cash desk says so',
    '    - { rule: rows, min: 5 } # at least',
    '    - rule: unique',
    '      columns: [id]',
    'features: { inputs: [a,',
    '   b] }',
    '',
  ].join('\n');

  it('after those that are there', () => {
    const after = withRules(before, 'orders', rules);
    expect(after.split('\n').slice(5, 10)).toEqual([
      '    - rule: unique',
      '      columns: [id]',
      '    - { rule: nulls, column: temp, max: 0.1 } # 5 % of 400 are missing',
      '    - { rule: pattern, column: id, regex: "^F[0-9]+$" } # all are built alike',
      'features: { inputs: [a,',
    ]);
    expect(after.replace(/ {4}- \{ rule: (nulls|pattern).*\n/g, '')).toBe(before);
    expect((parse(after) as { expectations: { orders: object[] } }).expectations.orders).toHaveLength(4);
  });

  it('to a dataset that has none yet, and to a file that has none at all', () => {
    const more = parse(withRules(before, 'returns', rules)) as { expectations: Record<string, object[]> };
    expect([more.expectations['orders']!.length, more.expectations['returns']!.length]).toEqual([2, 2]);
    expect(parse(withRules('project: shop', 'orders', rules))).toMatchObject({
      project: 'shop',
      expectations: { orders: [{ rule: 'nulls' }, { regex: '^F[0-9]+$' }] },
    });
  });

  it('with nothing to add nothing changes', () => expect(withRules(before, 'orders', [])).toBe(before));

  it.each([
    'expectations: { orders: [{ rule: rows, min: 1 }] }',
    'expectations:\n  orders: []',
    'a: [',
    'expectations:',
  ])('what is written otherwise is left to the person: %j', file =>
    expect(() => withRules(file, 'orders', rules)).toThrow(/one line|cannot be read|empty/),
  );
});

describe('words', () => {
  const view: QuarantineView = {
    dataset: 'orders',
    version: 'abcdef0123456789',
    quarantined: 3,
    kept: 97,
    reasons: [{ rule: 'range', subject: 'n', text: '{ rule: range, column: n, max: 9 }', count: 3 }],
    columns: ['n', 's'],
    rows: [
      { row: 4, values: [99, '=1+1'], reasons: ['{ rule: range, column: n, max: 9 }'] },
      { row: 9, values: [12, 'say "x", y'], reasons: ['a', 'b'] },
    ],
  };
  it('of rows kept apart', () => {
    const said = quarantineWords(view);
    expect(said).toContain('orders abcdef012345: 3 rows kept apart, 97 went on');
    expect(said).toContain('3 × { rule: range, column: n, max: 9 }');
    expect(said).toContain('(2 of 3 shown)');
    expect(quarantineWords({ ...view, quarantined: 0, rows: [] })).toContain('no row was kept apart');
  });
  it('as CSV, formulas disarmed', () => {
    expect(quarantineCsv(view)).toBe(
      '$number,$reasons,n,s\n4,"{ rule: range, column: n, max: 9 }",99,\'=1+1\n9,a; b,12,"say ""x"", y"\n',
    );
  });
  it('of a check', () => {
    const result = { passed: false, count: 2, rows: 9, observed: null, message: 'n: wrong' };
    expect(
      checkWords({
        dataset: 'orders',
        source: 'a.csv',
        rows: 9,
        quarantined: 1,
        status: 'refused',
        findings: [{ rule: 'range', count: 2, rows: 9, severity: 'error', message: 'n: wrong' }],
        rules: [{ rule: 'range', subject: 'n', text: '', severity: 'error', quarantines: false, result }],
      }),
    ).toBe(
      'error   range: n: wrong\n9 rows held against 1 expectation of orders: would be refused, 1 row would be kept apart',
    );
  });
});
