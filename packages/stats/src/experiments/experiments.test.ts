import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../test-support/random.js';
import { expectRateAtMost, times } from '../../test-support/simulation.js';
import {
  abBayesian,
  abSequential,
  abTest,
  chiSquareTwoSample,
  experimentEffect,
  meanArm,
  moments,
  proportionArm,
  ratioArm,
  ratioMetric,
  relativeLift,
  sampleRatioMismatch,
  twoProportionZ,
  welchT,
} from '../index.js';

interface Serving {
  readonly srm: readonly { readonly users: number[]; readonly weights: number[]; readonly p: number }[];
  readonly sequential: readonly {
    readonly na: number;
    readonly xa: number;
    readonly nb: number;
    readonly xb: number;
    readonly alpha: number;
    readonly tuning: number;
    readonly ci: readonly [number, number];
    readonly fixed_z: number;
  }[];
}

const serving = JSON.parse(
  readFileSync(new URL('../../golden/serving/experiment_stats.json', import.meta.url), 'utf8'),
) as Serving;

describe('two proportions', () => {
  const arm = fc
    .tuple(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([n, share]) => [Math.round(share * n), n] as const);

  it("is the root of Pearson's statistic, with the sign of the difference", () => {
    fc.assert(
      fc.property(arm, arm, ([x1, n1], [x2, n2]) => {
        fc.pre(x1 + x2 > 0 && x1 + x2 < n1 + n2);
        const { statistic, pValue, difference } = twoProportionZ(x1, n1, x2, n2);
        const pearson = chiSquareTwoSample([x1, n1 - x1], [x2, n2 - x2]);
        expect(statistic ** 2).toBeCloseTo(pearson.statistic, 6);
        expect(pValue).toBeCloseTo(pearson.pValue, 8);
        expect(Math.sign(statistic)).toBe(Math.sign(difference));
        expect(twoProportionZ(x2, n2, x1, n1).statistic).toBeCloseTo(-statistic, 9);
      }),
    );
  });

  it('is undefined when nothing varies or a side is empty', () => {
    for (const [x1, n1, x2, n2] of [
      [0, 10, 0, 20],
      [10, 10, 20, 20],
      [0, 0, 3, 10],
    ] as const) {
      expect(twoProportionZ(x1, n1, x2, n2).statistic).toBeNaN();
      expect(twoProportionZ(x1, n1, x2, n2).pValue).toBeNaN();
    }
    expect(() => twoProportionZ(11, 10, 1, 2)).toThrow(RangeError);
  });
});

describe('sample-ratio mismatch', () => {
  it.each(serving.srm)('$users at $weights has p = $p', ({ users, weights, p }) => {
    const { pValue } = sampleRatioMismatch(users, weights);
    expect(Math.abs(pValue / p - 1)).toBeLessThan(1e-9);
  });

  it('leaves out arms that receive nobody, and is certain about people in a closed arm', () => {
    expect(sampleRatioMismatch([500, 0, 480], [1, 0, 1])).toEqual(sampleRatioMismatch([500, 480], [1, 1]));
    expect(sampleRatioMismatch([500, 1, 480], [1, 0, 1])).toMatchObject({ statistic: Infinity, pValue: 0 });
  });

  it('does not care for the scale of the weights or the order of the arms', () => {
    const there = sampleRatioMismatch([500, 480, 530], [1, 2, 3]);
    const back = sampleRatioMismatch([530, 480, 500], [30, 20, 10]);
    expect(back.statistic).toBeCloseTo(there.statistic, 10);
  });

  it('defines nobody, one arm, and what is no count', () => {
    expect(sampleRatioMismatch([0, 0], [1, 1]).pValue).toBeNaN();
    expect(sampleRatioMismatch([], []).pValue).toBeNaN();
    expect(sampleRatioMismatch([7], [1])).toEqual({ statistic: 0, df: 0, pValue: 1, n: 7 });
    expect(() => sampleRatioMismatch([1, -1], [1, 1])).toThrow(RangeError);
    expect(() => sampleRatioMismatch([1], [1, 1])).toThrow(RangeError);
    expect(() => sampleRatioMismatch([1, 1], [1, NaN])).toThrow(RangeError);
  });
});

