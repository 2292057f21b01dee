import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../../test-support/random.js';
import { expectRateAtMost, times } from '../../../test-support/simulation.js';
import {
  crossingProbabilities,
  groupSequentialInflation,
  hwangShihDeCaniSpending,
  normalQuantile,
  normalSf,
  obrienFlemingBounds,
  obrienFlemingSpending,
  pocockBounds,
  pocockSpending,
  powerSpending,
  spendingBounds,
  wangTsiatisBounds,
} from '../../index.js';

describe('bounds at planned looks', () => {
  // Jennison & Turnbull 2000, tables 2.1 (Pocock C_P) and 2.3 (O'Brien & Fleming C_B), two-sided alpha 0.05.
  it.each([
    [1, 1.96, 1.96],
    [2, 2.178, 1.977],
    [3, 2.289, 2.004],
    [4, 2.361, 2.024],
    [5, 2.413, 2.04],
    [10, 2.555, 2.087],
  ])('%s looks: Pocock %s, last of O’Brien and Fleming %s', (looks, pocock, last) => {
    for (const bound of pocockBounds(looks).upper) expect(bound).toBeCloseTo(pocock, 3);
    const { upper, lower } = obrienFlemingBounds(looks);
    expect(Math.abs(upper[looks - 1]! - last)).toBeLessThan(0.001);
    upper.forEach((bound, k) => {
      expect(bound).toBeCloseTo(upper[looks - 1]! * Math.sqrt(looks / (k + 1)), 9);
      expect(lower[k]).toBe(-bound);
    });
  });

  // The same tables; confirmed by the five-dimensional normal integral (Genz; scipy's multivariate_normal).
  it.each([
    [0.01, 2.986, 2.621],
    [0.1, 2.122, 1.751],
  ])('five looks at alpha %s', (alpha, pocock, last) => {
    expect(pocockBounds(5, { alpha }).upper[0]).toBeCloseTo(pocock, 3);
    expect(Math.abs(obrienFlemingBounds(5, { alpha }).upper[4]! - last)).toBeLessThan(0.001);
  });

  it('lies between the two for shapes between theirs', () => {
    // The five-dimensional normal integral leaves 2.136·(k/5)^(−1/4) with probability 0.0500.
    expect(wangTsiatisBounds(5, 0.25).upper[4]).toBeCloseTo(2.136, 3);
  });

  it('keeps the level for any shape and spacing, one- or two-sided', () => {
    const spacing = fc
      .array(fc.double({ min: 0.02, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 })
      .map(steps => steps.map((_, k) => steps.slice(0, k + 1).reduce((sum, step) => sum + step, 0)));
    fc.assert(
      fc.property(
        spacing,
        fc.double({ min: -0.5, max: 0.8, noNaN: true }),
        fc.constantFrom(1 as const, 2 as const),
        (information, shape, sides) => {
          const { totalUpper, totalLower } = crossingProbabilities(
            wangTsiatisBounds(information, shape, { alpha: 0.05, sides }),
          );
          expect(totalUpper).toBeCloseTo(0.05 / sides, 9);
          expect(totalLower).toBeCloseTo(sides === 2 ? 0.025 : 0, 9);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('bounds that spend the level', () => {
  const fifths = [0.2, 0.4, 0.6, 0.8, 1];

  // R ldbounds and gsDesign (sfLDOF, sfLDPocock, sfHSD), two-sided 0.05 or one-sided 0.025.
  it.each([
    ['O’Brien–Fleming', obrienFlemingSpending, fifths, [4.8769, 3.357, 2.6803, 2.2898, 2.031]],
    ['Pocock', pocockSpending, fifths, [2.438, 2.4268, 2.4101, 2.3966, 2.3859]],
    ['Hwang–Shih–DeCani −4', hwangShihDeCaniSpending(-4), [1, 2, 3], [3.0107, 2.5465, 1.9992]],
  ] as const)('%s: as published', (_name, spending, information, bounds) => {
    const { upper } = spendingBounds(information, spending);
    upper.forEach((bound, k) => expect(Math.abs(bound - bounds[k]!)).toBeLessThan(2e-4));
    const oneSided = spendingBounds(information, spending, { alpha: 0.025, sides: 1 });
    oneSided.upper.forEach((bound, k) => expect(Math.abs(bound - bounds[k]!)).toBeLessThan(2e-3));
  });

  it('depends on earlier looks only, so that looks need not be planned', () => {
    const whole = spendingBounds([13, 40, 41, 90, 100], pocockSpending);
    const early = spendingBounds([13, 40, 41], pocockSpending, { planned: 100 });
    early.upper.forEach((bound, k) => expect(bound).toBeCloseTo(whole.upper[k]!, 8));
  });

  it('spends exactly what it may by each look, also when looks crowd together', () => {
    const information = [0.1, 0.1001, 0.5, 0.50001, 1];
    for (const spending of [obrienFlemingSpending, pocockSpending, powerSpending(2)]) {
      const design = spendingBounds(information, spending);
      const { upper } = crossingProbabilities(design);
      let spent = 0;
      upper.forEach((share, k) => {
        spent += share;
        expect(spent).toBeCloseTo(spending(information[k]!, 0.025), 10);
      });
    }
  });

  it('has nothing left after the planned information, and no bound where nothing is spent', () => {
    const { upper } = spendingBounds([50, 100, 120], pocockSpending, { planned: 100 });
    expect(upper[2]).toBe(Infinity);
    expect(spendingBounds([1e-4, 1], obrienFlemingSpending).upper[0]).toBe(Infinity);
    expect(spendingBounds([1], pocockSpending).upper[0]).toBeCloseTo(normalQuantile(0.975), 9);
  });

  it('spends from 0 to the level, never less later', () => {
    for (const spending of [
      obrienFlemingSpending,
      pocockSpending,
      powerSpending(1.5),
      hwangShihDeCaniSpending(-4),
      hwangShihDeCaniSpending(0),
      hwangShihDeCaniSpending(2),
    ]) {
      expect(spending(0, 0.025)).toBe(0);
      expect(spending(1, 0.025)).toBeCloseTo(0.025, 12);
      expect(spending(1.5, 0.025)).toBeCloseTo(0.025, 12);
      for (let t = 0.01; t < 1; t += 0.01)
        expect(spending(t, 0.025)).toBeGreaterThanOrEqual(spending(t - 0.01, 0.025));
    }
  });

  it('refuses designs that cannot be', () => {
    expect(() => spendingBounds([], pocockSpending)).toThrow(RangeError);
    expect(() => spendingBounds([1, 1], pocockSpending)).toThrow(RangeError);
    expect(() => spendingBounds([1], pocockSpending, { alpha: 0 })).toThrow(RangeError);
    expect(() => obrienFlemingBounds(0)).toThrow(RangeError);
    expect(() => powerSpending(0)).toThrow(RangeError);
    expect(() => crossingProbabilities({ information: [1, 2], upper: [1, 1], lower: [1, 1] })).toThrow(
      RangeError,
    );
    expect(() => crossingProbabilities({ information: [1, 2], upper: [1] })).toThrow(RangeError);
  });
});

describe('where a design stops', () => {
  it('is a normal tail for a single look, at any drift', () => {
    for (const drift of [0, 1, -2.5]) {
      const { totalUpper } = crossingProbabilities({ information: [4], upper: [1.96] }, drift);
      expect(totalUpper).toBeCloseTo(normalSf(1.96 - 2 * drift), 12);
    }
  });

  it('accounts for all paths when the last bounds meet', () => {
    const { totalUpper, totalLower } = crossingProbabilities(
      { information: [1, 2, 3], upper: [3, 2.5, 2], lower: [-1, 0, 2] },
      0.7,
    );
    expect(totalUpper + totalLower).toBeCloseTo(1, 10);
  });

  it('is what simulation finds, for the level, the power and the information used', () => {
    const draws = seeded(3);
    const bounds = spendingBounds([30, 50, 100], obrienFlemingSpending);
    const { totalUpper, expectedInformation } = crossingProbabilities(bounds, 0.3);
    const runs = 20_000;
    let used = 0;
    const found = times(runs, () => {
      let score = 0;
      let before = 0;
      for (const [k, information] of bounds.information.entries()) {
        const step = information - before;
        score += 0.3 * step + Math.sqrt(step) * draws.normal();
        before = information;
        const z = score / Math.sqrt(information);
        if (z >= bounds.upper[k]! || z <= bounds.lower[k]!) {
          used += information;
          return z > 0;
        }
      }
      used += before;
      return false;
    });
    expect(Math.abs(found / runs - totalUpper)).toBeLessThan(0.012);
    expect(Math.abs(used / runs / expectedInformation - 1)).toBeLessThan(0.015);
    expectRateAtMost(
      times(4000, () => {
        let score = 0;
        let before = 0;
        return bounds.information.some((information, k) => {
          score += Math.sqrt(information - before) * draws.normal();
          before = information;
          return Math.abs(score) / Math.sqrt(information) >= bounds.upper[k]!;
        });
      }),
      4000,
      0.052,
    );
  });

  it('costs what the tables say', () => {
    // Jennison & Turnbull 2000, tables 2.2 and 2.4: five looks, alpha 0.05; powers 0.8 and 0.9.
    expect(groupSequentialInflation(pocockBounds(5), 0.8)).toBeCloseTo(1.229, 3);
    expect(groupSequentialInflation(pocockBounds(5), 0.9)).toBeCloseTo(1.207, 3);
    expect(groupSequentialInflation(obrienFlemingBounds(5), 0.8)).toBeCloseTo(1.028, 3);
    expect(groupSequentialInflation(obrienFlemingBounds(5), 0.9)).toBeCloseTo(1.026, 3);
    expect(groupSequentialInflation(obrienFlemingBounds(1), 0.9)).toBeCloseTo(1, 8);
  });
});
