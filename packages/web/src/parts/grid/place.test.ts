import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellWidthIn, inSight, labelled, type Measures, moved, shown } from './place.js';

const measures: Measures = {
  rows: 500,
  columns: 400,
  cellWidth: 16,
  rowHeight: 24,
  nameWidth: 160,
  headHeight: 40,
};

test('arrows move one cell and stop at the edges; other keys move nothing', () => {
  expect(moved({ row: 0, column: 0 }, 'ArrowDown', measures)).toEqual({ row: 1, column: 0 });
  expect(moved({ row: 0, column: 0 }, 'ArrowLeft', measures)).toEqual({ row: 0, column: 0 });
  expect(moved({ row: 3, column: 5 }, 'End', measures)).toEqual({ row: 3, column: 399 });
  expect(moved({ row: 499, column: 5 }, 'j', measures)).toEqual({ row: 499, column: 5 });
  expect(moved({ row: 0, column: 0 }, 'a', measures)).toBeUndefined();
  expect(moved({ row: 0, column: 0 }, 'ArrowDown', { ...measures, columns: 0 })).toBeUndefined();
});

test('wherever a key leads, the cell is brought into sight and is in the document', () => {
  fc.assert(
    fc.property(
      fc.nat(499),
      fc.nat(399),
      fc.record({ left: fc.nat(6000), top: fc.nat(11_000), width: fc.integer({ min: 390, max: 1300 }) }),
      (row, column, { left, top, width }) => {
        const sight = { left, top, width, height: 520 };
        const next = { ...sight, ...shown({ row, column }, sight, measures) };
        expect(column * 16).toBeGreaterThanOrEqual(next.left);
        expect(column * 16 + 16).toBeLessThanOrEqual(next.left + width - 160);
        const seen = inSight(next, measures);
        expect(row).toBeGreaterThanOrEqual(seen.rows.from);
        expect(row).toBeLessThan(seen.rows.until);
        expect(column).toBeGreaterThanOrEqual(seen.columns.from);
        expect(column).toBeLessThan(seen.columns.until);
      },
    ),
  );
});

test('of 200,000 cells a screenful is in the document', () => {
  const { rows, columns } = inSight({ left: 3000, top: 6000, width: 1280, height: 520 }, measures);
  expect((rows.until - rows.from) * (columns.until - columns.from)).toBeLessThan(4000);
});

test('cells use the room that there is, within bounds', () => {
  expect(cellWidthIn(1000, 52, [14, 28])).toBe(19);
  expect(cellWidthIn(1000, 4, [14, 28])).toBe(28);
  expect(cellWidthIn(200, 52, [14, 28])).toBe(14);
  expect(cellWidthIn(200, 0, [14, 28])).toBe(28);
});

test('each name is written once, where it starts, and never over the one before', () => {
  expect([...labelled(['Jan', 'Jan', 'Feb', 'Feb', 'Mar', 'Mar'], 16, 32)]).toEqual([0, 2, 4]);
  expect([...labelled(['Jan', 'Feb', 'Mar', 'Mar'], 16, 32)]).toEqual([0, 2]);
  // The last would stand over the edge.
  expect([...labelled(['Jan', 'Jan', 'Feb', 'Feb', 'Mar'], 16, 32)]).toEqual([0, 2]);
  expect([...labelled(['Jan'], 16, 32)]).toEqual([0]);
});
