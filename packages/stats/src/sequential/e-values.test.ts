import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../test-support/random.js';
import { expectRateAtMost } from '../../test-support/simulation.js';
import {
  alwaysValidP,
  benjaminiYekutieli,
  eBenjaminiHochberg,
  eToP,
  mergeByAverage,
  mergeByProduct,
  normalSf,
  pToE,
} from '../index.js';

describe('from p to e and back', () => {
  it('has the values of the formulas', () => {
    expect(pToE(0.01, 0.5)).toBeCloseTo(5, 12);
    expect(pToE(0.01)).toBeCloseTo((0.99 + 0.01 * Math.log(0.01)) / (0.01 * Math.log(0.01) ** 2), 12);
    expect(pToE(1)).toBe(0.5);
    expect(pToE(0)).toBe(Infinity);
    expect(pToE(0, 0.5)).toBe(Infinity);
    expect(pToE(NaN)).toBeNaN();
    // The series near p = 1 continues the formula.
    expect(pToE(Math.exp(-0.000999))).toBeCloseTo(pToE(Math.exp(-0.001001)), 5);
    expect(eToP(20)).toBe(0.05);
    expect(eToP(0.3)).toBe(1);
    expect(eToP(0)).toBe(1);
    expect(eToP(Infinity)).toBe(0);
  });

  it('bets at even odds: the average over uniform p is at most 1', () => {
    const steps = 200_000;
    for (const kappa of [undefined, 0.5, 0.9]) {
      let sum = 0;
      for (let i = 0; i < steps; i++) sum += pToE((i + 0.5) / steps, kappa);
      // The pole at 0 carries a little that a grid does not see.
      expect(sum / steps).toBeLessThan(1);
      expect(sum / steps).toBeGreaterThan(0.9);
    }
  });

  it('falls in p, and loses evidence there and back', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1, noNaN: true }), p => {
        expect(pToE(p)).toBeGreaterThanOrEqual(pToE(Math.min(1, p * 1.01)) - 1e-9);
        expect(eToP(pToE(p))).toBeGreaterThanOrEqual(p);
      }),
    );
  });

  it('refuses what is neither', () => {
    expect(() => pToE(1.1)).toThrow(RangeError);
    expect(() => pToE(0.5, 1)).toThrow(RangeError);
    expect(() => eToP(-1)).toThrow(RangeError);
    expect(() => mergeByAverage([1, -2])).toThrow(RangeError);
    expect(() => mergeByAverage([1, 2], [1])).toThrow(RangeError);
    expect(() => eBenjaminiHochberg([1], 0)).toThrow(RangeError);
  });
});

describe('merging and following', () => {
  it('averages, weighs and multiplies', () => {
    expect(mergeByAverage([1, 3, 8])).toBe(4);
    expect(mergeByAverage([1, Infinity], [1, 0])).toBe(1);
    expect(mergeByAverage([2, 10], [3, 1])).toBe(4);
    expect(mergeByAverage([])).toBeNaN();
    expect(mergeByProduct([2, 3, 0.5])).toBeCloseTo(3, 12);
    expect(mergeByProduct([])).toBe(1);
    expect(mergeByProduct([0, Infinity])).toBe(0);
    // No overflow on the way.
    expect(mergeByProduct([1e300, 1e300, 1e-300, 1e-300])).toBeCloseTo(1, 9);
  });

  it('never takes an always-valid p-value back', () => {
    expect([...alwaysValidP([0.5, 4, 2, NaN, 40, 1])]).toEqual([1, 0.25, 0.25, 0.25, 0.025, 0.025]);
    expect([...alwaysValidP([])]).toEqual([]);
  });
});

describe('e-BH', () => {
  it('is Benjamini–Hochberg on 1/e', () => {
    // m = 4, alpha 0.1: needs k·e_(k) ≥ 40.
    expect(eBenjaminiHochberg([21, 3, 20, 1], 0.1)).toEqual([true, false, true, false]);
    expect(eBenjaminiHochberg([19, 3, 19, 1], 0.1)).toEqual([false, false, false, false]);
    expect(eBenjaminiHochberg([NaN, 20])).toEqual([false, true]);
    expect(eBenjaminiHochberg([])).toEqual([]);
    expect(eBenjaminiHochberg([Infinity, 0, Infinity])).toEqual([true, false, true]);
  });

  it('rejects more when evidence grows, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { maxLength: 20 }), eValues => {
        const before = eBenjaminiHochberg(eValues, 0.1);
        const after = eBenjaminiHochberg(
          eValues.map(e => e * 1.5),
          0.1,
        );
        before.forEach((rejected, i) => expect(!rejected || after[i]).toBe(true));
        expect(eBenjaminiHochberg([...eValues].reverse(), 0.1).reverse()).toEqual(before);
      }),
    );
  });

  it('keeps the false discovery rate of hypotheses that hang together', () => {
    const draws = seeded(6);
    const runs = 1000;
    let falseShare = 0;
    let found = 0;
    for (let run = 0; run < runs; run++) {
      const shared = draws.normal();
      // 40 hypotheses, 10 false; likelihood ratios exp(δz − δ²/2) of strongly dependent z.
      const eValues = Array.from({ length: 40 }, (_, i) => {
        const z = 0.8 * shared + 0.6 * draws.normal() + (i < 10 ? 4 : 0);
        return Math.exp(3 * z - 4.5);
      });
      const rejected = eBenjaminiHochberg(eValues, 0.1);
      const all = rejected.filter(Boolean).length;
      falseShare += rejected.slice(10).filter(Boolean).length / Math.max(1, all);
      found += rejected.slice(0, 10).filter(Boolean).length;
    }
    expectRateAtMost(Math.round(falseShare), runs, 0.1);
    expect(found / runs).toBeGreaterThan(5);
    // Under dependence the choice for p-values is Benjamini–Yekutieli; both must stand for themselves.
    expect(benjaminiYekutieli([normalSf(4)])[0]).toBeLessThan(0.05);
  });
});
