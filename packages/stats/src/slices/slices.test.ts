import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Draws, seeded } from '../../test-support/random.js';
import { expectRateAtMost, times } from '../../test-support/simulation.js';
import { quantileCodes } from './quantile-codes.js';
import { resamplingBound } from './resampling-bound.js';
import { worstSlices } from './worst-slices.js';

const codesOf = (n: number, levels: number, draws: Draws): Int32Array =>
  Int32Array.from({ length: n }, () => Math.floor(levels * draws.uniform()));

describe('quantileCodes', () => {
  it('bins by count, ties together, missing apart', () => {
    const { codes, cuts, levels } = quantileCodes([5, 1, NaN, 3, 2, 4], 5);
    expect(levels).toBe(5);
    expect(cuts).toEqual([1.8, 2.6, 3.4, 4.2]);
    expect(Array.from(codes)).toEqual([4, 0, -1, 2, 1, 3]);
    expect(quantileCodes([7, 7, 7], 4)).toMatchObject({ levels: 1, cuts: [] });
    expect(quantileCodes([], 4).levels).toBe(1);
  });
});

describe('resamplingBound', () => {
  it('is above the exact tail of a draw without replacement', () => {
    // Six rows of twenty are 1: the tail of a draw of n is hypergeometric.
    const values = Float64Array.from({ length: 20 }, (_, i) => (i < 6 ? 1 : 0));
    const bound = resamplingBound(values);
    const choose = (a: number, b: number): number =>
      b < 0 || b > a ? 0 : Array.from({ length: b }, (_, i) => (a - i) / (i + 1)).reduce((p, f) => p * f, 1);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 19 }), fc.integer({ min: 0, max: 6 }), (n, hits) => {
        fc.pre(hits <= n && hits / n > 0.3);
        let tail = 0;
        for (let k = hits; k <= Math.min(6, n); k++)
          tail += (choose(6, k) * choose(14, n - k)) / choose(20, n);
        expect(Math.exp(bound.logTail(hits / n - 0.3, n))).toBeGreaterThanOrEqual(tail - 1e-12);
      }),
    );
  });

  it('is nearly as sharp as the normal tail', () => {
    const { normal } = seeded(1);
    const bound = resamplingBound(Float64Array.from({ length: 20_000 }, normal));
    // z = 5: −13.8 with the rows' own factor 1/(z√2π) left away −12.5.
    expect(bound.logTail((5 * bound.deviation) / Math.sqrt(200), 200)).toBeCloseTo(-12.5, 0);
  });
});

describe('worstSlices', () => {
  it.each([
    ['exponential losses', (draws: Draws) => draws.exponential()],
    ['rare errors', (draws: Draws) => (draws.uniform() < 0.02 ? 1 : 0)],
    ['heavy tails', (draws: Draws) => Math.exp(2 * draws.normal())],
  ])('returns nothing on noise: %s', (_, loss) => {
    const draws = seeded(17);
    const runs = 150;
    const alarms = times(runs, () => {
      const n = 600;
      const losses = Float64Array.from({ length: n }, () => loss(draws));
      const features = [4, 4, 6, 2, 10, 3].map(levels => codesOf(n, levels, draws));
      return worstSlices(losses, features, { minimumSize: 10, minimumEffect: 0 }).slices.length > 0;
    });
    expectRateAtMost(alarms, runs, 0.05);
  });

  function planted(n: number, seed: number, high: (a: number, b: number) => boolean, lift = 1) {
    const draws = seeded(seed);
    const features = [5, 4, 6, 3].map(levels => codesOf(n, levels, draws));
    const losses = Float64Array.from(
      { length: n },
      (_, i) => draws.exponential() + (high(features[0]![i]!, features[1]![i]!) ? lift : 0),
    );
    return { losses, features };
  }

  it('finds a planted slice of one predicate, and none of its parts', () => {
    const { losses, features } = planted(4000, 1, a => a === 2);
    const { slices, searched } = worstSlices(losses, features);
    expect(slices.map(slice => slice.predicates)).toEqual([[{ feature: 0, code: 2 }]]);
    expect(searched).toBe(18 + 20 + 30 + 15 + 24 + 12 + 18);
    expect(slices[0]!.interval[0]).toBeGreaterThan(0.5);
    expect(slices[0]!.interval[1]).toBeGreaterThan(1);
    expect(slices[0]!.adjustedP).toBeGreaterThanOrEqual(slices[0]!.pValue);
  });

  it('finds a planted pair, and not the wholes that it is part of', () => {
    const { losses, features } = planted(4000, 2, (a, b) => a === 2 && b === 1, 1.5);
    const { slices } = worstSlices(losses, features);
    expect(slices.map(slice => slice.predicates)).toEqual([
      [
        { feature: 0, code: 2 },
        { feature: 1, code: 1 },
      ],
    ]);
  });

  it('finds two separate ones, and a part much worse than its whole', () => {
    const two = planted(6000, 3, (a, b) => a === 0 || b === 3);
    const both = worstSlices(two.losses, two.features).slices.map(slice => slice.predicates);
    expect(both).toHaveLength(2);
    expect(both).toContainEqual([{ feature: 0, code: 0 }]);
    expect(both).toContainEqual([{ feature: 1, code: 3 }]);
    const { losses, features } = planted(6000, 4, a => a === 2, 1);
    losses.forEach((loss, i) => {
      if (features[0]![i] === 2 && features[2]![i] === 4) losses[i] = loss + 1;
    });
    const found = worstSlices(losses, features).slices.map(slice => slice.predicates);
    expect(found).toHaveLength(2);
    expect(found).toContainEqual([
      { feature: 0, code: 2 },
      { feature: 2, code: 4 },
    ]);
  });

  it('joins three predicates when asked', () => {
    const { losses, features } = planted(6000, 5, () => false);
    losses.forEach((loss, i) => {
      if (features[0]![i] === 1 && features[1]![i] === 1 && features[3]![i] === 1) losses[i] = loss + 2;
    });
    const [first] = worstSlices(losses, features, { maxPredicates: 3 }).slices;
    expect(first!.predicates.map(each => each.feature)).toEqual([0, 1, 3]);
  });

  it('does not mind the order of rows or features, missing codes or losses, or little', () => {
    const { losses, features } = planted(1000, 6, a => a === 2);
    const { slices } = worstSlices(losses, features);
    const turned = worstSlices(
      Float64Array.from(losses).reverse(),
      features.map(codes => Int32Array.from(codes).reverse()).reverse(),
    ).slices;
    expect(turned.map(slice => slice.predicates)).toEqual([[{ feature: 3, code: 2 }]]);
    expect(turned[0]!.meanLoss).toBeCloseTo(slices[0]!.meanLoss, 10);
    const missing = worstSlices(
      [...losses, NaN, 9],
      features.map(codes => [...codes, 2, -1]),
    );
    expect(missing.n).toBe(1001);
    expect(missing.slices[0]!.n).toBe(slices[0]!.n);
    expect(worstSlices([], []).slices).toEqual([]);
    expect(worstSlices(new Float64Array(100).fill(3), [new Int32Array(100)]).slices).toEqual([]);
    expect(() => worstSlices([1, Infinity], [[0, 0]])).toThrow(/finite/);
    expect(() => worstSlices([1], [[0, 0]])).toThrow(/paired/);
  });
});
