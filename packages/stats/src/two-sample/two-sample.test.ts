import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goldenCases } from '../../test-support/golden.js';
import { seeded } from '../../test-support/random.js';
import { expectRateAtLeast, expectRateAtMost, times } from '../../test-support/simulation.js';
import { alignCounts } from '../common/counts.js';
import { chiSquareTwoSample } from './chi-square.js';
import { sparseChiSquarePValue } from './chi-square-sparse.js';
import { fisherExact } from './fisher-exact.js';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.js';
import { ksPValue } from './ks-p-value.js';
import { mannWhitney } from './mann-whitney.js';
import { welchT } from './welch.js';

const sample = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 40 });

describe('kolmogorovSmirnov', () => {
  it('says how far apart and where', () => {
    const result = kolmogorovSmirnov([1, 2, 3, 4], [3, 4, 5, 6]);
    expect(result).toMatchObject({ statistic: 0.5, location: 2, n: 4, m: 4 });
  });
  it('is symmetric, blind to monotone transformations, and 0 on itself', () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const straight = kolmogorovSmirnov(a, b);
        const swapped = kolmogorovSmirnov(b, a);
        const transformed = kolmogorovSmirnov(a.map(Math.exp), b.map(Math.exp));
        expect(swapped.statistic).toBe(straight.statistic);
        expect(swapped.pValue).toBeCloseTo(straight.pValue, 10);
        expect(transformed.statistic).toBe(straight.statistic);
        expect(kolmogorovSmirnov(a, a)).toMatchObject({ statistic: 0, pValue: 1 });
      }),
    );
  });
  it('equals the definition on small samples', () => {
    const share = (values: number[], x: number): number => values.filter(v => v <= x).length / values.length;
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const brute = Math.max(...[...a, ...b].map(x => Math.abs(share(a, x) - share(b, x))));
        expect(kolmogorovSmirnov(a, b).statistic).toBeCloseTo(brute, 12);
      }),
    );
  });
  it('drops NaN, keeps infinities, and has nothing to say about an empty side', () => {
    expect(kolmogorovSmirnov([1, NaN, 2], [NaN, 5])).toMatchObject({ n: 2, m: 1, statistic: 1 });
    expect(kolmogorovSmirnov([-Infinity, 1], [1, Infinity])).toMatchObject({
      statistic: 0.5,
      location: -Infinity,
    });
    const empty = kolmogorovSmirnov([NaN], [1]);
    expect(empty).toEqual({ statistic: NaN, pValue: NaN, n: 0, m: 1, location: NaN });
  });
  it('leaves its inputs alone', () => {
    const a = Float64Array.of(3, 1, 2);
    kolmogorovSmirnov(a, [2]);
    expect([...a]).toEqual([3, 1, 2]);
  });
  it('exact p-value equals counting all arrangements', () => {
    // All C(7, 3) ways to interleave 3 and 4 values; the observed statistic is 3/4.
    let reach = 0;
    let all = 0;
    for (let mask = 0; mask < 128; mask++) {
      const firsts = [...Array(7).keys()].filter(bit => (mask >> bit) & 1);
      if (firsts.length !== 3) continue;
      all++;
      const rest = [...Array(7).keys()].filter(bit => !((mask >> bit) & 1));
      if (kolmogorovSmirnov(firsts, rest).statistic >= 0.75 - 1e-12) reach++;
    }
    expect(ksPValue(0.75, 3, 4, 'exact')).toBeCloseTo(reach / all, 12);
  });
  it('exact and asymptotic agree for large samples, and the tail keeps its digits', () => {
    expect(ksPValue(0.02, 9000, 10_000, 'exact')).toBeCloseTo(ksPValue(0.02, 9000, 10_000, 'asymptotic'), 3);
    const exact = ksPValue(0.5, 1000, 1000, 'exact');
    expect(exact / ksPValue(0.5, 1000, 1000, 'asymptotic')).toBeGreaterThan(0.1);
    expect(exact).toBeLessThan(1e-90);
  });
});

describe('chiSquareTwoSample', () => {
  it('reads maps, records and aligned arrays alike', () => {
    const map = chiSquareTwoSample(
      new Map([
        ['a', 10],
        ['b', 20],
      ]),
      new Map([
        ['b', 5],
        ['c', 4],
      ]),
    );
    expect(chiSquareTwoSample({ a: 10, b: 20 }, { c: 4, b: 5 })).toEqual(map);
    expect(chiSquareTwoSample([10, 20, 0, 0], [0, 5, 4, 0])).toEqual(map);
    expect(map).toMatchObject({ df: 2, n: 30, m: 9 });
  });
  it('does not depend on the order in which levels arrive', () => {
    const a = { x: 1.1, y: 3.7, z: 9.3 };
    const b = { z: 2.9, x: 8.2, y: 0.3 };
    expect(chiSquareTwoSample(a, b)).toEqual(chiSquareTwoSample({ z: 9.3, x: 1.1, y: 3.7 }, b));
  });
  it('one level: no evidence; an empty side: NaN; nonsense: refused', () => {
    expect(chiSquareTwoSample({ a: 5 }, { a: 9 })).toMatchObject({
      statistic: 0,
      df: 0,
      pValue: 1,
      cramersV: 0,
    });
    expect(chiSquareTwoSample({}, { a: 9 }).pValue).toBeNaN();
    expect(() => chiSquareTwoSample({ a: -1 }, { a: 9 })).toThrow(RangeError);
    expect(() => chiSquareTwoSample([1, 2], [1])).toThrow(/same length/);
    expect(() => chiSquareTwoSample([1, 2], { a: 1 })).toThrow(/same length/);
  });
});

