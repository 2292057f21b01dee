import { describe, expect, it } from 'vitest';
import { type Draws, seeded } from '../../test-support/random.js';
import { expectRateAtLeast, expectRateAtMost, times } from '../../test-support/simulation.js';
import { chiSquareTwoSample, kolmogorovSmirnov } from '../index.js';
import { categoricalDrift } from './categorical-drift.js';
import { numericDrift } from './numeric-drift.js';

const fill = (n: number, value: () => number): Float64Array => Float64Array.from({ length: n }, value);

/** Pairs of distributions whose Kolmogorov–Smirnov distance is exactly t. */
const numericPairs: Readonly<Record<string, (draw: Draws, t: number) => [() => number, () => number]>> = {
  'a shifted uniform': ({ uniform }, t) => [uniform, () => uniform() + t],
  'a spike beyond the range': ({ uniform }, t) => [uniform, () => (uniform() < t ? 2 : uniform())],
  'five tied values': ({ uniform }, t) => [
    () => Math.floor(5 * uniform()),
    () => (uniform() < t ? 5 : Math.floor(5 * uniform())),
  ],
  'a skewed count with many zeros': ({ uniform, exponential }, t) => [
    () => (uniform() < 0.7 ? 0 : Math.ceil(9 * exponential())),
    () => (uniform() < 0.7 - t ? 0 : Math.ceil(9 * exponential())),
  ],
};

describe('numericDrift', () => {
  const cases = [
    [50, 50, 1500],
    [200, 200, 1000],
    [1000, 200, 600],
    [1000, 1000, 400],
    [10_000, 10_000, 40],
  ] as const;
  for (const [shape, pair] of Object.entries(numericPairs)) {
    it.each(cases)(
      `false alarms stay nominal at the tolerance: ${shape}, %d against %d rows`,
      (n, m, runs) => {
        for (const tolerance of [0, 0.05]) {
          const [reference, current] = pair(seeded(n * 7 + m), tolerance);
          const values = Array.from(
            { length: runs },
            () => numericDrift(fill(n, reference), fill(m, current), { tolerance }).pValue,
          );
          for (const level of [0.05, 0.01])
            expectRateAtMost(values.filter(p => p <= level).length, runs, level);
        }
      },
    );
  }
  it('with tolerance 0 is the classical test', () => {
    const draw = seeded(3);
    const a = fill(80, draw.normal);
    const b = fill(60, () => draw.normal() + 0.3);
    const classical = kolmogorovSmirnov(a, b);
    expect(numericDrift(a, b, { tolerance: 0 })).toMatchObject({
      pValue: classical.pValue,
      statistic: classical.statistic,
      effect: classical.statistic,
    });
  });
  it('a million rows: a shift that does not matter is significant, but no drift', () => {
    const draw = seeded(4);
    const a = fill(1_000_000, draw.uniform);
    const b = fill(1_000_000, () => draw.uniform() * 0.99 + 0.005);
    expect(numericDrift(a, b, { tolerance: 0 }).pValue).toBeLessThan(1e-6);
    expect(numericDrift(a, b, { tolerance: 0.02 }).pValue).toBeGreaterThan(0.5);
    const moved = b.map(x => x + 0.03);
    expect(numericDrift(a, moved, { tolerance: 0.02 }).pValue).toBeLessThan(1e-6);
  });
  it('sees a change well beyond the tolerance', () => {
    const draw = seeded(5);
    const found = times(
      300,
      () =>
        numericDrift(
          fill(500, draw.uniform),
          fill(500, () => draw.uniform() + 0.2),
          { tolerance: 0.05 },
        ).pValue <= 0.01,
    );
    expectRateAtLeast(found, 300, 0.9);
  });
  it('the interval covers the true distance', () => {
    const draw = seeded(6);
    const covered = times(1000, () => {
      const {
        effectInterval: [low, high],
      } = numericDrift(
        fill(150, draw.uniform),
        fill(300, () => draw.uniform() + 0.1),
        { tolerance: 0.1 },
      );
      return low <= 0.1 && 0.1 <= high;
    });
    expectRateAtLeast(covered, 1000, 0.95);
  });
  it('p grows with the tolerance; empty sides and nonsense', () => {
    const draw = seeded(7);
    const [a, b] = [fill(90, draw.normal), fill(70, () => draw.normal() + 1)];
    const ps = [0, 0.01, 0.05, 0.2, 0.4, 1].map(tolerance => numericDrift(a, b, { tolerance }).pValue);
    expect([...ps].sort((x, y) => x - y)).toEqual(ps);
    expect(ps.at(-1)).toBe(1);
    expect(numericDrift([NaN], b, { tolerance: 0 })).toMatchObject({
      effect: NaN,
      pValue: NaN,
      n: 0,
      m: 70,
      effectInterval: [0, 1],
    });
    expect(() => numericDrift(a, b, { tolerance: -0.1 })).toThrow(/tolerance/);
    expect(() => numericDrift(a, b, { tolerance: NaN })).toThrow(/tolerance/);
  });
});

const zipf = (levels: number, power: number): number[] => {
  const weights = Array.from({ length: levels }, (_, i) => (i + 1) ** -power);
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.map(w => w / total);
};

