import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../test-support/random.js';
import { expectRateAtMost, times } from '../../test-support/simulation.js';
import { sortSample } from '../common/samples.js';
import { fisherCombined, stoufferCombined } from '../corrections/combine.js';
import { chebyshevDistance, kullbackLeibler } from '../distances/categorical.js';
import { energyDistance, wassersteinDistance } from '../distances/wasserstein.js';
import { histogramEdges } from '../profiles/histogram-edges.js';
import { shapeOf } from '../profiles/shape.js';
import { uniqueness } from '../profiles/uniqueness.js';
import { cramerVonMisesCdf, cramerVonMisesSf } from '../special/cramer-von-mises.js';
import { andersonDarling } from './anderson-darling.js';
import { chiSquareTwoSample } from './chi-square.js';
import { cramerVonMises } from './cramer-von-mises.js';
import { eppsSingleton } from './epps-singleton.js';
import { chiSquareYates, gTest } from './g-test.js';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.js';
import { mannWhitney } from './mann-whitney.js';
import { studentT } from './student-t.js';
import { welchT } from './welch.js';

const draws = seeded(5);
const normals = (n: number, shift = 0): number[] => Array.from({ length: n }, () => draws.normal() + shift);
const sample = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 5, maxLength: 14 });

/** Statistics of two samples whose laws are the same. */
const tests = {
  kolmogorovSmirnov,
  mannWhitney: (a: number[], b: number[]) => ({ ...mannWhitney(a, b), statistic: mannWhitney(a, b).pValue }),
  cramerVonMises,
  andersonDarling: (a: number[], b: number[]) => andersonDarling([a, b]),
  eppsSingleton,
} as const;

describe.each(Object.entries(tests))('%s', (_name, test) => {
  it('is symmetric, and blind to order, shift and scale', () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const { statistic, pValue } = test(a, b);
        const others = [
          test(b, a),
          test([...a].reverse(), b),
          test(
            a.map(x => 4 * x + 16),
            b.map(x => 4 * x + 16),
          ),
        ];
        for (const other of others) {
          if (Number.isNaN(statistic)) expect(other.statistic).toBeNaN();
          // Huge only where the covariance is singular up to rounding.
          else if (Math.abs(statistic) < 1e6) {
            expect(other.statistic).toBeCloseTo(statistic, 6);
            expect(other.pValue).toBeCloseTo(pValue, 6);
          }
        }
      }),
    );
  });
  it('keeps its error rate', () => {
    expectRateAtMost(
      times(1000, () => test(normals(40), normals(60)).pValue <= 0.05),
      1000,
      0.055,
    );
  });
  it('has nothing to say about an empty side', () => {
    expect(test([], [1, 2, 3, 4, 5]).pValue).toBeNaN();
    expect(test([NaN], [1, 2, 3, 4, 5]).statistic).toBeNaN();
  });
  it('takes a sorted reference', () => {
    const a = normals(30);
    const b = normals(20);
    expect(test(sortSample(a) as never, b).pValue).toBeCloseTo(test(a, b).pValue, 12);
  });
});

describe('the limiting Cramér–von Mises distribution', () => {
  it.each([
    // Anderson & Darling 1952, table 1.
    [0.3473, 0.1],
    [0.46136, 0.05],
    [0.74346, 0.01],
    [1.16786, 0.001],
  ])('P(ω² > %d) = %d', (x, p) => expect(Math.abs(cramerVonMisesSf(x) - p)).toBeLessThan(1e-5));
  it('its two series agree', () => {
    for (let x = 0.02; x < 3; x *= 1.3) expect(cramerVonMisesSf(x) + cramerVonMisesCdf(x)).toBeCloseTo(1, 12);
    expect([cramerVonMisesSf(0), cramerVonMisesSf(NaN), cramerVonMisesSf(200)]).toEqual([
      1,
      NaN,
      expect.any(Number),
    ]);
    expect(cramerVonMisesSf(100)).toBeGreaterThan(0);
  });
});

