import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../test-support/random.js';
import { betaBestArm, logGamma, ucb1Index } from '../index.js';

type Arms = readonly (readonly [number, number])[];

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

describe('the best of several rates', () => {
  // Integer alpha: P(B > A) is a finite sum (Evan Miller 2015, "Formulas for Bayesian A/B testing").
  const closedForm = ([a, b]: readonly [number, number], [c, d]: readonly [number, number]): number => {
    const logBeta = (x: number, y: number): number => logGamma(x) + logGamma(y) - logGamma(x + y);
    let total = 0;
    for (let i = 0; i < c; i++)
      total += Math.exp(logBeta(a + i, b + d) - logBeta(1 + i, d) - logBeta(a, b)) / (d + i);
    return total;
  };

  it.each<readonly [Arms[number], Arms[number]]>([
    [
      [21, 81],
      [31, 71],
    ],
    [
      [1, 1],
      [2, 1],
    ],
    [
      [3, 400],
      [9, 350],
    ],
  ])('agrees with the finite sum for %s against %s', (a, b) => {
    expect(betaBestArm([a, b]).probabilities[1]).toBeCloseTo(closedForm(a, b), 10);
  });

  it('knows coins: parameters near 0 are rates of 0 or 1', () => {
    const { probabilities, expectedMax, expectedLosses } = betaBestArm([
      [1e-6, 1e-6],
      [1e-6, 1e-6],
    ]);
    expect(probabilities[0]).toBeCloseTo(0.5, 9);
    expect(expectedMax).toBeCloseTo(0.75, 6);
    expect(expectedLosses[1]).toBeCloseTo(0.25, 6);
  });

  it.each([1, 1e3, 1e6, 1e12])('takes narrow posteriors as normal: Beta(%s·n, n) twice', scale => {
    const a = 1e4 * scale;
    const arms: Arms = [
      [a, a],
      [a + Math.sqrt(a), a],
    ];
    const deviation = Math.sqrt(1 / (8 * a));
    const gap = arms[1]![0] / (arms[1]![0] + arms[1]![1]) - 0.5;
    const z = gap / (deviation * Math.SQRT2);
    const { probabilities, expectedLosses } = betaBestArm(arms);
    // Φ(0.5) for a gap of half a standard deviation of the difference.
    expect(z).toBeCloseTo(0.5, 1);
    expect(probabilities[1]).toBeGreaterThan(0.68);
    expect(probabilities[1]).toBeLessThan(0.7);
    expect(expectedLosses[1]! / deviation).toBeCloseTo(0.2797, 2);
  });

  it('has no opinion about identical arms, however many and however peaked', () => {
    for (const [count, arm] of [
      [100, [3, 9]],
      [7, [1e6, 1e6]],
      [3, [0.2, 0.1]],
    ] as const) {
      const { probabilities } = betaBestArm(Array.from({ length: count }, () => arm));
      for (const p of probabilities) expect(p).toBeCloseTo(1 / count, 8);
    }
  });

  it('defines the ends: no arm, one arm, arms far apart', () => {
    expect(betaBestArm([]).expectedMax).toBeNaN();
    expect(betaBestArm([[2, 6]])).toEqual({
      probabilities: Float64Array.of(1),
      expectedMax: 0.25,
      expectedLosses: Float64Array.of(0),
    });
    const apart = betaBestArm([
      [10, 1e6],
      [1e6, 1e5],
    ]);
    expect(apart.probabilities[1]).toBeCloseTo(1, 12);
    expect(apart.expectedLosses[0]).toBeCloseTo(1e6 / 1.1e6 - 10 / 1000010, 9);
    expect(apart.expectedLosses[1]).toBe(0);
  });

  it.each([0, -1, NaN, Infinity])('refuses the parameter %s', bad => {
    expect(() =>
      betaBestArm([
        [bad, 1],
        [1, 1],
      ]),
    ).toThrow(RangeError);
    expect(() =>
      betaBestArm([
        [1, 1],
        [1, bad],
      ]),
    ).toThrow(RangeError);
  });

  const parameter = fc.double({ min: -1.5, max: 5, noNaN: true }).map(exponent => 10 ** exponent);
  const manyArms = fc.array(fc.tuple(parameter, parameter), { minLength: 2, maxLength: 6 });

  it('gives probabilities that add up to one, and losses that the leader has least of', () => {
    fc.assert(
      fc.property(manyArms, arms => {
        const { probabilities, expectedMax, expectedLosses } = betaBestArm(arms);
        expect(sum(probabilities)).toBeCloseTo(1, 8);
        const means = arms.map(([a, b]) => a / (a + b));
        expectedLosses.forEach((loss, i) => expect(loss).toBeCloseTo(expectedMax - means[i]!, 8));
        expect(Math.min(...expectedLosses)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 200 },
    );
  });

  it('does not care for the order of the arms', () => {
    fc.assert(
      fc.property(manyArms, arms => {
        const there = betaBestArm(arms);
        const back = betaBestArm([...arms].reverse());
        there.probabilities.forEach((p, i) =>
          expect(back.probabilities[arms.length - 1 - i]).toBeCloseTo(p, 9),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('mirrors: the best success rate is the worst failure rate', () => {
    fc.assert(
      fc.property(parameter, parameter, parameter, parameter, (a, b, c, d) => {
        const best = betaBestArm([
          [a, b],
          [c, d],
        ]).probabilities[0]!;
        const mirrored = betaBestArm([
          [b, a],
          [d, c],
        ]).probabilities[1]!;
        expect(mirrored).toBeCloseTo(best, 8);
      }),
      { numRuns: 100 },
    );
  });

  it('agrees with drawing from order statistics of uniforms', () => {
    // Beta(k, n+1−k) is the k-th smallest of n uniforms.
    const draws = seeded(11);
    const order = (k: number, n: number): number =>
      Array.from({ length: n }, () => draws.uniform()).sort((x, y) => x - y)[k - 1]!;
    const arms: Arms = [
      [2, 6],
      [3, 5],
      [4, 4],
    ];
    const wins = [0, 0, 0];
    const runs = 20_000;
    for (let run = 0; run < runs; run++) {
      const rates = arms.map(([a, b]) => order(a, a + b - 1));
      wins[rates.indexOf(Math.max(...rates))]! += 1;
    }
    const { probabilities } = betaBestArm(arms);
    wins.forEach((won, i) => expect(Math.abs(won / runs - probabilities[i]!)).toBeLessThan(0.015));
  });
});

describe('UCB1', () => {
  it('adds a bonus that shrinks with the pulls of the arm', () => {
    const index = ucb1Index([10, 20, 5], [6, 9, 3]);
    expect(index[0]).toBeCloseTo(0.6 + Math.sqrt((2 * Math.log(35)) / 10), 12);
    expect(index[2]! - 3 / 5).toBeGreaterThan(index[1]! - 9 / 20);
  });

  it('tries what was never tried first, and has no bonus after a single pull of all', () => {
    expect([...ucb1Index([3, 0], [1, 0])][1]).toBe(Infinity);
    expect([...ucb1Index([1], [0.25])]).toEqual([0.25]);
    expect([...ucb1Index([], [])]).toEqual([]);
  });

  it('refuses what is no count, and sums that do not match', () => {
    expect(() => ucb1Index([-1, 2], [0, 0])).toThrow(RangeError);
    expect(() => ucb1Index([1, NaN], [0, 0])).toThrow(RangeError);
    expect(() => ucb1Index([1, 2], [0])).toThrow(RangeError);
  });
});
