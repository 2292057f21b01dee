import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../test-support/random.js';
import { expectRateAtLeast, times } from '../../test-support/simulation.js';
import {
  benjaminiHochberg,
  benjaminiYekutieli,
  bonferroni,
  clopperPearson,
  hellinger,
  holm,
  jensenShannonDistance,
  logisticShift,
  meanInterval,
  moments,
  populationStabilityIndex,
  quantileBinned,
  standardizedMeanShift,
  totalVariation,
  wassersteinDistance,
  wilson,
} from '../index.js';

describe('corrections', () => {
  const ps = fc.array(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(NaN)), {
    maxLength: 30,
  });
  it('Hochberg ≤ Holm ≤ Bonferroni and Hochberg ≤ Yekutieli, none below p, order kept, NaN apart', () => {
    fc.assert(
      fc.property(ps, p => {
        const [bh, by, ho, bo] = [benjaminiHochberg(p), benjaminiYekutieli(p), holm(p), bonferroni(p)];
        p.forEach((value, i) => {
          if (Number.isNaN(value)) expect([bh[i], by[i], ho[i], bo[i]]).toEqual([NaN, NaN, NaN, NaN]);
          else {
            const slack = 1e-12;
            expect(bh[i]!).toBeGreaterThanOrEqual(value * (1 - slack));
            expect(ho[i]!).toBeGreaterThanOrEqual(bh[i]! - slack);
            expect(bo[i]!).toBeGreaterThanOrEqual(ho[i]! - slack);
            expect(by[i]!).toBeGreaterThanOrEqual(bh[i]! - slack);
          }
        });
        const present = p.filter(value => !Number.isNaN(value));
        expect(bh.filter(value => !Number.isNaN(value))).toEqual(benjaminiHochberg(present));
      }),
    );
  });
  it('refuses what is no p-value', () => {
    expect(() => holm([0.1, 1.2])).toThrow(/\[0, 1\]/);
  });
});

describe('distances between categories', () => {
  const counts = fc
    .array(fc.integer({ min: 0, max: 50 }), { minLength: 4, maxLength: 4 })
    .filter(c => c.some(x => x > 0));
  it('are symmetric, zero on proportional tables, one on disjoint ones', () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        for (const distance of [totalVariation, hellinger, jensenShannonDistance]) {
          expect(distance(a, b)).toBeCloseTo(distance(b, a), 12);
          expect(
            distance(
              a,
              a.map(x => 3 * x),
            ),
          ).toBeCloseTo(0, 7);
          expect(distance(a, b)).toBeLessThanOrEqual(1 + 1e-12);
          expect(distance([...a, 0, 0, 0, 0], [0, 0, 0, 0, ...b])).toBeCloseTo(1, 12);
        }
      }),
    );
  });
  it('an empty side has no distance', () => {
    for (const distance of [totalVariation, hellinger, jensenShannonDistance, populationStabilityIndex]) {
      expect(distance({}, { a: 1 })).toBeNaN();
    }
  });
});

describe('distances between numbers', () => {
  it('Wasserstein moves with a shift, and is 0 on itself', () => {
    const a = [1, 5, 2, 8];
    expect(
      wassersteinDistance(
        a,
        a.map(x => x + 3),
      ),
    ).toBeCloseTo(3, 12);
    expect(wassersteinDistance(a, [8, 2, 5, 1])).toBe(0);
    expect(wassersteinDistance([], a)).toBeNaN();
    expect(wassersteinDistance([-Infinity, 1], [-Infinity, 2])).toBe(0.5);
    expect(wassersteinDistance([1, NaN], [1])).toBe(0);
  });
  it('a standardised shift has a sign and a unit', () => {
    expect(standardizedMeanShift([0, 2], [1, 3])).toBeCloseTo(1 / Math.SQRT2, 12);
    expect(standardizedMeanShift([1, 1], [1, 1])).toBe(0);
    expect(standardizedMeanShift([1, 1], [0, 0])).toBe(-Infinity);
    expect(standardizedMeanShift([1], [0, 0])).toBeNaN();
  });
  it('quantile bins: empty and constant references', () => {
    expect(quantileBinned([], [1])).toEqual({ edges: [], reference: [], current: [] });
    expect(quantileBinned([2, 2], [1, 2, 3])).toEqual({ edges: [2], reference: [0, 2], current: [1, 2] });
    expect(() => quantileBinned([1], [1], 0)).toThrow(/bins/);
  });
});

