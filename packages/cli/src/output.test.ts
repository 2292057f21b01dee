import { describe, expect, it } from 'vitest';
import { many, table, when } from './output.js';

describe('table', () => {
  it('aligns texts left and numbers right, under their titles', () => {
    expect(
      table(
        ['model', 'rows', 'AUC'],
        [
          ['a', 9186, 0.70312],
          ['longer', 12, null],
        ],
      ),
    ).toBe(['model   rows     AUC', 'a       9186  0.7031', 'longer    12       –'].join('\n'));
  });

  it('says so when there is nothing', () => {
    expect(table(['a', 'b'], [])).toBe('none yet');
    expect(table(['a'], [], 'no window was read')).toBe('no window was read');
  });
});

it('counts in words', () => {
  expect([many(0, 'label'), many(1, 'label'), many(10083, 'label')]).toEqual([
    '0 labels',
    '1 label',
    '10,083 labels',
  ]);
});

it('gives times in UTC and says so', () => {
  expect(when(Date.UTC(2013, 5, 14, 8, 0))).toBe('2013-06-14 08:00Z');
});
