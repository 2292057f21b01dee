import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowsInSight, scrollTo } from './virtual-rows.js';

test('of 100,000 rows only those in sight and a few more are made', () => {
  expect(rowsInSight({ count: 100_000, rowHeight: 30, top: 1_500_000, height: 600 })).toEqual({
    from: 49_992,
    until: 50_028,
  });
  expect(rowsInSight({ count: 3, rowHeight: 30, top: 0, height: 600 })).toEqual({ from: 0, until: 3 });
  expect(rowsInSight({ count: 0, rowHeight: 30, top: 900, height: 600 })).toEqual({ from: 0, until: 0 });
});

test('a row is brought into sight, and one that is in sight does not move the rest', () => {
  fc.assert(
    fc.property(fc.nat(999), fc.nat(29_000), fc.integer({ min: 60, max: 900 }), (index, top, height) => {
      const next = scrollTo({ index, rowHeight: 30, top, height });
      expect(index * 30).toBeGreaterThanOrEqual(next);
      expect(index * 30 + 30).toBeLessThanOrEqual(next + height);
      if (index * 30 >= top && index * 30 + 30 <= top + height) expect(next).toBe(top);
    }),
  );
});
