import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Draws, seeded } from '../../test-support/random.js';
import { expectRateAtLeast, expectRateAtMost, times } from '../../test-support/simulation.js';
import { bernoulliGlr, type BernoulliGlrOptions } from './bernoulli-glr.js';
import { conformalDetector } from './conformal-detector.js';
import { watchTogether } from './watch-together.js';

/** Bits with these rates, each for so many values. */
function bitsOf(draws: Draws, ...parts: readonly (readonly [rate: number, n: number])[]): number[] {
  return parts.flatMap(([rate, n]) => Array.from({ length: n }, () => (draws.uniform() < rate ? 1 : 0)));
}

function glrAlarms(bits: readonly number[], options: BernoulliGlrOptions = {}): number[] {
  const detector = bernoulliGlr(options);
  return bits.flatMap((bit, i) => (detector.update(bit) ? [i] : []));
}

describe('bernoulliGlr', () => {
  it('alarms at most twice in a million independent bits', () => {
    const { uniform } = seeded(1);
    let alarms = 0;
    for (const rate of [0.02, 0.25, 0.5]) {
      const detector = bernoulliGlr();
      for (let i = 0; i < 2_000_000; i++) if (detector.update(uniform() < rate ? 1 : 0)) alarms++;
    }
    expectRateAtMost(alarms, 6_000_000, 2e-6);
  });

  it('sees a change of five points within 2,500 values nine times of ten, up and down', () => {
    const draws = seeded(2);
    for (const after of [0.3, 0.2]) {
      const hits = times(60, () =>
        glrAlarms(bitsOf(draws, [0.25, 8000], [after, 2500])).some(at => at >= 8000),
      );
      expectRateAtLeast(hits, 60, 0.9);
    }
  });

  it('tells when the rate changed, and from what to what', () => {
    const detector = bernoulliGlr();
    const bits = bitsOf(seeded(3), [0.1, 6000], [0.4, 2000]);
    const at = bits.findIndex(bit => detector.update(bit));
    const { lag, before, after } = detector.state() as { lag: number; before: number; after: number };
    expect(at).toBeLessThan(6500);
    expect(Math.abs(at + 1 - lag - 6000)).toBeLessThan(500);
    expect(before).toBeCloseTo(0.1, 1);
    expect(after).toBeGreaterThan(before);
  });

  it('gives one alarm an episode: a model that recovers is no second drift', () => {
    const draws = seeded(4);
    const twice = times(30, () => {
      const bits = bitsOf(draws, [0.25, 8000], [0.55, 1000], [0.4, 800], [0.3, 700], [0.24, 8000]);
      const found = glrAlarms(bits);
      expect(found[0]).toBeLessThan(8500);
      return found.length > 1;
    });
    expectRateAtMost(twice, 30, 0.05);
  });

  it('is ready again once the rate has been steady', () => {
    const bits = bitsOf(seeded(5), [0.2, 6000], [0.4, 10_000], [0.2, 3000]);
    const found = glrAlarms(bits);
    expect(found).toHaveLength(2);
    expect(found[1]).toBeGreaterThan(16_000);
  });

  it('reports within an episode when it gets worse than ever', () => {
    const draws = seeded(12);
    const bits = bitsOf(draws, [0.3, 6000], [0.2, 3000], [0.4, 1500]);
    expect(glrAlarms(bits).map(at => (at < 9000 ? 'better' : 'worse'))).toEqual(['better', 'worse']);
    const back = bitsOf(draws, [0.3, 6000], [0.2, 3000], [0.3, 1500]);
    expect(glrAlarms(back)).toHaveLength(1);
  });

  it('does not go deaf on a rate that never comes to rest', () => {
    const draws = seeded(13);
    const bits = Array.from({ length: 60_000 }, (_, i) =>
      draws.uniform() < 0.3 + 0.2 * Math.sin(i / 1500) ? 1 : 0,
    );
    const found = glrAlarms(bits);
    expect(Math.max(...found.map((at, i) => at - (found[i - 1] ?? 0)))).toBeLessThan(15_000);
  });

  it('leaves a short burst and the learning curve of a model alone', () => {
    const draws = seeded(6);
    const bursts = times(
      40,
      () => glrAlarms(bitsOf(draws, [0.25, 8000], [0.45, 100], [0.25, 3000])).length > 0,
    );
    expectRateAtMost(bursts, 40, 0.05);
    const curves = times(40, () => {
      const bits = Array.from({ length: 15_000 }, (_, i) =>
        draws.uniform() < 0.28 - (0.04 * i) / 15_000 ? 1 : 0,
      );
      return glrAlarms(bits).length > 0;
    });
    expectRateAtMost(curves, 40, 0.05);
  });

  it('treats ones and zeros alike up to the first alarm', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, rate) => {
        const bits = bitsOf(seeded(seed), [0.3, 3000], [rate, 3000]);
        expect(glrAlarms(bits.map(bit => 1 - bit))[0]).toBe(glrAlarms(bits)[0]);
      }),
      { numRuns: 20 },
    );
  });

  it('takes no change within the tolerance for one', () => {
    const bits = bitsOf(seeded(7), [0.25, 10_000], [0.31, 10_000]);
    expect(glrAlarms(bits)).toHaveLength(1);
    expect(glrAlarms(bits, { tolerance: 0.06 })).toEqual([]);
  });
});

