import { describe, expect, it } from 'vitest';
import { formatCount, formatFigure, formatInterval, formatShare } from './figures.js';

describe('figures as people read them', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [9186, '9,186'],
    [1234567, '1,234,567'],
    [-50814, '-50,814'],
  ])('count %d', (count, text) => expect(formatCount(count)).toBe(text));

  it.each([
    [0.2009, '20.1 %'],
    [0.05, '5 %'],
    [0, '0 %'],
    [1, '100 %'],
    [0.0004, '0.04 %'],
    [Number.NaN, 'an unknown share'],
  ])('share %d', (share, text) => expect(formatShare(share)).toBe(text));

  it.each([
    [0.4218, '0.422'],
    [0.42, '0.42'],
    [-0.021, '−0.021'],
    [99, '99'],
    [123.456, '123.5'],
    [5_000_000, '5,000,000'],
    [0.000012345, '0.000012'],
    [1.5e-12, '1.5e-12'],
    [Number.NaN, 'not defined'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ])('figure %d', (value, text) => expect(formatFigure(value)).toBe(text));

  it('interval', () => expect(formatInterval([-0.0042, 0.0381])).toBe('[−0.004, 0.038]'));
});
