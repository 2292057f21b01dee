import { numbers, type Table } from '@twinloop/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdOutStart, inTimeOrder, windowRows } from './hold-out.js';

const DAY = 86_400_000;
const dated = (days: readonly number[]): Table => ({
  rows: days.length,
  columns: [
    { name: 'at', type: 'time', values: Float64Array.from(days, day => day * DAY) },
    { name: 'row', type: 'number', values: Float64Array.from(days, (_, row) => row) },
  ],
});

describe('time order', () => {
  it('keeps rows of one time in their order and puts undated ones first', () => {
    const { table, order } = inTimeOrder(dated([3, 1, Number.NaN, 3, 2, 1]), 'at');
    expect([...numbers(table, 'row')]).toEqual([2, 1, 5, 4, 0, 3]);
    expect([...order]).toEqual([2, 1, 5, 4, 0, 3]);
  });

  it('without a time column the given order stands', () => {
    const table = dated([3, 1, 2]);
    expect(inTimeOrder(table, undefined).table).toBe(table);
  });
});

describe('the hold-out', () => {
  it.each([
    [10, 0.2, 8],
    [9186, 0.2, 7348],
    [2, 0.5, 1],
    [2, 0.01, 1],
    [3, 0.5, 1],
  ])('%d rows, share %d: begins at %d', (rows, share, start) =>
    expect(holdOutStart(rows, share)).toBe(start),
  );

  it('law: both sides always have a row', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 1e6 }),
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        (rows, share) => {
          const start = holdOutStart(rows, share);
          expect(start).toBeGreaterThanOrEqual(1);
          expect(start).toBeLessThan(rows);
        },
      ),
    );
  });
});

describe('windows', () => {
  it('law: a window holds exactly the rows at most its length older than the newest before the bound', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(),
        (days, length, cut) => {
          const times = Float64Array.from(
            [...days].sort((a, b) => a - b),
            day => day * DAY,
          );
          const until = 1 + (cut % times.length);
          const { from } = windowRows(times, until, `${length}d`);
          const newest = times[until - 1]!;
          for (let row = 0; row < until; row++) {
            expect(row >= from).toBe(times[row]! >= newest - length * DAY);
          }
        },
      ),
    );
  });

  it('undated rows belong to no window but `all`', () => {
    const times = Float64Array.of(Number.NaN, Number.NaN, 5 * DAY, 6 * DAY);
    expect(windowRows(times, 4, '30d').from).toBe(2);
    expect(windowRows(times, 4, 'all').from).toBe(0);
  });
});