describe('exact distributions', () => {
  it('Cramér–von Mises: equals counting all arrangements', () => {
    const values = [1, 2, 3, 4, 5, 6, 7];
    const observed = cramerVonMises([1, 2, 4], [3, 5, 6, 7]);
    let reached = 0;
    for (const i of values) {
      for (const j of values.filter(v => v > i)) {
        for (const k of values.filter(v => v > j)) {
          const rest = values.filter(v => ![i, j, k].includes(v));
          if (cramerVonMises([i, j, k], rest).statistic >= observed.statistic - 1e-12) reached++;
        }
      }
    }
    expect(observed.pValue).toBeCloseTo(reached / 35, 12);
    expect(() => cramerVonMises(normals(21), [1], 'exact')).toThrow(RangeError);
  });
  it('Mann–Whitney: large samples agree with the normal approximation, one side with the other', () => {
    const a = normals(200);
    const b = normals(180, 0.15);
    const exact = mannWhitney(a, b, 'exact');
    expect(Math.abs(exact.pValue - mannWhitney(a, b, 'asymptotic').pValue)).toBeLessThan(1e-3);
    const less = mannWhitney(a, b, 'exact', 'less').pValue;
    const greater = mannWhitney(a, b, 'exact', 'greater').pValue;
    // The observed arrangement counts on both sides.
    expect(less + greater).toBeGreaterThan(1);
    expect(less + greater).toBeLessThan(1.001);
    expect(exact.pValue).toBeCloseTo(2 * Math.min(less, greater), 12);
    expect(mannWhitney([1, 2], [3, 4], 'exact', 'less').pValue).toBeCloseTo(1 / 6, 12);
  });
});

describe('andersonDarling', () => {
  it('compares more than two samples', () => {
    const { statistic, sizes } = andersonDarling([normals(30), normals(20, 2), normals(25)]);
    expect(sizes).toEqual([30, 20, 25]);
    expect(statistic).toBeGreaterThan(6);
    expect(
      andersonDarling([
        [1, 1],
        [1, 1],
      ]).pValue,
    ).toBeNaN();
    expect(() => andersonDarling([[1]])).toThrow(RangeError);
  });
});

describe('eppsSingleton', () => {
  it('is defined where it can be', () => {
    const zeros = [0, 0, 0, 0, 0];
    expect(eppsSingleton(zeros, [1, 1, 1, 1, 1]).pValue).toBe(0);
    expect(eppsSingleton(zeros, zeros).pValue).toBeNaN();
    expect(eppsSingleton([1, 2, 3, 4], zeros).pValue).toBeNaN();
    expect(eppsSingleton([1, 2, 3, 4, Infinity], zeros).pValue).toBeNaN();
    expect(() => eppsSingleton(zeros, zeros, [0])).toThrow(RangeError);
  });
});

describe('studentT', () => {
  it('is Welch’s test for equal sizes and variances, and regression’s on a dummy', () => {
    const a = [1, 2, 3, 4];
    const b = [2, 3, 4, 5];
    expect(studentT(a, b)).toMatchObject({ df: 6, difference: -1 });
    expect(studentT(a, b).pValue).toBeCloseTo(welchT(a, b).pValue, 12);
    expect(studentT([1], [2, 4])).toMatchObject({ df: 1 });
    expect(studentT([1, 1], [1, 1])).toMatchObject({ statistic: NaN, pValue: NaN });
    expect(studentT([1, 1], [2, 2])).toMatchObject({ statistic: -Infinity, pValue: 0 });
    expect(studentT([1], [2]).pValue).toBeNaN();
  });
});

describe('G and Yates', () => {
  it('approach χ² in large tables and know the small ones', () => {
    const a = { x: 1000, y: 1040, z: 960 };
    const b = { x: 1020, y: 1000, z: 980 };
    expect(gTest(a, b).statistic).toBeCloseTo(chiSquareTwoSample(a, b).statistic, 2);
    expect(chiSquareYates(a, b).statistic).toBeLessThan(chiSquareTwoSample(a, b).statistic);
    expect(gTest({ x: 3 }, { x: 9 })).toMatchObject({ statistic: 0, df: 0, pValue: 1 });
    expect(gTest({}, { x: 9 }).pValue).toBeNaN();
    expect(gTest([1e9, 1e9], [3e9, 3e9]).statistic).toBe(0);
  });
});