describe('the effect of an experiment', () => {
  const draws = seeded(21);
  const a = Array.from({ length: 60 }, () => 5 + draws.normal());
  const b = Array.from({ length: 45 }, () => 5.4 + 2 * draws.normal());

  it("is Welch's test on the absolute scale", () => {
    const welch = welchT(b, a);
    const effect = experimentEffect(moments(a), moments(b));
    const { effect: difference, pValue, standardError } = abTest(effect);
    expect(difference).toBeCloseTo(welch.difference, 12);
    expect(standardError).toBeCloseTo(welch.standardError, 12);
    expect(effect.df).toBeCloseTo(welch.df, 9);
    expect(pValue).toBeCloseTo(welch.pValue, 12);
  });

  it('does not change with the unit of measurement: lifts stay, differences scale', () => {
    const scaled = [a, b].map(arm => moments(arm.map(value => -1000 * value))) as [never, never];
    const lift = experimentEffect(moments(a), moments(b), 'relative');
    const scaledLift = experimentEffect(scaled[0], scaled[1], 'relative');
    expect(scaledLift.effect).toBeCloseTo(lift.effect, 10);
    expect(scaledLift.variance).toBeCloseTo(lift.variance, 10);
    expect(experimentEffect(scaled[0], scaled[1]).effect).toBeCloseTo(
      -1000 * experimentEffect(moments(a), moments(b)).effect,
      6,
    );
  });

  it('names why it cannot be judged, and then answers NaN everywhere', () => {
    const some = proportionArm(3, 10);
    const cases = [
      [proportionArm(0, 0), some, 'absolute', 'no-units'],
      [some, proportionArm(0, 0), 'relative', 'no-units'],
      [proportionArm(0, 10), some, 'relative', 'zero-baseline'],
      [proportionArm(0, 10), some, 'absolute', 'zero-variance'],
      [some, proportionArm(10, 10), 'absolute', 'zero-variance'],
      [meanArm({ n: 1, sum: 3, sumSquares: 9 }), some, 'absolute', 'zero-variance'],
    ] as const;
    for (const [control, treatment, scale, problem] of cases) {
      const effect = experimentEffect(control, treatment, scale);
      expect(effect.problem).toBe(problem);
      expect(abTest(effect).pValue).toBeNaN();
      expect(abSequential(effect, 500).pValue).toBeNaN();
      expect(abBayesian(effect).chanceToWin).toBeNaN();
      expect(abBayesian(effect, { mean: 0, deviation: 1 }).risk[0]).toBeNaN();
    }
  });

  it.each(serving.sequential)('always-valid interval of $xa/$na against $xb/$nb', each => {
    const arm = (n: number, x: number) => meanArm({ n, sum: x, sumSquares: x });
    const effect = experimentEffect(arm(each.na, each.xa), arm(each.nb, each.xb));
    const { interval, standardError } = abSequential(effect, each.tuning, each.alpha);
    expect(interval[0]).toBeCloseTo(each.ci[0], 12);
    expect(interval[1]).toBeCloseTo(each.ci[1], 12);
    expect(effect.effect / standardError).toBeCloseTo(each.fixed_z, 9);
  });

  it('rejects exactly when the interval leaves 0 out, fixed or sequential', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 195 }), fc.integer({ min: 5, max: 195 }), (x1, x2) => {
        const effect = experimentEffect(proportionArm(x1, 200), proportionArm(x2, 200));
        for (const { interval, pValue } of [abTest(effect), abSequential(effect, 400)])
          expect(pValue < 0.05).toBe(interval[0] > 0 || interval[1] < 0);
      }),
    );
  });

  it('weighs a prior: flat is the data, a narrow one is itself, symmetric around no effect', () => {
    const effect = experimentEffect(moments(a), moments(b));
    const flat = abBayesian(effect);
    const vague = abBayesian(effect, { mean: 7, deviation: 1e6 });
    const stubborn = abBayesian(effect, { mean: 0.1, deviation: 1e-6 });
    expect(vague.effect).toBeCloseTo(flat.effect, 6);
    expect(stubborn.effect).toBeCloseTo(0.1, 6);
    expect(flat.risk[0] - flat.risk[1]).toBeCloseTo(flat.effect, 12);
    const mirrored = abBayesian(experimentEffect(moments(b), moments(a)));
    expect(mirrored.chanceToWin).toBeCloseTo(1 - flat.chanceToWin, 12);
    expect(mirrored.risk[0]).toBeCloseTo(flat.risk[1], 12);
    expect(() => abBayesian(effect, { mean: 0, deviation: 0 })).toThrow(RangeError);
  });

  it('keeps its error when an A/A test is looked at all the time, where the fixed test does not', () => {
    const runs = 300;
    const looks = seeded(8);
    const found = { fixed: 0, sequential: 0 };
    for (let run = 0; run < runs; run++) {
      const seen = { fixed: false, sequential: false };
      const sums = [
        [0, 0],
        [0, 0],
      ];
      for (let day = 1; day <= 40; day++) {
        for (const arm of sums) {
          for (let i = 0; i < 25; i++) {
            const value = looks.exponential();
            arm[0]! += value;
            arm[1]! += value * value;
          }
        }
        const n = 25 * day;
        const [control, treatment] = sums.map(([sum, sumSquares]) =>
          meanArm({ n, sum: sum!, sumSquares: sumSquares! }),
        );
        const effect = experimentEffect(control!, treatment!);
        seen.fixed ||= abTest(effect).pValue < 0.05;
        seen.sequential ||= abSequential(effect, 1000).pValue < 0.05;
      }
      found.fixed += Number(seen.fixed);
      found.sequential += Number(seen.sequential);
    }
    expectRateAtMost(found.sequential, runs, 0.05);
    expect(found.fixed / runs).toBeGreaterThan(0.15);
  });
});

