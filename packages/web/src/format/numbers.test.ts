import { describe, expect, test } from 'vitest';
import { counted, figure, fixed, interval, percent, pValue, signed, whole } from './numbers.js';

describe('numbers', () => {
  test('counts carry separators and the right form of their unit', () => {
    expect([whole(50_814), counted(1, 'label'), counted(0, 'label'), counted(1412, 'label')]).toEqual([
      '50,814',
      '1 label',
      '0 labels',
      '1,412 labels',
    ]);
  });

  test('signs are true minus signs, and what rounds to zero has none', () => {
    expect([
      fixed(-0.0314, 3),
      fixed(-0.0001, 3),
      fixed(Number.NaN, 2),
      fixed(Number.NEGATIVE_INFINITY, 2),
    ]).toEqual(['−0.031', '0.000', '–', '−∞']);
    expect([signed(0.021, 3), signed(-0.004, 3), signed(0.0001, 3), signed(0, 2)]).toEqual([
      '+0.021',
      '−0.004',
      '0.000',
      '0.00',
    ]);
  });

  test('a figure keeps about four significant digits whatever its size', () => {
    expect([9186, 1018.4, 13.13, 1.902, 0.0412, 0.00003, -0.5, -2217].map(figure)).toEqual([
      '9,186',
      '1,018',
      '13.13',
      '1.902',
      '0.0412',
      '3.0e−5',
      '−0.5000',
      '−2,217',
    ]);
  });

  test('a p-value is never shown as zero', () => {
    expect([pValue(0.0213), pValue(3.1e-14), pValue(0), pValue(null)]).toEqual([
      '0.021',
      '3.1e−14',
      '< 1e−300',
      '–',
    ]);
  });

  test('percentages and intervals', () => {
    expect(percent(0.2412)).toBe('24.1 %');
    expect(interval([-0.005, 0.0298])).toBe('[−0.0050, 0.0298]');
    expect(interval(undefined)).toBe('–');
    // JSON has no infinity: an unbounded end arrives as null.
    expect(interval([null, null] as unknown as [number, number])).toBe('unbounded');
  });
});
