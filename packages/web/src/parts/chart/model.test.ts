import { expect, test } from 'vitest';
import { decimalsOf, extent, lastShown, timeTicks } from './model.js';

const line = (values: (number | null)[]) => ({ label: 'l', values, colour: 'ink' as const });

test('the extent holds lines, bands and thresholds, with air', () => {
  const data = {
    x: [1, 2],
    lines: [line([1, null])],
    bands: [{ label: 'b', low: [0, 0], high: [2, 3], colour: 'ink' as const }],
  };
  const [low, high] = extent(data, [{ value: -1, label: 't' }])!;
  expect(low).toBeLessThan(-1);
  expect(low).toBeGreaterThan(-1.5);
  expect(high).toBeGreaterThan(3);
  expect(extent({ x: [1], lines: [line([null])] }, [])).toBeNull();
  // A flat line still gets a scale.
  expect(extent({ x: [1], lines: [line([0])] }, [])).toEqual([-0.06, 0.06]);
});

test('without pointing, the last place that has a value is read out', () => {
  expect(lastShown({ x: [1, 2, 3], lines: [line([1, 2, null]), line([null, null, null])] })).toBe(1);
  expect(lastShown({ x: [], lines: [] })).toBeUndefined();
});

test('ticks have the decimals of their step', () => {
  expect([100, 1, 0.5, 0.025, 0.1, 0.0002].map(decimalsOf)).toEqual([0, 0, 1, 3, 1, 4]);
});

test('months by name, January by its year, other days as days', () => {
  const at = (month: number, day: number) => new Date(2014, month, day).getTime();
  expect(timeTicks([at(0, 1), at(2, 1), at(2, 15)])).toEqual(['2014', 'Mar', '15 Mar']);
});
