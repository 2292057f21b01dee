import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../test-support/random.js';
import { expectRateAtMost, times } from '../../test-support/simulation.js';
import { msprtNormal, quantileCS, rateRatioEProcess } from '../index.js';

describe('mSPRT', () => {
  const test = msprtNormal({ variance: 2, mixtureVariance: 0.5, nullMean: 1 });
  const follow = (values: readonly number[]) =>
    values.reduce((state, value) => test.update(state, value), test.start());

  it('is the mixture of likelihood ratios: checked by quadrature over the prior', () => {
    const values = [1.3, -0.4, 2.2, 2.6];
    const density = (x: number, m: number, v: number) => Math.exp((-0.5 * (x - m) ** 2) / v) / Math.sqrt(v);
    let mixture = 0;
    const step = 0.001;
    for (let m = -7; m < 9; m += step) {
      const prior = (density(m, 1, 0.5) / Math.sqrt(2 * Math.PI)) * step;
      mixture += prior * values.reduce((ratio, x) => (ratio * density(x, m, 2)) / density(x, 1, 2), 1);
    }
    expect(test.eValue(follow(values))).toBeCloseTo(mixture, 8);
  });

  it('knows nothing at the start, and never takes a p-value back', () => {
    expect(test.eValue(test.start())).toBe(1);
    expect(test.pValue(test.start())).toBe(1);
    expect(test.interval(test.start())).toEqual([-Infinity, Infinity]);
    expect(test.mean(test.start())).toBeNaN();
    fc.assert(
      fc.property(fc.array(fc.double({ min: -50, max: 50, noNaN: true })), values => {
        let state = test.start();
        for (const value of values) {
          const next = test.update(state, value);
          expect(test.pValue(next)).toBeLessThanOrEqual(test.pValue(state));
          expect(test.pValue(next)).toBeLessThanOrEqual(1 / test.eValue(next) + 1e-12);
          state = next;
        }
      }),
    );
  });

  it('has the interval of the means that it does not reject', () => {
    const state = follow([1, 2, 0, 4, 3]);
    for (const bound of test.interval(state)) expect(test.eValue(state, bound)).toBeCloseTo(20, 8);
  });

  it('survives extremes and refuses nonsense', () => {
    const far = follow([1e6]);
    expect(test.eValue(far)).toBe(Infinity);
    expect(test.pValue(far)).toBe(0);
    const blind = msprtNormal({ variance: 1, mixtureVariance: 0 });
    expect(blind.eValue(blind.update(blind.start(), 5))).toBe(1);
    expect(() => test.update(test.start(), NaN)).toThrow(RangeError);
    expect(() => msprtNormal({ variance: 0, mixtureVariance: 1 })).toThrow(RangeError);
    expect(() => msprtNormal({ variance: 1, mixtureVariance: -1 })).toThrow(RangeError);
  });

  it('keeps its level when looked at after every value', () => {
    const draws = seeded(2);
    const runs = 1000;
    const null0 = msprtNormal({ variance: 1, mixtureVariance: 0.1 });
    const alarms = times(runs, () => {
      let state = null0.start();
      for (let i = 0; i < 500; i++) state = null0.update(state, draws.normal());
      return null0.pValue(state) <= 0.05;
    });
    expectRateAtMost(alarms, runs, 0.05);
    expect(alarms).toBeGreaterThan(0);
  });
});