describe('distances', () => {
  it('are metrics in the shift', () => {
    fc.assert(
      fc.property(sample, fc.integer({ min: 0, max: 50 }), (a, shift) => {
        const b = a.map(x => x + shift);
        expect(wassersteinDistance(a, b)).toBeCloseTo(shift, 9);
        expect(energyDistance(a, b)).toBeCloseTo(energyDistance(b, a), 12);
        expect(energyDistance(a, a)).toBe(0);
        // (E|F − G|)² ≤ range · E(F − G)².
        expect(energyDistance(a, b) ** 2 / 2).toBeLessThanOrEqual(wassersteinDistance(a, b) + 1e-9);
      }),
    );
  });
  it('energy distance equals its pairwise definition', () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const mean = (u: number[], v: number[]): number =>
          u.reduce((sum, x) => sum + v.reduce((s, y) => s + Math.abs(x - y), 0), 0) / (u.length * v.length);
        const square = 2 * mean(a, b) - mean(a, a) - mean(b, b);
        expect(energyDistance(a, b) ** 2).toBeCloseTo(square, 9);
      }),
    );
  });
  it('of counts', () => {
    expect(chebyshevDistance([5, 5, 0], [5, 0, 5])).toBe(0.5);
    expect(chebyshevDistance([], [])).toBeNaN();
    expect(kullbackLeibler([1, 1], [1, 3])).toBeCloseTo(Math.log(2) / 2 + Math.log(2 / 3) / 2, 12);
    expect(kullbackLeibler([1, 1], [1, 0])).toBe(Infinity);
    expect(kullbackLeibler([1, 1], [1, 0], 1e-4)).toBeLessThan(5);
    expect(kullbackLeibler([0], [1])).toBeNaN();
  });
});

describe('combined p-values', () => {
  it('are uniform when all null hypotheses hold', () => {
    const fisher = times(2000, () => fisherCombined([draws.uniform(), draws.uniform()]) <= 0.1);
    const stouffer = times(2000, () => stoufferCombined([draws.uniform(), draws.uniform()]) <= 0.1);
    for (const count of [fisher, stouffer]) expect(Math.abs(count / 2000 - 0.1)).toBeLessThan(0.025);
  });
  it('leave one as it is, drop NaN, and know the ends', () => {
    for (const combine of [fisherCombined, stoufferCombined]) {
      expect(combine([0.03])).toBeCloseTo(0.03, 12);
      expect(combine([0.03, NaN])).toBeCloseTo(0.03, 12);
      expect([combine([]), combine([0, 0.5])]).toEqual([NaN, 0]);
      expect(() => combine([1.5])).toThrow(RangeError);
    }
  });
});

describe('profiles', () => {
  it('histogramEdges: numpy’s rules', () => {
    expect(histogramEdges([1, 2, 3, 4], 'sturges')).toEqual([1, 2, 3, 4]);
    expect(histogramEdges([7, 7], 'doane')).toEqual([6.5, 7.5]);
    expect(histogramEdges([1, 2], 'doane')).toEqual([1, 2]);
    expect([histogramEdges([NaN], 'sturges'), histogramEdges([1, Infinity], 'doane')]).toEqual([[], []]);
    const skewed = Array.from({ length: 500 }, () => draws.exponential());
    expect(histogramEdges(skewed, 'doane').length).toBeGreaterThan(histogramEdges(skewed, 'sturges').length);
  });
  it('shapeOf: known shapes', () => {
    const uniform = shapeOf(Array.from({ length: 1001 }, (_, i) => i));
    expect(uniform.skewness).toBeCloseTo(0, 9);
    expect(uniform.excessKurtosis).toBeCloseTo(-1.2, 4);
    expect(shapeOf([5, 5, NaN])).toEqual({ n: 2, mean: 5, deviation: 0, skewness: NaN, excessKurtosis: NaN });
    expect(shapeOf([]).deviation).toBeNaN();
  });
  it('uniqueness: Deequ’s shares', () => {
    expect(uniqueness(['a', 'b', 'b', null, NaN])).toMatchObject({
      completeness: 0.6,
      distinct: 2,
      distinctness: 2 / 3,
      uniqueness: 1 / 3,
      uniqueValueRatio: 0.5,
    });
    expect(uniqueness([1, '1', 0, -0])).toMatchObject({ distinct: 3 });
    expect(uniqueness(['x', 'x']).entropy).toBe(0);
    expect(uniqueness([])).toMatchObject({ completeness: NaN, distinct: 0, entropy: NaN });
  });
});
