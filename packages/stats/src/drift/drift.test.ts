import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Draws, seeded } from '../../test-support/random.js';
import { expectRateAtLeast, expectRateAtMost, times } from '../../test-support/simulation.js';
import { categoricalDrift } from './categorical-drift.js';
import { numericDrift } from './numeric-drift.js';
import { tieGroups } from './tie-groups.js';

const fill = (n: number, value: () => number): Float64Array => Float64Array.from({ length: n }, value);
const heavy = (draw: Draws): (() => number) => {
  const { normal } = draw;
  return () => normal() / Math.sqrt((normal() ** 2 + normal() ** 2) / 2);
};

/** Columns as they come, and their standard deviation. */
const columns: Readonly<Record<string, (draw: Draws) => () => number>> = {
  normal: ({ normal }) => normal,
  'heavy tails': heavy,
  'five tied values':
    ({ uniform }) =>
    () =>
      Math.floor(5 * uniform()),
  'many zeros':
    ({ uniform, exponential }) =>
    () =>
      uniform() < 0.7 ? 0 : exponential(),
  'hardly anything but zeros':
    ({ uniform }) =>
    () =>
      uniform() < 0.97 ? 0 : uniform() - 0.2,
};

describe('numericDrift', () => {
  for (const [shape, column] of Object.entries(columns)) {
    it.each([
      [50, 50, 1500],
      [1000, 60, 1000],
      [20_000, 60, 60],
    ])(`alarms on nothing at most at its rate: ${shape}, %d against %d rows`, (n, m, runs) => {
      const value = column(seeded(n + m));
      const ps = Array.from(
        { length: runs },
        () => numericDrift(fill(n, value), fill(m, value), { tolerance: 0 }).pValue,
      );
      for (const level of [0.05, 0.005]) expectRateAtMost(ps.filter(p => p <= level).length, runs, level);
    });
  }
  it.each([0.01, 0.1])('alarms at most at its rate on a shift as large as the tolerance, %d σ', tolerance => {
    const { normal } = seeded(3);
    const ps = Array.from(
      { length: 800 },
      () =>
        numericDrift(
          fill(400, normal),
          fill(400, () => normal() + tolerance),
          { tolerance },
        ).pValue,
    );
    for (const level of [0.05, 0.01]) expectRateAtMost(ps.filter(p => p <= level).length, 800, level);
  });
  it('sees a fifth of a standard deviation in a thousand rows, whatever the tails', () => {
    // t test at the same level: 97 % (normal); the score of t2, shifted by 0.2 of its interquartile range / 1.349: 94 %.
    for (const [shape, scale] of [
      ['normal', 1],
      ['heavy tails', 1.21],
    ] as const) {
      const value = columns[shape]!(seeded(4));
      const seen = times(
        300,
        () =>
          numericDrift(
            fill(1000, value),
            fill(1000, () => value() + 0.2 * scale),
            { tolerance: 0.005 },
          ).pValue <= 0.01,
      );
      expectRateAtLeast(seen, 300, 0.9);
    }
  });
  it('a million rows: 0.01 σ within the tolerance is none, 0.05 σ is', () => {
    const { normal } = seeded(5);
    const a = fill(1_000_000, normal);
    const b = fill(1_000_000, normal);
    const by = (shift: number) =>
      numericDrift(
        a,
        b.map(x => x + shift),
        { tolerance: 0.02 },
      );
    expect(by(0.01).pValue).toBeGreaterThan(0.5);
    expect(by(0.05).pValue).toBeLessThan(1e-6);
    expect(by(0.05).effect).toBeCloseTo(0.05, 2);
    expect(
      numericDrift(
        a,
        b.map(x => x + 0.01),
        { tolerance: 0 },
      ).pValue,
    ).toBeLessThan(1e-6);
  });
  it('says what moved, in standard deviations and in the unit of the column', () => {
    const { normal } = seeded(6);
    const a = fill(4000, () => 40 + 8 * normal());
    const warm = numericDrift(
      a,
      fill(2000, () => 44 + 8 * normal()),
      { tolerance: 0.005 },
    );
    expect(warm.aspect).toBe('location');
    expect(warm.effect).toBeCloseTo(0.5, 1);
    expect(warm.summary).toMatchObject({ measure: 'median' });
    expect([warm.summary.from, warm.summary.to].map(Math.round)).toEqual([40, 44]);
    const wild = numericDrift(
      a,
      fill(2000, () => 40 + 12 * normal()),
      { tolerance: 0.005 },
    );
    expect(wild).toMatchObject({ aspect: 'spread', summary: { measure: 'interquartile range' } });
    expect(wild.summary.to / wild.summary.from).toBeCloseTo(1.5, 0);
    const { uniform } = seeded(7);
    const spiked = numericDrift(
      fill(4000, uniform),
      fill(2000, () => (uniform() < 0.2 ? 0.5 : uniform())),
      { tolerance: 0.005 },
    );
    expect(spiked.pValue).toBeLessThan(1e-6);
    const few = numericDrift(
      fill(4000, () => (uniform() < 0.7 ? 0 : 1)),
      fill(2000, () => (uniform() < 0.5 ? 0 : 1)),
      { tolerance: 0.005 },
    );
    expect(few.summary.measure).not.toBe('interquartile range');
    expect(few.pValue).toBeLessThan(1e-6);
  });
  it('a sketch of order statistics stands for its rows', () => {
    const { normal } = seeded(8);
    const all = fill(20_000, normal).sort();
    const sketch = Float64Array.from({ length: 2000 }, (_, i) => all[10 * i + 5]!);
    const now = fill(1000, () => normal() + 0.1);
    const exact = numericDrift(all, now, { tolerance: 0.005 });
    const sketched = numericDrift(sketch, now, { tolerance: 0.005, referenceRows: 20_000 });
    expect(sketched.statistic).toBeCloseTo(exact.statistic, 1);
    expect(sketched.n).toBe(20_000);
  });
  it('counting by leading bits agrees with sorting', () => {
    const { normal } = seeded(9);
    const a = fill(15_000, () => 1013 + 7 * normal());
    const b = fill(15_000, () => 1013.3 + 7 * normal());
    const binned = numericDrift(a, b, { tolerance: 0 });
    const groups = tieGroups(a, b);
    expect(groups.value.length).toBeLessThan(5000);
    expect([...groups.value]).toEqual([...groups.value].sort((x, y) => x - y));
    expect(groups.reference.reduce((sum, x) => sum + x, 0)).toBe(15_000);
    // A third of the rows is few enough to be sorted.
    const third = (x: Float64Array) => x.filter((_, i) => i % 3 === 0);
    const sorted = numericDrift(third(a), third(b), { tolerance: 0 });
    expect(Math.abs(binned.effect - sorted.effect)).toBeLessThan(0.03);
  });
  it('zero is zero, whatever its sign', () => {
    const { normal } = seeded(10);
    const a = fill(15_000, () => Math.abs(Math.round(normal())));
    const drift = numericDrift(
      a,
      a.map(x => (x === 0 ? -0 : x)),
      { tolerance: 0 },
    );
    expect(drift).toMatchObject({ distance: 0, pValue: 1 });
  });
  it('laws: symmetric, blind to units, and p grows with the tolerance', () => {
    const sample = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const there = numericDrift(a, b, { tolerance: 0 });
        const back = numericDrift(b, a, { tolerance: 0 });
        expect(back.pValue).toBeCloseTo(there.pValue, 10);
        const scaled = numericDrift(
          a.map(x => 3 * x + 7),
          b.map(x => 3 * x + 7),
          { tolerance: 0 },
        );
        expect(scaled.pValue).toBeCloseTo(there.pValue, 10);
        expect(there.pValue).toBeGreaterThanOrEqual(0);
        const ps = [0, 0.01, 0.1, 1].map(tolerance => numericDrift(a, b, { tolerance }).pValue);
        for (let i = 1; i < ps.length; i++) expect(ps[i]!).toBeGreaterThanOrEqual(ps[i - 1]! - 1e-12);
      }),
    );
  });
  it('empty, constant, infinite and single', () => {
    const none = numericDrift([NaN], [1, 2], { tolerance: 0 });
    expect(none).toMatchObject({ effect: NaN, pValue: NaN, n: 0, m: 2, effectInterval: [0, Infinity] });
    expect(numericDrift([5, 5, 5], [5, 5], { tolerance: 0 })).toMatchObject({ effect: 0, pValue: 1 });
    expect(
      numericDrift(new Float64Array(500).fill(5), new Float64Array(500).fill(6), { tolerance: 0.01 }).pValue,
    ).toBeLessThan(1e-6);
    expect(numericDrift(fill(500, seeded(1).normal), [99], { tolerance: 0 }).pValue).toBeGreaterThan(0.001);
    expect(numericDrift([1, -Infinity, Infinity], [2, Infinity], { tolerance: 0 }).pValue).toBeGreaterThan(
      0.05,
    );
    expect(() => numericDrift([1], [1], { tolerance: -0.1 })).toThrow(/tolerance/);
    expect(() => numericDrift([1], [1], { tolerance: NaN })).toThrow(/tolerance/);
    expect(() => numericDrift([1], [1], { tolerance: 0, confidence: 1 })).toThrow(/confidence/);
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
    'two hundred Zipf levels': zipf(200, 1),
  };
  for (const [name, p] of Object.entries(levels)) {
    it.each([
      [50, 50, 800],
      [10_000, 200, 400],
      [1000, 1000, 400],
    ])(`alarms on nothing at most at its rate: ${name}, %d against %d rows`, (n, m, runs) => {
      const draw = seeded(n + m + p.length);
      const ps = Array.from(
        { length: runs },
        () => categoricalDrift(draw.multinomial(n, p), draw.multinomial(m, p), { tolerance: 0 }).pValue,
      );
      for (const level of [0.05, 0.01]) expectRateAtMost(ps.filter(v => v <= level).length, runs, level);
    });
  }
  it('a million rows: a hundredth of a standard deviation is significant, but no drift', () => {
    const then = { a: 500_000, b: 500_000 };
    const now = { a: 505_000, b: 495_000 };
    const tolerant = categoricalDrift(then, now, { tolerance: 0.02 });
    expect(tolerant.pValue).toBeGreaterThan(0.5);
    expect(tolerant.effect).toBeCloseTo(0.01, 3);
    expect(tolerant.distance).toBeCloseTo(0.005, 12);
    expect(categoricalDrift(then, now, { tolerance: 0 }).pValue).toBeLessThan(1e-6);
  });
  it('sees one level swell among many, and names it', () => {
    const draw = seeded(8);
    const p = zipf(30, 0);
    const q = p.map((w, i) => (i === 7 ? w + 0.06 : (w * (1 - p[7]! - 0.06)) / (1 - p[7]!)));
    const found = times(100, () => {
      const drift = categoricalDrift(draw.multinomial(1000, p), draw.multinomial(1000, q), {
        tolerance: 0.005,
      });
      return drift.pValue <= 0.002 && drift.summary.of === 7;
    });
    expectRateAtLeast(found, 100, 0.9);
  });
  it('names the level and its shares', () => {
    const drift = categoricalDrift({ UA: 300, B6: 700 }, { UA: 500, B6: 450, new: 50 }, { tolerance: 0 });
    expect(drift.summary).toEqual({ measure: 'share', of: 'B6', from: 0.7, to: 0.45 });
    expect(drift.aspect).toBe('levels');
  });
  it('the effect leaves out what chance adds', () => {
    const draw = seeded(9);
    const p = zipf(100, 0);
    let effect = 0;
    for (let run = 0; run < 100; run++)
      effect +=
        categoricalDrift(draw.multinomial(400, p), draw.multinomial(400, p), { tolerance: 0 }).effect / 100;
    expect(effect).toBeLessThan(0.2);
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
