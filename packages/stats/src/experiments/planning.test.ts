import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../test-support/random.js';
import { expectRateAtLeast, expectRateAtMost, times } from '../../test-support/simulation.js';
import {
  abTest,
  alwaysValidInflation,
  cuped,
  cupedFromSums,
  detectableMeanDifference,
  detectablePairedDifference,
  detectableProportionDifference,
  experimentDuration,
  experimentEffect,
  mean,
  moments,
  noncentralTSf,
  pairedMeanPower,
  pairedMeanSize,
  studentTSf,
  twoMeanPower,
  twoMeanSize,
  twoProportionPower,
  twoProportionSize,
  twoProportionZ,
} from '../index.js';

describe('power', () => {
  // R: power.t.test(n = 20, delta = 1, sd = 1), (power = .90, delta = 1); power.prop.test(p1 = .5, p2 = .75, power = .9).
  it("agrees with R's examples", () => {
    expect(twoMeanPower(1, 1, 20, 20)).toBeCloseTo(0.868953, 5);
    expect(twoMeanSize(1, 1, { power: 0.9 })).toEqual({ control: 23, treatment: 23, total: 46 });
    expect(twoProportionSize(0.5, 0.75, { power: 0.9 })).toEqual({ control: 77, treatment: 77, total: 154 });
    // G*Power and statsmodels: 33.367 pairs.
    expect(pairedMeanSize(0.5, 1)).toBe(34);
    expect(pairedMeanPower(0.5, 1, 33)).toBeCloseTo(0.795365841487504, 10);
  });

  // scipy.stats.nct.sf 1.17, and mpmath quadrature where that loses digits.
  it.each([
    [2, 5, 1, 0.22192533738378514],
    [2, 1, 1, 0.3771280355397183],
    [30, 3, 1, 0.00020807442497184],
    [2, 1e6, 1, 0.15865561688725652],
    [31.6, 2, 10, 0.0960167720094835],
  ])('noncentral t: P(T > %s; df %s, delta %s)', (t, df, delta, tail) => {
    expect(Math.abs(noncentralTSf(t, df, delta) / tail - 1)).toBeLessThan(1e-9);
  });

  it('is the central t without an effect, and undefined below one degree of freedom', () => {
    for (const df of [1, 2.5, 10, 300, Infinity])
      expect(noncentralTSf(1.3, df, 0)).toBeCloseTo(studentTSf(1.3, df), 7);
    expect(noncentralTSf(1, 0.5, 0)).toBeNaN();
  });

  it('is the level without an effect, rises with effect and size, and is 0 without units', () => {
    expect(twoProportionPower(0.2, 0.2, 100, 100)).toBeCloseTo(0.05, 12);
    expect(twoMeanPower(0, 1, 30, 20, { alpha: 0.1 })).toBeCloseTo(0.1, 9);
    expect(twoProportionPower(0.2, 0.3, 0, 100)).toBe(0);
    expect(twoMeanPower(1, 1, 1, 1)).toBe(0);
    expect(pairedMeanPower(1, 1, 1)).toBe(0);
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 0.45, noNaN: true }),
        fc.double({ min: 0.01, max: 0.3, noNaN: true }),
        fc.integer({ min: 5, max: 5000 }),
        (p, d, n) => {
          expect(twoProportionPower(p, p + d, 2 * n, 2 * n)).toBeGreaterThanOrEqual(
            twoProportionPower(p, p + d, n, n) - 1e-12,
          );
          expect(twoMeanPower(2 * d, 1, n, n)).toBeGreaterThanOrEqual(twoMeanPower(d, 1, n, n) - 1e-9);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is what simulation finds', () => {
    const draws = seeded(17);
    const runs = 2000;
    const { control, treatment } = twoProportionSize(0.1, 0.14, { ratio: 2 });
    const found = times(
      runs,
      () =>
        twoProportionZ(draws.binomial(control, 0.1), control, draws.binomial(treatment, 0.14), treatment)
          .pValue < 0.05,
    );
    expectRateAtLeast(found, runs, 0.8 - 0.01);
    expectRateAtMost(found, runs, 0.8 + 0.02);
  });

  it('has the smallest size that reaches it', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.15, max: 2, noNaN: true }),
        fc.constantFrom(1 as const, 2 as const),
        (d, sides) => {
          const options = { power: 0.9, sides };
          const { control: n } = twoMeanSize(d, 1, options);
          expect(twoMeanPower(d, 1, n, n, options)).toBeGreaterThanOrEqual(0.9);
          expect(twoMeanPower(d, 1, n - 1, n - 1, options)).toBeLessThan(0.9);
          const pairs = pairedMeanSize(d, 1, options);
          expect(pairedMeanPower(d, 1, pairs, options)).toBeGreaterThanOrEqual(0.9);
          expect(pairedMeanPower(d, 1, pairs - 1, options)).toBeLessThan(0.9);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('is reached by the minimum detectable effect, exactly', () => {
    const lift = detectableProportionDifference(0.1, 1000, 1500, { power: 0.9 });
    expect(twoProportionPower(0.1, 0.1 + lift, 1000, 1500)).toBeCloseTo(0.9, 9);
    const fall = detectableProportionDifference(0.1, 1000, 1500, { direction: 'down' });
    expect(twoProportionPower(0.1, 0.1 - fall, 1000, 1500)).toBeCloseTo(0.8, 9);
    expect(twoMeanPower(detectableMeanDifference(3, 64, 50), 3, 64, 50)).toBeCloseTo(0.8, 8);
    expect(pairedMeanPower(detectablePairedDifference(1, 2), 1, 2)).toBeCloseTo(0.8, 8);
  });

  it('cannot be had everywhere', () => {
    expect(twoProportionSize(0.3, 0.3).total).toBe(Infinity);
    expect(twoMeanSize(0, 1).control).toBe(Infinity);
    expect(detectableProportionDifference(0.9, 10, 10)).toBeNaN();
    expect(detectableMeanDifference(1, 1, 1)).toBeNaN();
    expect(() => twoMeanPower(1, 0, 10, 10)).toThrow(RangeError);
    expect(() => twoProportionPower(1.1, 0.5, 10, 10)).toThrow(RangeError);
    expect(() => twoProportionSize(0.1, 0.2, { power: 1 })).toThrow(RangeError);
    expect(() => twoProportionSize(0.1, 0.2, { inflation: 0.5 })).toThrow(RangeError);
  });

  it('costs more when one looks all the time, and less when one knows when', () => {
    const plain = twoMeanSize(0.2, 1).control;
    expect(twoMeanSize(0.2, 1, { inflation: alwaysValidInflation() }).control).toBe(
      Math.ceil(plain * alwaysValidInflation()),
    );
    expect(alwaysValidInflation()).toBeGreaterThan(1.8);
    expect(alwaysValidInflation()).toBeLessThan(2);
    expect(alwaysValidInflation(0.05, 0.8, 0.01)).toBeGreaterThan(alwaysValidInflation());
  });
});

