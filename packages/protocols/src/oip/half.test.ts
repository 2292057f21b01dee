import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { halfToNumber, numberToHalf } from './half.js';

describe('half precision', () => {
  it('every bit pattern but the NaNs comes back', () => {
    const lost: number[] = [];
    for (let bits = 0; bits <= 0xffff; bits++) {
      const value = halfToNumber(bits);
      if (numberToHalf(value) !== (Number.isNaN(value) ? 0x7e00 : bits)) lost.push(bits);
    }
    expect(lost).toEqual([]);
  });

  it.each([
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65519.99, 0x7bff],
    [65520, 0x7c00],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [1 / 3, 0x3555],
  ])('%d is %i', (value, bits) => {
    expect(numberToHalf(value)).toBe(bits);
  });

  it('rounds to the nearest half', () => {
    fc.assert(
      fc.property(fc.double({ min: -65504, max: 65504, noNaN: true }), value => {
        const bits = numberToHalf(value);
        const error = Math.abs(halfToNumber(bits) - value);
        for (const neighbour of [bits - 1, bits + 1]) {
          const other = halfToNumber(neighbour & 0xffff);
          if (Number.isFinite(other)) expect(error).toBeLessThanOrEqual(Math.abs(other - value));
        }
      }),
    );
  });
});
