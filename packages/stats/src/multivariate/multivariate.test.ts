import { describe, expect, it } from 'vitest';
import { seeded } from '../../test-support/random.js';
import { expectRateAtLeast, expectRateAtMost, times } from '../../test-support/simulation.js';
import { kolmogorovSmirnov } from '../two-sample/kolmogorov-smirnov.js';
import { classifierTwoSample } from './classifier-two-sample.js';
import type { SampleColumns } from './column-features.js';
import { mmdTest } from './mmd.js';

const draws = seeded(2024);

/** x and y standard normal with this correlation, z independent. */
function correlated(n: number, rho: number): { x: Float64Array; y: Float64Array; z: Float64Array } {
  const x = Float64Array.from({ length: n }, () => draws.normal());
  const y = x.map(value => rho * value + Math.sqrt(1 - rho * rho) * draws.normal());
  return { x, y, z: x.map(() => draws.normal()) };
}

/** Numbers with gaps, ties, and two kinds of category. */
function mixed(n: number): SampleColumns {
  return {
    amount: Float64Array.from({ length: n }, () => (draws.uniform() < 0.1 ? NaN : Math.exp(draws.normal()))),
    visits: Float64Array.from({ length: n }, () => draws.poisson(2)),
    plan: Array.from({ length: n }, () =>
      draws.uniform() < 0.1 ? null : 'abc'[Math.floor(3 * draws.uniform())]!,
    ),
    id: Array.from({ length: n }, (_, i) => `row ${i}`),
  };
}

const options = { random: () => draws.uniform(), permutations: 39 };

describe('classifierTwoSample', () => {
  it('keeps its error rate on mixed columns with gaps and unequal sizes', () => {
    const alarms = times(120, () => classifierTwoSample(mixed(80), mixed(40), options).pValue <= 0.1);
    expectRateAtMost(alarms, 120, 0.1);
  });
  it('sees a correlation that turns its sign, which no single column shows, and names the two columns', () => {
    const seen = times(12, () => {
      const a = correlated(250, 0.5);
      const b = correlated(250, -0.5);
      const { pValue, columns, auc } = classifierTwoSample(a, b, options);
      expect(
        columns
          .slice(0, 2)
          .map(each => each.column)
          .sort(),
      ).toEqual(['x', 'y']);
      expect(auc).toBeGreaterThan(0.6);
      return pValue <= 0.05;
    });
    expectRateAtLeast(seen, 12, 0.95);
    const a = correlated(250, 0.5);
    const b = correlated(250, -0.5);
    expect(kolmogorovSmirnov(a.y, b.y).pValue).toBeGreaterThan(0.001);
  });
  it('sees a category that moves with a number in the other sense', () => {
    const sample = (sign: number): SampleColumns => {
      const group = Array.from({ length: 200 }, () => (draws.uniform() < 0.5 ? 'a' : 'b'));
      return { group, x: group.map(g => draws.normal() + (g === 'a' ? sign : -sign) * 0.8) };
    };
    expect(classifierTwoSample(sample(1), sample(-1), options).pValue).toBe(1 / 40);
  });
  it('sees values that go missing, and is blind to monotone transformations', () => {
    const x = Float64Array.from({ length: 200 }, () => draws.normal());
    const holed = x.map((value, i) => (i % 3 === 0 ? NaN : value));
    expect(classifierTwoSample({ x }, { x: holed }, options).pValue).toBe(1 / 40);
    const y = Float64Array.from({ length: 150 }, () => draws.normal() + 0.3);
    const run = (a: Float64Array, b: Float64Array) => {
      const { uniform } = seeded(9);
      return classifierTwoSample({ x: a }, { x: b }, { random: uniform, permutations: 19 });
    };
    expect(run(x.map(Math.exp), y.map(Math.exp))).toEqual(run(x, y));
  });
  it('tells perfectly separated samples apart, with the AUC of 1', () => {
    const column = (shift: number) => ({ x: Array.from({ length: 30 }, (_, i) => i + shift) });
    expect(classifierTwoSample(column(0), column(100), options)).toMatchObject({
      auc: 1,
      pValue: 1 / 40,
      n: 30,
    });
  });
  it('has nothing to say about constants, few rows and no columns; refuses unlike tables', () => {
    const constant = { x: new Float64Array(30).fill(2), c: Array.from({ length: 30 }, () => 'a') };
    expect(classifierTwoSample(constant, constant, options)).toMatchObject({
      auc: NaN,
      pValue: NaN,
      columns: [],
    });
    expect(classifierTwoSample({ x: [1, 2] }, { x: [3] }, options).pValue).toBeNaN();
    expect(classifierTwoSample({}, {}, options).pValue).toBeNaN();
    expect(() => classifierTwoSample({ x: [1] }, { y: [1] }, options)).toThrow(/same columns/);
    expect(() => classifierTwoSample({ x: [1], y: [1, 2] }, { x: [1], y: [2] }, options)).toThrow(/rows/);
    expect(() => classifierTwoSample({ x: [1] }, { x: ['a'] }, options)).toThrow(/numbers in one sample/);
  });
  it('draws from large samples, and is deterministic', () => {
    const a = mixed(300);
    const b = mixed(300);
    const run = () => classifierTwoSample(a, b, { random: seeded(4).uniform, rows: 50, permutations: 9 });
    expect(run()).toMatchObject({ n: 50, m: 50 });
    expect(run()).toEqual(run());
  });
});

describe('mmdTest', () => {
  const cloud = (n: number, shift: number): number[][] =>
    Array.from({ length: n }, () => [draws.normal() + shift, draws.normal()]);

  it('keeps its error rate and sees a shift', () => {
    const alarms = times(150, () => mmdTest(cloud(15, 0), cloud(12, 0), options).pValue <= 0.1);
    expectRateAtMost(alarms, 150, 0.1);
    expect(mmdTest(cloud(60, 0), cloud(60, 1), options).pValue).toBe(1 / 40);
  });
  it('equals the definition', () => {
    const x = cloud(5, 0);
    const y = cloud(4, 0.5);
    const gamma = 0.7;
    const k = (u: number[], v: number[]): number =>
      Math.exp(-gamma * ((u[0]! - v[0]!) ** 2 + (u[1]! - v[1]!) ** 2));
    const mean = (a: number[][], b: number[][]): number => {
      const all = a.flatMap(u => b.filter(v => v !== u).map(v => k(u, v)));
      return all.reduce((sum, each) => sum + each, 0) / all.length;
    };
    const { statistic } = mmdTest(x, y, { gamma, ...options });
    expect(statistic).toBeCloseTo(mean(x, x) + mean(y, y) - 2 * mean(x, y), 12);
  });
  it('drops rows with NaN; says NaN for one row and refuses what it cannot hold', () => {
    expect(mmdTest([[1], [NaN], [2]], [[1], [2], [3]], options).n).toBe(2);
    expect(mmdTest([[1]], [[1], [2]], options).pValue).toBeNaN();
    expect(mmdTest([[1], [1]], [[1], [1]], options)).toMatchObject({ statistic: 0, pValue: 1, gamma: 1 });
    expect(() => mmdTest([[1], [2]], [[1, 2], [3]], options)).toThrow(/coordinates/);
    expect(() => mmdTest([[1], [2]], [[1], [2]])).toThrow(/random/);
    expect(() => mmdTest([[1], [2]], [[1], [2]], { gamma: 0, ...options })).toThrow(/gamma/);
    expect(() =>
      mmdTest(
        Array.from({ length: 5000 }, () => [1]),
        [[1]],
        options,
      ),
    ).toThrow(/4000/);
  });
});