describe('categoricalDrift', () => {
  const levels: Readonly<Record<string, number[]>> = {
    'two levels, one rare': [0.95, 0.05],
    'ten equal levels': zipf(10, 0),
    'two hundred equal levels': zipf(200, 0),
    'two hundred Zipf levels': zipf(200, 1),
  };
  /** Ways to move a share t of the rows. */
  const moves: Readonly<Record<string, (p: number[], t: number) => number[]>> = {
    'from all to all': (p, t) => {
      const half = p.length / 2;
      const upper = p.slice(0, half).reduce((sum, w) => sum + w, 0);
      return p.map((w, i) => (i < half ? w * (1 - t / upper) : w * (1 + t / (1 - upper))));
    },
    'to a new level': (p, t) => [...p.map(w => w * (1 - t)), t],
  };
  const cases = [
    [50, 50, 800],
    [200, 200, 500],
    [10_000, 200, 250],
    [1000, 1000, 300],
    [10_000, 10_000, 60],
  ] as const;
  for (const [name, p] of Object.entries(levels)) {
    it.each(cases)(
      `false alarms stay nominal at the tolerance: ${name}, %d against %d rows`,
      (n, m, runs) => {
        for (const [tolerance, move] of [
          [0, (w: number[]) => w],
          ...Object.values(moves).map(each => [0.05, each] as const),
        ] as const) {
          const draw = seeded(n + m + p.length);
          const q = move(p, tolerance);
          const from = q.length > p.length ? [...p, 0] : p;
          const values = Array.from(
            { length: runs },
            () => categoricalDrift(draw.multinomial(n, from), draw.multinomial(m, q), { tolerance }).pValue,
          );
          for (const level of [0.05, 0.01])
            expectRateAtMost(values.filter(v => v <= level).length, runs, level);
        }
      },
    );
  }
  it('with tolerance 0 is the χ² test', () => {
    const result = categoricalDrift({ a: 100, b: 80, c: 40 }, { a: 90, b: 60, c: 70 }, { tolerance: 0 });
    const classical = chiSquareTwoSample({ a: 100, b: 80, c: 40 }, { a: 90, b: 60, c: 70 });
    expect(result).toMatchObject({ pValue: classical.pValue, statistic: classical.statistic });
  });
  it('a million rows: a shift that does not matter is significant, but no drift', () => {
    const tolerant = categoricalDrift(
      { a: 500_000, b: 500_000 },
      { a: 505_000, b: 495_000 },
      { tolerance: 0.02 },
    );
    expect(tolerant.pValue).toBeGreaterThan(0.5);
    expect(tolerant.effect).toBeCloseTo(0.005, 12);
    expect(
      categoricalDrift({ a: 500_000, b: 500_000 }, { a: 505_000, b: 495_000 }, { tolerance: 0 }).pValue,
    ).toBeLessThan(1e-6);
    expect(
      categoricalDrift({ a: 500_000, b: 500_000 }, { a: 530_000, b: 470_000 }, { tolerance: 0.02 }).pValue,
    ).toBeLessThan(1e-6);
  });
  it.each([
    ['few of 200 levels move', (p: number[]) => [...p.map(w => w * 0.75), 0.25], 0.9],
    ['all of 10 levels move', (p: number[]) => p.map((w, i) => w * (i < 5 ? 1.5 : 0.5)), 0.9],
  ])('sees a change well beyond the tolerance: %s', (name, move, power) => {
    const draw = seeded(8);
    const p = name.startsWith('few') ? zipf(200, 1) : zipf(10, 0);
    const q = move(p);
    const from = q.length > p.length ? [...p, 0] : p;
    const found = times(
      200,
      () =>
        categoricalDrift(draw.multinomial(1000, from), draw.multinomial(1000, q), { tolerance: 0.05 })
          .pValue <= 0.01,
    );
    expectRateAtLeast(found, 200, power);
  });
  it('says what chance alone would show, and covers the true distance', () => {
    const draw = seeded(9);
    const p = zipf(100, 0);
    const q = moves['from all to all']!(p, 0.1);
    const covered = times(400, () => {
      const {
        effectInterval: [low, high],
      } = categoricalDrift(draw.multinomial(400, p), draw.multinomial(400, q), { tolerance: 0.1 });
      return low <= 0.1 && 0.1 <= high;
    });
    expectRateAtLeast(covered, 400, 0.95);
    let effect = 0;
    let expected = 0;
    for (let run = 0; run < 200; run++) {
      const result = categoricalDrift(draw.multinomial(200, p), draw.multinomial(200, p), { tolerance: 0 });
      effect += result.effect / 200;
      expected += result.chanceEffect / 200;
    }
    expect(effect).toBeGreaterThan(0.3);
    expect(expected).toBeCloseTo(effect, 1.5);
  });
  it('one level, empty sides', () => {
    expect(categoricalDrift({ a: 5 }, { a: 7 }, { tolerance: 0.1 })).toMatchObject({ effect: 0, pValue: 1 });
    expect(categoricalDrift({}, { a: 7 }, { tolerance: 0.1 })).toMatchObject({
      effect: NaN,
      pValue: NaN,
      n: 0,
      m: 7,
    });
  });
});