describe('p-values with rare levels', () => {
  const zipf = (levels: number, power: number): number[] =>
    Array.from({ length: levels }, (_, i) => (i + 1) ** -power);
  const p = (a: number[], b: number[]): number =>
    sparseChiSquarePValue(alignCounts(a, b), chiSquareTwoSample(a, b).statistic);

  it('is the classical p-value when no expected count is below 5', () => {
    expect(p([50, 60, 70], [70, 60, 50])).toBe(chiSquareTwoSample([50, 60, 70], [70, 60, 50]).pValue);
    expect(p([50, 60, 3], [70, 60, 5])).not.toBe(chiSquareTwoSample([50, 60, 3], [70, 60, 5]).pValue);
  });
  it.each([
    ['200 Zipf levels, 10,000 against 200 rows', 10_000, 200, zipf(200, 2)],
    ['200 Zipf levels, 10,000 against 50 rows', 10_000, 50, zipf(200, 1)],
    ['200 equal levels, 50 rows a side', 50, 50, zipf(200, 0)],
    ['two levels, one rare', 10_000, 200, [0.995, 0.005]],
  ])('holds its level where χ² does not: %s', (_name, n, m, weights) => {
    const draws = seeded(n + m + weights.length);
    const runs = 2000;
    const values = Array.from({ length: runs }, () =>
      p(draws.multinomial(n, weights), draws.multinomial(m, weights)),
    );
    for (const level of [0.05, 0.01])
      expectRateAtMost(values.filter(each => each <= level).length, runs, level);
  });
  it('still sees a change when every level is rare', () => {
    const draws = seeded(5);
    const half = zipf(100, 0);
    const none = half.map(() => 0);
    const found = times(
      200,
      () => p(draws.multinomial(50, [...half, ...none]), draws.multinomial(50, [...none, ...half])) < 0.01,
    );
    expectRateAtLeast(found, 200, 0.95);
  });
  it('knows when there can be no evidence', () => {
    expect(p([1, 1, 0, 0], [0, 0, 1, 1])).toBe(1);
    expect(p([1, 0], [0, 1])).toBe(1);
    expect(p([1, 0, 0], [0, 1, 1])).toBe(1);
  });
});

describe('fisherExact', () => {
  it.each(
    goldenCases()
      .filter(each => 'fisher_p' in each.expected)
      .map(each => [each.name, each] as const),
  )('equals scipy: %s', (_name, { input, expected }) => {
    const table =
      'x1' in input
        ? [
            input.x1,
            (input.n1 as number) - (input.x1 as number),
            input.x2,
            (input.n2 as number) - (input.x2 as number),
          ]
        : [...(input.ref_counts as number[]), ...(input.cur_counts as number[])];
    expect(fisherExact(...(table as [number, number, number, number]))).toBeCloseTo(
      expected.fisher_p as number,
      9,
    );
  });
  it('an empty margin is no evidence; fractions are refused', () => {
    expect(fisherExact(0, 0, 3, 4)).toBe(1);
    expect(() => fisherExact(1.5, 1, 1, 1)).toThrow(RangeError);
  });
});

describe('mannWhitney', () => {
  it('counts pairs', () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const brute = a.reduce(
          (sum, x) => sum + b.reduce((s, y) => s + (x > y ? 1 : x === y ? 0.5 : 0), 0),
          0,
        );
        const result = mannWhitney(a, b);
        expect(result.statistic).toBe(brute);
        expect(result.superiority).toBeCloseTo(brute / (a.length * b.length), 12);
        expect(mannWhitney(b, a).pValue).toBeCloseTo(result.pValue, 10);
      }),
    );
  });
  it('refuses an exact answer it cannot give, and says NaN for an empty side', () => {
    expect(() => mannWhitney([1, 2], [2, 3], 'exact')).toThrow(/without ties/);
    expect(mannWhitney([], [1]).pValue).toBeNaN();
    expect(mannWhitney([1, 1], [1, 1]).pValue).toBe(1);
  });
});

describe('welchT', () => {
  it('holds its level with unequal variances and sizes', () => {
    const draws = seeded(77);
    const of = (n: number, scale: number): number[] =>
      Array.from({ length: n }, () => scale * draws.normal());
    expectRateAtMost(
      times(4000, () => welchT(of(12, 1), of(60, 5)).pValue <= 0.05),
      4000,
      0.055,
    );
  });
  it('one value a side: NaN', () => {
    expect(welchT([1], [2, 3])).toMatchObject({ statistic: NaN, pValue: NaN, n: 1, m: 2 });
  });
});