describe('ratios of totals', () => {
  const draws = seeded(4);
  const session = (rate: number): [clicks: number, views: number] => {
    // Heavy users click less often: clicks of one user are not independent views.
    const views = 1 + draws.poisson(8 * draws.exponential());
    return [draws.binomial(views, rate / (1 + views / 20)), views];
  };
  const arm = (users: number, rate: number) => {
    const rows = Array.from({ length: users }, () => session(rate));
    return { clicks: rows.map(([clicks]) => clicks), views: rows.map(([, views]) => views) };
  };

  it('are the same from sums and from users', () => {
    const { clicks, views } = arm(400, 0.3);
    const total = (x: readonly number[], y: readonly number[]) =>
      x.reduce((sum, value, i) => sum + value * y[i]!, 0);
    const ones = clicks.map(() => 1);
    const fromSums = ratioArm({
      n: 400,
      numerator: total(clicks, ones),
      numeratorSquares: total(clicks, clicks),
      denominator: total(views, ones),
      denominatorSquares: total(views, views),
      products: total(clicks, views),
    });
    const fromUsers = ratioMetric(clicks, views);
    expect(fromUsers.mean).toBeCloseTo(fromSums.mean, 12);
    expect(fromUsers.variance).toBeCloseTo(fromSums.variance, 10);
  });

  it('have variance 0 when proportional, and are undefined over nothing', () => {
    expect(ratioMetric([2, 4, 6], [1, 2, 3])).toEqual({ n: 3, mean: 2, variance: 0 });
    expect(ratioMetric([NaN, 4, 6], [1, 2, NaN])).toMatchObject({ n: 1, mean: 2 });
    expect(ratioMetric([1, 2], [0, 0]).variance).toBeNaN();
    expect(ratioMetric([], []).mean).toBeNaN();
    expect(() => ratioMetric([1], [1, 2])).toThrow(RangeError);
  });

  it('keep the error of an A/A test by user, where a test by view does not', () => {
    const runs = 400;
    let byView = 0;
    const byUser = times(runs, () => {
      const [control, treatment] = [arm(150, 0.3), arm(150, 0.3)];
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
      byView += Number(
        twoProportionZ(sum(control.clicks), sum(control.views), sum(treatment.clicks), sum(treatment.views))
          .pValue < 0.05,
      );
      const effect = experimentEffect(
        ratioMetric(control.clicks, control.views),
        ratioMetric(treatment.clicks, treatment.views),
      );
      return abTest(effect).pValue < 0.05;
    });
    expectRateAtMost(byUser, runs, 0.055);
    expect(byView).toBeGreaterThan(byUser);
  });
});

describe('the relative lift', () => {
  it('agrees between delta method and Fieller where the control is well known', () => {
    const { lift, interval, fieller, fiellerShape } = relativeLift(
      proportionArm(50_000, 100_000),
      proportionArm(51_000, 100_000),
    );
    expect(lift).toBeCloseTo(0.02, 12);
    expect(fiellerShape).toBe('bounded');
    expect(fieller[0]).toBeCloseTo(interval[0], 4);
    expect(fieller[1]).toBeCloseTo(interval[1], 4);
  });

  it('says so when the control may be 0', () => {
    const noisy = { n: 10, mean: 0.1, variance: 1 };
    const { fieller, fiellerShape } = relativeLift(noisy, { n: 10, mean: 3, variance: 1 });
    expect(fiellerShape).toBe('unbounded');
    expect(fieller[0]).toBeNaN();
    expect(relativeLift(proportionArm(0, 10), proportionArm(1, 10)).lift).toBeNaN();
  });

  it('covers the truth at a noisy control by Fieller', () => {
    const draws = seeded(13);
    const runs = 2000;
    const truth = 0.5;
    const missed = times(runs, () => {
      // The control's mean lies four standard errors from 0.
      const control = { n: 100, mean: 4 + draws.normal(), variance: 100 };
      const treatment = { n: 100, mean: 4 * (1 + truth) + draws.normal(), variance: 100 };
      const { fieller, fiellerShape } = relativeLift(control, treatment);
      return fiellerShape === 'bounded' && !(fieller[0] <= truth && truth <= fieller[1]);
    });
    expectRateAtMost(missed, runs, 0.05);
  });
});
