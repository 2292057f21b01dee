import { expect, test } from 'vitest';
import { areaPath } from './density.js';

test('a share over a bin twice as wide stands half as high', () => {
  // Bins of width 1, 1 and 2 (mean 4/3): densities 0.25, 0.25 and 0.25 of equal share per width.
  const path = areaPath([0.25, 0.25, 0.5], [0, 1, 2, 4], 400, 100, 1);
  const heights = [...path.matchAll(/V([\d.]+)H/g)].map(match => Number(match[1]));
  expect(new Set(heights).size).toBe(1);
  expect(path).toMatch(/^M0 100.*V100Z$/);
});

test('the highest bin touches the top, an empty one the ground', () => {
  const path = areaPath([0.6, 0, 0.4], [0, 1, 2, 3], 300, 100, 0.6);
  expect([...path.matchAll(/V([\d.]+)H([\d.]+)/g)].map(m => [Number(m[1]), Number(m[2])])).toEqual([
    [4, 100],
    [100, 200],
    [36, 300],
  ]);
});

test('a single value has no shape', () => {
  expect(areaPath([1], [5, 5], 100, 50, 1)).toBe('');
});