const DISTRIBUTIONS: Readonly<Record<string, (draws: Draws) => number>> = {
  normal: ({ normal }) => normal(),
  skewed: ({ exponential }) => exponential() ** 2,
  'heavy-tailed': ({ normal }) => normal() / normal(),
  tied: ({ poisson }) => poisson(2),
  binary: ({ uniform }) => (uniform() < 0.05 ? 1 : 0),
  constant: () => 4,
};
const RUN = 2000;

describe('conformalDetector', () => {
  it.each(Object.entries(DISTRIBUTIONS))('keeps its promise on %s values', (name, value) => {
    const draws = seeded(name.length);
    const lengths: number[] = [];
    let within = 0;
    for (let run = 0; run < 120; run++) {
      const detector = conformalDetector({ averageRunLength: RUN, learning: 64, seed: run });
      let n = 0;
      for (let i = 0; i < 64; i++) detector.update(value(draws));
      while (n < 20 * RUN && !detector.update(value(draws))) n++;
      lengths.push(n);
      if (n < RUN / 4) within++;
    }
    // An alarm within n values with probability at most n / averageRunLength.
    expectRateAtMost(within, 120, 0.25);
    const mean = lengths.reduce((sum, n) => sum + n, 0) / lengths.length;
    const spread = Math.sqrt(lengths.reduce((sum, n) => sum + (n - mean) ** 2, 0)) / lengths.length;
    expect(mean + 3 * spread).toBeGreaterThanOrEqual(RUN);
  });

  it('sees shifts and changes of spread', () => {
    const { normal } = seeded(8);
    for (const after of [
      () => normal() + 0.5,
      () => normal() - 0.5,
      () => 2 * normal(),
      () => normal() / 2,
    ]) {
      const found = times(20, () => {
        const detector = conformalDetector();
        for (let i = 0; i < 3000; i++) detector.update(normal());
        for (let i = 0; i < 1000; i++) if (detector.update(after())) return true;
        return false;
      });
      expectRateAtLeast(found, 20, 0.95);
    }
  });
});

describe('watchTogether', () => {
  const NAMES = Object.keys(DISTRIBUTIONS);
  const row = (draws: Draws): number[] => Object.values(DISTRIBUTIONS).map(value => value(draws));

  it('keeps its promise over all streams together, also when they move in step', () => {
    const draws = seeded(9);
    for (const rowOf of [row, (d: Draws) => new Array<number>(NAMES.length).fill(d.normal())]) {
      const within = times(120, () => {
        const watch = watchTogether(NAMES, { averageRunLength: RUN, learning: 64, seed: draws.poisson(1e2) });
        for (let i = 0; i < 64 + RUN / 4; i++) if (watch.update(rowOf(draws)) !== null) return true;
        return false;
      });
      expectRateAtMost(within, 120, 0.25);
    }
  });

  it('names the streams that moved, and starts anew after the alarm', () => {
    const draws = seeded(10);
    const watch = watchTogether(NAMES);
    for (let i = 0; i < 3000; i++) expect(watch.update(row(draws))).toBeNull();
    let alarm = null;
    let rows = 0;
    while (alarm === null) {
      const values = row(draws);
      values[0]! += 1;
      alarm = watch.update(values);
      rows++;
    }
    expect(alarm).toEqual({ streams: ['normal'], rows: 3000 + rows });
    expect(rows).toBeLessThan(300);
    for (let i = 0; i < 3000; i++) {
      const values = row(draws);
      values[0]! += 1;
      expect(watch.update(values)).toBeNull();
    }
  });

  it('passes over NaN and continues from its state as if it had never stopped', () => {
    const draws = seeded(11);
    const rows = Array.from({ length: 2500 }, (_, i) => {
      const values = row(draws);
      if (i % 7 === 0) values[1] = NaN;
      if (i > 1500) values[2]! += 50;
      return values;
    });
    const whole = watchTogether(NAMES);
    const expected = rows.map(values => whole.update(values));
    expect(expected.some(alarm => alarm !== null)).toBe(true);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: rows.length }), stop => {
        const first = watchTogether(NAMES);
        const head = rows.slice(0, stop).map(values => first.update(values));
        const second = watchTogether(NAMES);
        second.restore(JSON.parse(JSON.stringify(first.state())) as ReturnType<typeof first.state>);
        expect([...head, ...rows.slice(stop).map(values => second.update(values))]).toEqual(expected);
      }),
      { numRuns: 8 },
    );
  });

  it('refuses rows and states that are not of its streams', () => {
    const watch = watchTogether(['a', 'b']);
    expect(() => watch.update([1])).toThrow('2 values');
    expect(() => watch.update([1, Infinity])).toThrow('b must be finite');
    expect(() => {
      watch.restore({ rows: 0, streams: {} });
    }).toThrow(RangeError);
    expect(() => watchTogether(['a', 'a'])).toThrow('differ');
    expect(() => watchTogether([])).toThrow(RangeError);
  });
});