describe('duration', () => {
  it('waits for the arm that fills slowest', () => {
    expect(experimentDuration([1000, 1000], { unitsPerDay: 500 })).toBe(4);
    expect(experimentDuration([900, 1000], { unitsPerDay: 1000, weights: [9, 1] })).toBe(10);
    expect(experimentDuration([1000, 1000], { unitsPerDay: 500, exposure: 0.1 })).toBe(40);
    expect(experimentDuration([1000, 1000], { unitsPerDay: 500, wholeWeeks: true })).toBe(7);
    expect(experimentDuration([1000, 1000], { unitsPerDay: 500, weights: [1, 0] })).toBe(Infinity);
    expect(experimentDuration([Infinity, 10], { unitsPerDay: 500 })).toBe(Infinity);
    expect(experimentDuration([0, 0], { unitsPerDay: 500 })).toBe(0);
    expect(() => experimentDuration([10], { unitsPerDay: 0 })).toThrow(RangeError);
    expect(() => experimentDuration([10], { unitsPerDay: 5, exposure: 2 })).toThrow(RangeError);
    expect(() => experimentDuration([10], { unitsPerDay: 5, weights: [1, 1] })).toThrow(RangeError);
  });
});

describe('CUPED', () => {
  const draws = seeded(31);
  const arm = (n: number, effect: number) => {
    const before = Array.from({ length: n }, () => 10 + 3 * draws.normal());
    const outcome = before.map(x => 0.8 * x + effect + 1.8 * draws.normal());
    return { outcome, covariates: [before] };
  };

  it('removes the share of the variance that the past explains, and not the effect', () => {
    const [control, treatment] = [arm(4000, 0), arm(4000, 0.3)];
    const { theta, varianceReduction, ...arms } = cuped(control, treatment);
    expect(theta[0]).toBeCloseTo(0.8, 1);
    // Correlation² = 2.4²/(2.4² + 1.8²) = 0.64.
    expect(varianceReduction).toBeCloseTo(0.64, 1);
    const { effect, interval } = abTest(experimentEffect(arms.control, arms.treatment));
    expect(interval[0] <= 0.3 && 0.3 <= interval[1]).toBe(true);
    expect(Math.abs(effect - 0.3)).toBeLessThan(0.13);
  });

  it('has the pooled covariance over the pooled variance as its coefficient', () => {
    const [control, treatment] = [arm(30, 0), arm(20, 5)];
    const sums = [control, treatment].map(({ outcome, covariates: [x] }) => {
      const [mx, my] = [mean(x!), mean(outcome)];
      return x!.reduce(
        ([xy, xx], value, i) => [xy + (value - mx) * (outcome[i]! - my), xx + (value - mx) ** 2] as const,
        [0, 0] as readonly [number, number],
      );
    });
    const [xy, xx] = [0, 1].map(field => sums[0]![field]! + sums[1]![field]!);
    expect(cuped(control, treatment).theta[0]).toBeCloseTo(xy! / xx!, 12);
  });

  it('keeps the error of an A/A test and finds more than the plain test does', () => {
    const runs = 500;
    const found = { plain: 0, adjusted: 0 };
    const alarms = times(runs, () => {
      const { control, treatment } = cuped(arm(80, 0), arm(80, 0));
      return abTest(experimentEffect(control, treatment)).pValue < 0.05;
    });
    expectRateAtMost(alarms, runs, 0.055);
    for (let run = 0; run < 200; run++) {
      const [a, b] = [arm(80, 0), arm(80, 1)];
      const { control, treatment } = cuped(a, b);
      found.plain += Number(abTest(experimentEffect(moments(a.outcome), moments(b.outcome))).pValue < 0.05);
      found.adjusted += Number(abTest(experimentEffect(control, treatment)).pValue < 0.05);
    }
    expect(found.adjusted).toBeGreaterThan(1.4 * found.plain);
  });

  it('takes several covariates; constant and repeated ones add nothing', () => {
    const [control, treatment] = [arm(50, 0), arm(60, 0.5)];
    const plain = cuped(control, treatment);
    const widen = ({ outcome, covariates: [x] }: typeof control) => ({
      outcome,
      covariates: [x!, x!.map(() => 4), x!.map(value => 3 - 2 * value)],
    });
    const wide = cuped(widen(control), widen(treatment));
    expect(wide.theta[0]).toBeCloseTo(plain.theta[0]!, 10);
    expect(wide.theta.slice(1)).toEqual([0, 0]);
    expect(wide.treatment.mean).toBeCloseTo(plain.treatment.mean, 10);
    const none = cuped({ outcome: [1, 2, 3], covariates: [] }, { outcome: [2, 3, 5], covariates: [] });
    expect(none.varianceReduction).toBe(0);
    expect(none.control).toEqual(moments([1, 2, 3]));
  });

  it('is the same from sums', () => {
    const sumsOf = ({ outcome, covariates: [x] }: ReturnType<typeof arm>) => {
      const total = (a: readonly number[], b: readonly number[]) =>
        a.reduce((sum, value, i) => sum + value * b[i]!, 0);
      const ones = outcome.map(() => 1);
      return {
        n: outcome.length,
        sum: total(outcome, ones),
        sumSquares: total(outcome, outcome),
        covariateSum: total(x!, ones),
        covariateSumSquares: total(x!, x!),
        products: total(outcome, x!),
      };
    };
    const [control, treatment] = [arm(120, 0), arm(90, 0.8)];
    const values = cuped(control, treatment);
    const sums = cupedFromSums(sumsOf(control), sumsOf(treatment));
    expect(sums.theta[0]).toBeCloseTo(values.theta[0]!, 9);
    for (const side of ['control', 'treatment'] as const) {
      expect(sums[side].mean).toBeCloseTo(values[side].mean, 9);
      expect(sums[side].variance).toBeCloseTo(values[side].variance, 9);
    }
    expect(sums.varianceReduction).toBeCloseTo(values.varianceReduction, 9);
    const constant = { n: 3, sum: 6, sumSquares: 14, covariateSum: 3, covariateSumSquares: 3, products: 6 };
    expect(cupedFromSums(constant, constant)).toMatchObject({
      theta: [0],
      control: { mean: 2, variance: 1 },
    });
    const nobody = { n: 0, sum: 0, sumSquares: 0, covariateSum: 0, covariateSumSquares: 0, products: 0 };
    expect(cupedFromSums(nobody, constant).control.mean).toBeNaN();
  });

  it('measures a lift against the mean before adjustment', () => {
    const [control, treatment] = [arm(500, 0), arm(500, 0.8)];
    const adjusted = cuped(control, treatment);
    const lift = experimentEffect(adjusted.control, adjusted.treatment, 'relative', adjusted.baseline);
    expect(adjusted.baseline).toBe(mean(control.outcome));
    expect(lift.effect).toBeCloseTo(
      (adjusted.treatment.mean - adjusted.control.mean) / mean(control.outcome),
      12,
    );
    expect(experimentEffect(adjusted.control, adjusted.treatment, 'relative', 0).problem).toBe(
      'zero-baseline',
    );
  });

  it('does not care for the unit or the origin of a covariate', () => {
    const [control, treatment] = [arm(40, 0), arm(40, 0)];
    const change = ({ outcome, covariates: [x] }: typeof control) => ({
      outcome,
      covariates: [x!.map(value => 1e6 + value / 1000)],
    });
    const there = cuped(control, treatment);
    const moved = cuped(change(control), change(treatment));
    expect(moved.treatment.mean).toBeCloseTo(there.treatment.mean, 5);
    expect(moved.theta[0]! / 1000).toBeCloseTo(there.theta[0]!, 4);
  });

  it('drops units without an outcome and does not adjust units without a past', () => {
    const { control, theta } = cuped(
      { outcome: [1, NaN, 3, 7], covariates: [[1, 2, NaN, 3]] },
      { outcome: [2, 5], covariates: [[1, 3]] },
    );
    expect(control.n).toBe(3);
    expect(theta[0]).toBeGreaterThan(0);
    const newcomers = cuped(
      { outcome: [1, 2], covariates: [[NaN, NaN]] },
      { outcome: [2, 5], covariates: [[NaN, NaN]] },
    );
    expect(newcomers.theta).toEqual([0]);
    expect(newcomers.control).toEqual(moments([1, 2]));
    expect(
      cuped({ outcome: [], covariates: [[]] }, { outcome: [], covariates: [[]] }).control.mean,
    ).toBeNaN();
    expect(() => cuped({ outcome: [1], covariates: [[1, 2]] }, { outcome: [1], covariates: [[1]] })).toThrow(
      RangeError,
    );
    expect(() => cuped({ outcome: [1], covariates: [] }, { outcome: [1], covariates: [[1]] })).toThrow(
      RangeError,
    );
  });
});