describe('intervals', () => {
  it('Clopper–Pearson covers at least as promised; Wilson nearly', () => {
    const draw = seeded(51);
    for (const [n, rate] of [
      [20, 0.1],
      [50, 0.5],
    ] as const) {
      const inside = ([low, high]: [number, number]): boolean => low <= rate && rate <= high;
      expectRateAtLeast(
        times(3000, () => inside(clopperPearson(draw.binomial(n, rate), n, 0.95))),
        3000,
        0.95,
      );
      expectRateAtLeast(
        times(3000, () => inside(wilson(draw.binomial(n, rate), n, 0.95))),
        3000,
        0.93,
      );
    }
  });
  it('no trials: nothing known; nonsense refused', () => {
    expect([wilson(0, 0), clopperPearson(0, 0)]).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(wilson(0, 10)[0]).toBe(0);
    expect(clopperPearson(10, 10)[1]).toBe(1);
    expect(() => wilson(3, 2)).toThrow(/successes/);
    expect(() => clopperPearson(1, 2, 1)).toThrow(/confidence/);
  });
  it('the t interval of a textbook sample', () => {
    const { low, high, mean } = meanInterval([1, 2, 3, 4, 5], 0.95);
    expect(mean).toBe(3);
    expect(high - mean).toBeCloseTo(2.7764451051977987 * Math.sqrt(0.5), 9);
    expect(mean - low).toBeCloseTo(high - mean, 12);
    expect(meanInterval([7, NaN])).toMatchObject({ n: 1, mean: 7, low: NaN, high: NaN });
  });
});

describe('logisticShift', () => {
  const draw = seeded(61);
  const biased = (n: number, shift: number) => {
    const logits = Array.from({ length: n }, () => draw.normal());
    const labels = logits.map(z => (draw.uniform() < 1 / (1 + Math.exp(-z - shift)) ? 1 : 0));
    return { labels, p: logits.map(z => 1 / (1 + Math.exp(-z))) };
  };
  it('brings the mean probability to the base rate', () => {
    const { labels, p } = biased(500, 0.8);
    const { shift } = logisticShift(labels, p);
    const shifted = p.map(value => 1 / (1 + Math.exp(-Math.log(value / (1 - value)) - shift)));
    expect(moments(shifted).mean).toBeCloseTo(moments(labels).mean, 9);
  });
  it('its standard error covers the true shift', () => {
    const covered = times(500, () => {
      const { labels, p } = biased(300, -0.5);
      const { shift, standardError } = logisticShift(labels, p);
      return Math.abs(shift + 0.5) <= 1.96 * standardError;
    });
    expectRateAtLeast(covered, 500, 0.95);
  });
  it('a ridge shrinks, and keeps one-class labels finite', () => {
    const { labels, p } = biased(100, 1);
    const free = logisticShift(labels, p).shift;
    const shrunk = logisticShift(labels, p, { ridge: 50 }).shift;
    expect(Math.abs(shrunk)).toBeLessThan(Math.abs(free));
    expect(logisticShift([1, 1], [0.5, 0.5])).toMatchObject({ shift: Infinity, standardError: Infinity });
    expect(logisticShift([0, 0], [0.5, 0.5]).shift).toBe(-Infinity);
    expect(Number.isFinite(logisticShift([1, 1], [0.5, 0.5], { ridge: 1 }).shift)).toBe(true);
    // Extreme probabilities and contrary labels: still solved.
    expect(Number.isFinite(logisticShift([0, 1], [1, 0]).shift)).toBe(true);
  });
  it('nothing, NaN and nonsense', () => {
    expect(logisticShift([], []).shift).toBeNaN();
    expect(logisticShift([1, 0], [NaN, 0.5]).shift).toBeNaN();
    expect(() => logisticShift([1], [0.5], { ridge: -1 })).toThrow(/ridge/);
  });
});
