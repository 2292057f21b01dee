import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../test-support/random.js';
import { quantile } from '../profiles/quantile.js';
import { CategoricalColumnSketch } from './categorical-column-sketch.js';
import { DistinctSketch } from './distinct-sketch.js';
import { HeavyHitters } from './heavy-hitters.js';
import { MomentSketch } from './moment-sketch.js';
import { NumericColumnSketch } from './numeric-column-sketch.js';
import { QuantileSketch } from './quantile-sketch.js';

describe('QuantileSketch', () => {
  it('is the sample’s own quantile while it holds every value', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, q) => {
          const sorted = [...values].sort((a, b) => a - b);
          const sketch = new QuantileSketch({ k: 100 }).addAll(values);
          expect(sketch.rankError).toBe(0);
          expect(sketch.quantile(q)).toBeCloseTo(quantile(sorted, q), 6);
          expect(sketch.cdf(sorted[0]!)).toBe(sorted.filter(x => x <= sorted[0]!).length / sorted.length);
        },
      ),
    );
  });
  it('is monotone in the level and stays within the extremes', () => {
    const draws = seeded(3);
    const sketch = new QuantileSketch({ k: 20 }).addAll(Array.from({ length: 20_000 }, () => draws.normal()));
    let previous = sketch.min;
    for (let q = 0; q <= 1; q += 0.001) {
      expect(sketch.quantile(q)).toBeGreaterThanOrEqual(previous);
      previous = sketch.quantile(q);
    }
    expect(previous).toBeLessThanOrEqual(sketch.max);
  });
  it('holds infinities through JSON, drops NaN, says NaN when empty', () => {
    const sketch = new QuantileSketch().addAll([-Infinity, NaN, 1, Infinity]);
    const revived = QuantileSketch.fromJSON(JSON.parse(JSON.stringify(sketch)));
    expect([revived.n, revived.min, revived.quantile(0.5), revived.max]).toEqual([3, -Infinity, 1, Infinity]);
    const empty = new QuantileSketch();
    expect([empty.quantile(0.5), empty.cdf(1), empty.min]).toEqual([NaN, NaN, NaN]);
    expect(() => empty.quantile(2)).toThrow(RangeError);
    expect(() => new QuantileSketch({ k: 3 })).toThrow(/k must/);
    expect(() => empty.merge(new QuantileSketch({ k: 50 }))).toThrow(/do not merge/);
  });
});

describe('DistinctSketch', () => {
  it('is exact while small, and unbiased beyond', () => {
    const exact = new DistinctSketch().addAll([1, 1, 2, -0, 0, '1', null, NaN, 'é']);
    expect([exact.estimate(), exact.standardError]).toEqual([5, 0]);
    for (const size of [300, 3000, 100_000]) {
      let sum = 0;
      for (let run = 0; run < 10; run++) {
        const ids = Array.from({ length: size }, (_, i) => (run % 2 === 0 ? i + run * size : `${run}/${i}`));
        sum += new DistinctSketch().addAll(ids).addAll(ids).estimate() / size / 10;
      }
      // Ten runs: a third of the single standard error, four times over.
      expect(Math.abs(sum - 1)).toBeLessThan((4 * 0.01625) / Math.sqrt(10));
    }
  });
  it('is the same sketch in any order and any parts', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.double(), fc.string())), fc.array(fc.double()), (a, b) => {
        const whole = JSON.stringify(new DistinctSketch({ precision: 4 }).addAll([...a, ...b]));
        const left = new DistinctSketch({ precision: 4 }).addAll(a);
        const right = new DistinctSketch({ precision: 4 }).addAll(b);
        expect(JSON.stringify(right.merge(left))).toBe(whole);
      }),
    );
    expect(() => new DistinctSketch({ precision: 3 })).toThrow(RangeError);
    expect(() => new DistinctSketch().merge(new DistinctSketch({ precision: 5 }))).toThrow(/do not merge/);
  });
});

describe('HeavyHitters', () => {
  it('never misses a frequent value, whatever the stream', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 400 }),
        fc.nat(10),
        (stream, extra) => {
          const sketch = new HeavyHitters({ counters: 1 + extra }).addAll(stream.map(String));
          const found = new Map(sketch.top().map(each => [each.value, each]));
          for (const value of new Set(stream)) {
            const count = stream.filter(other => other === value).length;
            const hit = found.get(String(value));
            if (count > stream.length / (2 + extra)) expect(hit).toBeDefined();
            expect(hit?.atLeast ?? 0).toBeLessThanOrEqual(count);
            expect(hit?.atMost ?? Infinity).toBeGreaterThanOrEqual(count);
          }
          expect(sketch.error).toBeLessThanOrEqual(stream.length / (2 + extra));
        },
      ),
    );
  });
  it('bounds the length of what it keeps without confusing long values', () => {
    const start = 'x'.repeat(5000);
    const sketch = new HeavyHitters().addAll([`${start}a`, `${start}b`, `${start}a`]);
    expect(sketch.top().map(each => each.atLeast)).toEqual([2, 1]);
    expect(JSON.stringify(sketch).length).toBeLessThan(800);
    expect(() => new HeavyHitters({ counters: 0 })).toThrow(RangeError);
    expect(() => sketch.merge(new HeavyHitters({ counters: 3 }))).toThrow(/do not merge/);
  });
});

describe('MomentSketch', () => {
  it('does not lose a small spread far from 0', () => {
    const values = Array.from({ length: 1000 }, (_, i) => 1e9 + (i % 2));
    const sketch = new MomentSketch();
    for (const value of values) sketch.addAll([value]);
    expect(sketch.variance).toBeCloseTo(1000 / 999 / 4, 6);
    expect(new MomentSketch().addAll([5, 5]).skewness).toBeNaN();
    expect([new MomentSketch().mean, new MomentSketch().addAll([1]).variance]).toEqual([NaN, NaN]);
  });
});

describe('column sketches', () => {
  it('describe a numeric column', () => {
    const summary = new NumericColumnSketch().addAll([1, 2, NaN, 2, Infinity]).summary();
    expect(summary).toMatchObject({ count: 5, missing: 1, infinite: 1, min: 1, max: Infinity, distinct: 3 });
    expect(summary.mean).toBeCloseTo(5 / 3, 12);
    expect(new NumericColumnSketch().addAll([NaN]).summary()).toMatchObject({
      count: 1,
      missing: 1,
      mean: NaN,
      quantiles: [],
      distinct: 0,
    });
  });
  it('describe a categorical column', () => {
    const summary = new CategoricalColumnSketch().addAll(['b', 'a', null, 'b', '']).summary();
    expect(summary).toMatchObject({ count: 5, missing: 1, distinct: 3, shortest: 0, longest: 1 });
    expect(summary.top[0]).toEqual({ value: 'b', atLeast: 2, atMost: 2 });
    expect(new CategoricalColumnSketch().summary()).toMatchObject({
      count: 0,
      shortest: NaN,
      meanLength: NaN,
    });
  });
});