describe('a quantile at any look', () => {
  it('has no bound before there can be one, and narrow ones later', () => {
    const p99 = quantileCS(0.99);
    expect(p99.ranks(0)).toEqual([0, 1]);
    expect(p99.interval([])).toEqual([-Infinity, Infinity]);
    expect(p99.interval([1, 2, 3])).toEqual([-Infinity, Infinity]);
    expect(p99.ranks(500)[1]).toBe(501);
    expect(p99.ranks(540)[1]).toBeLessThanOrEqual(540);
    const [low, high] = p99.ranks(1_000_000);
    expect(low / 1e6).toBeCloseTo(0.99, 3);
    expect(high / 1e6).toBeCloseTo(0.99, 3);
    expect(low).toBeLessThan(990_000);
    expect(high).toBeGreaterThan(990_000);
  });

  it('mirrors: the low quantile of the negatives', () => {
    for (const n of [7, 100, 2500]) {
      const [low, high] = quantileCS(0.25).ranks(n);
      const [mirroredLow, mirroredHigh] = quantileCS(0.75).ranks(n);
      expect(Math.abs(mirroredLow - (n + 1 - high))).toBeLessThanOrEqual(1);
      expect(Math.abs(mirroredHigh - (n + 1 - low))).toBeLessThanOrEqual(1);
    }
  });

  it.each([
    ['continuous', (x: number) => x],
    ['rounded to whole numbers', (x: number) => Math.ceil(x)],
    ['constant', () => 3],
  ])('misses no more often than it says over 400 looks: %s values', (_name, shape) => {
    const draws = seeded(9);
    const level = 0.9;
    const truth = shape(-Math.log(1 - level));
    const sequence = quantileCS(level, { tightestAt: 200 });
    const ranks = Array.from({ length: 401 }, (_, n) => sequence.ranks(n));
    const runs = 400;
    const missed = times(runs, () => {
      // Counting suffices: an order statistic lies above the truth when fewer values lie at or below it.
      let below = 0;
      let atMost = 0;
      for (let n = 1; n <= 400; n++) {
        const value = shape(draws.exponential());
        below += Number(value < truth);
        atMost += Number(value <= truth);
        const [low, high] = ranks[n]!;
        if (low > atMost || high <= below) return true;
      }
      return false;
    });
    expectRateAtMost(missed, runs, 0.05);
  });

  it('gives values at its ranks', () => {
    const values = Float64Array.from({ length: 2000 }, (_, i) => i + 1);
    const median = quantileCS(0.5);
    expect(median.interval(values)).toEqual(median.ranks(2000));
  });

  it('refuses levels and counts that cannot be', () => {
    expect(() => quantileCS(1)).toThrow(RangeError);
    expect(() => quantileCS(0.5, { tightestAt: 0 })).toThrow(RangeError);
    expect(() => quantileCS(0.5).ranks(1.5)).toThrow(RangeError);
  });
});

interface RateCase {
  readonly nc: number;
  readonly nb: number;
  readonly xb: readonly number[];
  readonly xc: readonly number[];
  readonly logE: readonly number[];
}

describe('a ratio of two event rates', () => {
  const { eprocess } = JSON.parse(
    readFileSync(new URL('../../golden/serving/experiment_stats.json', import.meta.url), 'utf8'),
  ) as { readonly eprocess: readonly RateCase[] };
  const process = rateRatioEProcess();

  it.each(eprocess)('baseline $nb and canary $nc requests a minute', ({ nb, nc, xb, xc, logE }) => {
    let state = process.start();
    logE.forEach((expected, i) => {
      state = process.update(state, {
        controlEvents: xb[i]!,
        controlExposure: nb,
        treatmentEvents: xc[i]!,
        treatmentExposure: nc,
      });
      expect(process.logEValue(state)).toBeCloseTo(expected, 10);
    });
  });

  it('learns nothing from one side alone, from no event of nothing, and refuses events without exposure', () => {
    const period = { controlEvents: 0, controlExposure: 0, treatmentEvents: 4, treatmentExposure: 10 };
    expect(process.logEValue(process.start())).toBe(0);
    expect(process.update(process.start(), period)).toEqual(process.start());
    expect(() => process.update(process.start(), { ...period, treatmentExposure: 0 })).toThrow(RangeError);
    expect(() => process.update(process.start(), { ...period, controlEvents: -1 })).toThrow(RangeError);
    expect(() => rateRatioEProcess({ ratios: [0.9] })).toThrow(RangeError);
    expect(() => rateRatioEProcess({ tolerated: 0 })).toThrow(RangeError);
  });

  it('keeps its level at the tolerated ratio while the common rate moves, and finds a doubled one', () => {
    const draws = seeded(12);
    const runs = 400;
    const tolerant = rateRatioEProcess({ tolerated: 1.5 });
    const follow = (ratio: number) => {
      let state = tolerant.start();
      for (let minute = 0; minute < 60; minute++) {
        const rate = 8 + 6 * Math.sin(minute / 5);
        state = tolerant.update(state, {
          controlEvents: draws.poisson(rate),
          controlExposure: 1000,
          treatmentEvents: draws.poisson(0.2 * rate * ratio),
          treatmentExposure: 200,
        });
        if (tolerant.logEValue(state) >= Math.log(20)) return true;
      }
      return false;
    };
    expectRateAtMost(
      times(runs, () => follow(1.5)),
      runs,
      0.05,
    );
    expect(times(100, () => follow(4.5))).toBeGreaterThan(95);
  });
});
