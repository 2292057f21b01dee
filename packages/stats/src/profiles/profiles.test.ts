import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalWidthEdges, histogram } from './histogram.js';
import { profileCategorical } from './profile-categorical.js';
import { profileNumeric } from './profile-numeric.js';
import { quantile } from './quantile.js';

describe('quantile', () => {
  it('is numpy’s default', () => {
    expect(quantile([1, 2, 3, 4], 0.25)).toBe(1.75);
    expect([quantile([1, 2, 3, 4], 0), quantile([1, 2, 3, 4], 1), quantile([7], 0.3)]).toEqual([1, 4, 7]);
  });
  it('edges of the domain', () => {
    expect(quantile([], 0.5)).toBeNaN();
    expect(quantile([-Infinity, -Infinity, 1], 0.25)).toBe(-Infinity);
    expect(() => quantile([1], 1.2)).toThrow(RangeError);
    expect(() => quantile([1], NaN)).toThrow(RangeError);
  });
});

describe('histogram', () => {
  it('bins are [lo, hi), the last closed; the rest is counted, not lost', () => {
    const result = histogram([0, 1, 1, 2, 3, -1, 4, NaN], [0, 1, 2, 3]);
    expect(result).toEqual({ edges: [0, 1, 2, 3], counts: [1, 2, 2], below: 1, above: 1, missing: 1 });
  });
  it('accounts for every value', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), fc.uniqueArray(fc.integer(), { minLength: 2 }), (values, cuts) => {
        const { counts, below, above, missing } = histogram(
          values,
          cuts.sort((a, b) => a - b),
        );
        expect(counts.reduce((sum, c) => sum + c, below + above + missing)).toBe(values.length);
      }),
    );
  });
  it('refuses edges that do not ascend', () => {
    expect(() => histogram([1], [1])).toThrow(/two edges/);
    expect(() => histogram([1], [2, 1])).toThrow(/ascend/);
    expect(equalWidthEdges(0, 1, 4)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(equalWidthEdges(2, 2, 4)).toEqual([2, 2]);
  });
});

describe('profileNumeric', () => {
  it('counts all rows and describes the present ones', () => {
    const profile = profileNumeric([3, NaN, 1, 2, 2]);
    expect(profile).toMatchObject({ count: 5, missing: 1, min: 1, max: 3, mean: 2, distinct: 3 });
    expect(profile.std).toBeCloseTo(Math.sqrt(2 / 3), 12);
    expect(profile.quantiles.map(([level]) => level)).toEqual([
      0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1,
    ]);
    expect(profile.histogram.counts.reduce((sum, c) => sum + c, 0)).toBe(4);
  });
  it('constant, single and empty columns', () => {
    expect(profileNumeric([5, 5, 5])).toMatchObject({
      std: 0,
      distinct: 1,
      histogram: { edges: [5, 5], counts: [3] },
    });
    expect(profileNumeric([5])).toMatchObject({ std: NaN, mean: 5 });
    expect(profileNumeric([NaN])).toMatchObject({
      count: 1,
      missing: 1,
      min: NaN,
      quantiles: [],
      histogram: { edges: [], counts: [] },
    });
  });
  it('a constant far from 0 has no spread at all', () => {
    expect(profileNumeric([1e9 + 0.1, 1e9 + 0.1, 1e9 + 0.1]).std).toBe(0);
  });
});

describe('profileCategorical', () => {
  it('ranks by count, then by name, and sums up the rest', () => {
    const values = ['b', 'a', 'b', null, 'c', 'a'];
    expect(profileCategorical(values, 2)).toEqual({
      count: 6,
      missing: 1,
      distinct: 3,
      top: [
        ['a', 2],
        ['b', 2],
      ],
      other: 1,
    });
    expect(profileCategorical([])).toEqual({ count: 0, missing: 0, distinct: 0, top: [], other: 0 });
  });
});
