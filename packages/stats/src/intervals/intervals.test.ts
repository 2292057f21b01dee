import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../test-support/random.js';
import { expectRateAtMost, times } from '../../test-support/simulation.js';
import {
  hoeffdingRadius,
  jeffreys,
  miettinenNurminen,
  newcombeDifference,
  scoreDifference,
  wilson,
  wilsonCorrected,
} from '../index.js';

describe('one proportion', () => {
  // Newcombe 1998 (Stat Med 17:857), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29; methods 3 and 4.
  it.each([
    [81, 263, [0.2553, 0.3662], [0.2535, 0.3682]],
    [15, 148, [0.0624, 0.1605], [0.0598, 0.1644]],
    [0, 20, [0, 0.1611], [0, 0.2005]],
    [1, 29, [0.0061, 0.1718], [0.0018, 0.1963]],
  ] as const)('%s of %s: Wilson, and with continuity correction, as published', (x, n, plain, corrected) => {
    const got = [...wilson(x, n), ...wilsonCorrected(x, n)];
    [...plain, ...corrected].forEach((bound, i) => expect(got[i]).toBeCloseTo(bound, 4));
  });

  const counts = fc
    .tuple(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([n, share]) => [Math.round(share * n), n] as const);

  it('is wider with the correction, mirrored by failures, inside [0, 1] and around the share', () => {
    fc.assert(
      fc.property(counts, ([x, n]) => {
        const [low, high] = wilsonCorrected(x, n);
        const [plainLow, plainHigh] = wilson(x, n);
        expect(low).toBeLessThanOrEqual(plainLow);
        expect(high).toBeGreaterThanOrEqual(plainHigh);
        const [mirroredLow, mirroredHigh] = wilsonCorrected(n - x, n);
        expect(1 - mirroredHigh).toBeCloseTo(low, 12);
        expect(1 - mirroredLow).toBeCloseTo(high, 12);
        expect(low >= 0 && low <= x / n && high >= x / n && high <= 1).toBe(true);
      }),
    );
  });

  it("takes Jeffreys' prior alone when there are no data", () => {
    const [low, high] = jeffreys(0, 0, 0.5);
    // Beta(½, ½) is the arcsine law: quartiles sin²(π/8) and cos²(π/8).
    expect(low).toBeCloseTo(Math.sin(Math.PI / 8) ** 2, 10);
    expect(high).toBeCloseTo(Math.cos(Math.PI / 8) ** 2, 10);
    expect(wilsonCorrected(0, 0)).toEqual([0, 1]);
  });

  it("bounds the mean by Hoeffding's inequality", () => {
    expect(hoeffdingRadius(50)).toBeCloseTo(0.19206455826398416, 14);
    expect(hoeffdingRadius(50, 0.05, 10)).toBeCloseTo(1.9206455826398416, 13);
    expect(hoeffdingRadius(0)).toBe(Infinity);
    expect(() => hoeffdingRadius(-1)).toThrow(RangeError);
    expect(() => hoeffdingRadius(10, 0)).toThrow(RangeError);
  });
});

describe('a difference of two proportions', () => {
  // Newcombe 1998 (Stat Med 17:873), table II, methods 10 and 6; 0/10 to 10/10 by hand: 19(1 − d)/(1 + d) = z².
  it.each([
    [48, 80, 56, 70, [0.0524, 0.3339], [0.0528, 0.3382]],
    [3, 10, 9, 10, [0.1705, 0.809], [0.17, 0.8406]],
    [2, 7, 6, 7, [0.0582, 0.8062], [0.0342, 0.8534]],
    [0, 29, 5, 56, [-0.0381, 0.1926], [-0.0326, 0.1933]],
    [0, 20, 0, 10, [-0.1611, 0.2775], [-0.1658, 0.2844]],
    [0, 10, 10, 10, [0.6075, 1], [0.6636, 1]],
  ] as const)('%s/%s to %s/%s: as published', (x1, n1, x2, n2, newcombe, score) => {
    const [low, high] = newcombeDifference(x1, n1, x2, n2);
    expect(low).toBeCloseTo(newcombe[0], 3);
    expect(high).toBeCloseTo(newcombe[1], 3);
    const [scoreLow, scoreHigh] = miettinenNurminen(x1, n1, x2, n2);
    expect(scoreLow).toBeCloseTo(score[0], 4);
    expect(scoreHigh).toBeCloseTo(score[1], 4);
  });

  const arm = fc
    .tuple(fc.integer({ min: 1, max: 300 }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([n, share]) => [Math.round(share * n), n] as const);

  it('turns its sign when the arms change places, and contains the observed difference', () => {
    fc.assert(
      fc.property(arm, arm, ([x1, n1], [x2, n2]) => {
        for (const method of [newcombeDifference, miettinenNurminen]) {
          const [low, high] = method(x1, n1, x2, n2);
          const [backLow, backHigh] = method(x2, n2, x1, n1);
          expect(backLow).toBeCloseTo(-high, 8);
          expect(backHigh).toBeCloseTo(-low, 8);
          expect(low).toBeLessThanOrEqual(x2 / n2 - x1 / n1);
          expect(high).toBeGreaterThanOrEqual(x2 / n2 - x1 / n1);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('says nothing when a side is empty, and refuses counts that cannot be', () => {
    expect(newcombeDifference(0, 0, 3, 5)).toEqual([-1, 1]);
    expect(miettinenNurminen(3, 5, 0, 0)).toEqual([-1, 1]);
    expect(scoreDifference(0, 0, 1, 2, 0)).toBeNaN();
    expect(() => miettinenNurminen(6, 5, 1, 2)).toThrow(RangeError);
    expect(() => newcombeDifference(1, 5, -1, 2)).toThrow(RangeError);
    expect(() => scoreDifference(1, 2, 1, 2, 1.5)).toThrow(RangeError);
  });

  it.each([
    [0.02, 40, 0.02, 40],
    [0.5, 15, 0.8, 30],
    [0.01, 300, 0.03, 100],
  ])('misses a true difference of rates %s (%s) and %s (%s) no more often than it says', (p1, n1, p2, n2) => {
    const draws = seeded(5);
    const runs = 1500;
    const missed = times(runs, () => {
      const x1 = draws.binomial(n1, p1);
      const x2 = draws.binomial(n2, p2);
      return Math.abs(scoreDifference(x1, n1, x2, n2, p2 - p1)) > 1.959964;
    });
    // The score interval is approximate: 0.05 nominal, 0.06 allowed.
    expectRateAtMost(missed, runs, 0.06);
  });
});
