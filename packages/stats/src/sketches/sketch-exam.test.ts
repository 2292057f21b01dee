import { describe, expect, it } from 'vitest';
import { seeded } from '../../test-support/random.js';
import { shapeOf } from '../profiles/shape.js';
import { CategoricalColumnSketch } from './categorical-column-sketch.js';
import { columnSketchFromJson } from './column-sketch.js';
import { DistinctSketch } from './distinct-sketch.js';
import { HeavyHitters } from './heavy-hitters.js';
import { MomentSketch } from './moment-sketch.js';
import { NumericColumnSketch } from './numeric-column-sketch.js';
import { QuantileSketch } from './quantile-sketch.js';

/** What every sketch does. */
interface Sketch {
  addAll(values: readonly never[]): Sketch;
  merge(other: never): Sketch;
  toJSON(): object;
}

interface Family {
  readonly name: string;
  readonly make: () => Sketch;
  readonly revive: (json: never) => Sketch;
  readonly values: readonly unknown[];
  /** Fails when a sketch of all values is further off than it promises. */
  readonly judge: (sketch: never) => void;
  /** Largest length of the stored JSON. */
  readonly room: number;
}

const draws = seeded(77);
const N = 12_000;
const numbers = Array.from({ length: N }, () => (draws.uniform() < 0.02 ? NaN : 10 + 3 * draws.normal()));
const present = numbers.filter(value => !Number.isNaN(value)).sort((a, b) => a - b);
/** Zipf: the first few values fill most rows, thousands are rare. */
const words = Array.from({ length: N }, () =>
  draws.uniform() < 0.02 ? null : `w${Math.floor(1 / (draws.uniform() + 1e-4))}`,
);
const counts = new Map<string, number>();
for (const word of words) if (word !== null) counts.set(word, (counts.get(word) ?? 0) + 1);
const presentWords = words.filter(word => word !== null).length;

function judgeQuantiles(sketch: QuantileSketch): void {
  expect(sketch.n).toBe(present.length);
  expect([sketch.min, sketch.max]).toEqual([present[0], present.at(-1)]);
  for (let q = 0.02; q < 1; q += 0.05) {
    const value = present[Math.floor(q * present.length)]!;
    // The promise is one of 99 %: half again as much must never be seen.
    expect(Math.abs(sketch.cdf(value) - q)).toBeLessThan(1.5 * sketch.rankError);
    const at = sketch.quantile(q);
    const rank = present.filter(other => other < at).length / present.length;
    expect(Math.abs(rank - q)).toBeLessThan(1.5 * sketch.rankError);
  }
}

function judgeDistinct(sketch: DistinctSketch): void {
  expect(Math.abs(sketch.estimate() / counts.size - 1)).toBeLessThan(4 * 0.01625);
}

function judgeHitters(sketch: HeavyHitters): void {
  expect(sketch.n).toBe(presentWords);
  expect(sketch.error).toBeLessThanOrEqual(presentWords / (sketch.counters + 1));
  const kept = new Map(sketch.top().map(each => [each.value, each]));
  const wronged = [...counts].filter(([value, count]) => {
    const found = kept.get(value);
    if (found === undefined) return count > presentWords / (sketch.counters + 1);
    return found.atLeast > count || found.atMost < count;
  });
  expect(wronged).toEqual([]);
}

function judgeMoments(sketch: MomentSketch): void {
  const shape = shapeOf(present);
  expect(sketch.n).toBe(present.length);
  expect(sketch.mean).toBeCloseTo(shape.mean, 10);
  expect(Math.sqrt((sketch.variance * (sketch.n - 1)) / sketch.n)).toBeCloseTo(shape.deviation, 10);
  expect(sketch.skewness).toBeCloseTo(shape.skewness, 9);
  expect(sketch.excessKurtosis).toBeCloseTo(shape.excessKurtosis, 9);
}

const families = [
  {
    name: 'quantiles',
    make: () => new QuantileSketch({ k: 100, seed: 5 }),
    revive: QuantileSketch.fromJSON,
    values: numbers,
    judge: judgeQuantiles,
    room: 15_000,
  },
  {
    name: 'distinct',
    make: () => new DistinctSketch(),
    revive: DistinctSketch.fromJSON,
    values: words,
    judge: judgeDistinct,
    room: 5000,
  },
  {
    name: 'heavy hitters',
    make: () => new HeavyHitters({ counters: 20 }),
    revive: HeavyHitters.fromJSON,
    values: words,
    judge: judgeHitters,
    room: 2000,
  },
  {
    name: 'moments',
    make: () => new MomentSketch(),
    revive: MomentSketch.fromJSON,
    values: numbers,
    judge: judgeMoments,
    room: 300,
  },
  {
    name: 'numeric column',
    make: () => new NumericColumnSketch({ k: 100 }),
    revive: columnSketchFromJson,
    values: numbers,
    judge: (sketch: NumericColumnSketch) => {
      judgeQuantiles(sketch.quantiles);
      const { count, missing, mean, distinct } = sketch.summary();
      expect([count, missing]).toEqual([N, N - present.length]);
      expect(mean).toBeCloseTo(shapeOf(present).mean, 10);
      expect(Math.abs(distinct / present.length - 1)).toBeLessThan(4 * 0.01625);
    },
    room: 22_000,
  },
  {
    name: 'categorical column',
    make: () => new CategoricalColumnSketch({ counters: 20 }),
    revive: columnSketchFromJson,
    values: words,
    judge: (sketch: CategoricalColumnSketch) => {
      const { count, missing, top, shortest, longest } = sketch.summary();
      expect([count, missing]).toEqual([N, N - presentWords]);
      expect([shortest, longest]).toEqual([2, Math.max(...[...counts.keys()].map(word => word.length))]);
      expect(top[0]!.value).toBe('w1');
    },
    room: 7000,
  },
] as unknown as readonly Family[];

describe.each(families)('$name: the exam of every sketch', ({ make, revive, values, judge, room }) => {
  const add = (sketch: Sketch, part: readonly unknown[]): Sketch => sketch.addAll(part as never[]);
  const merge = (a: Sketch, b: Sketch): Sketch => a.merge(b as never);
  const parts = Array.from({ length: 9 }, (_, i) => values.slice((i * N) / 9, ((i + 1) * N) / 9));
  const ofParts = (): Sketch[] => parts.map(part => add(make(), part));

  it('keeps its promise on the whole, in bounded memory', () => {
    const sketch = add(make(), values);
    judge(sketch as never);
    expect(JSON.stringify(sketch).length).toBeLessThan(room);
  });
  it('keeps it whatever the order of the rows', () => {
    judge(add(make(), [...values].reverse()) as never);
  });
  it('keeps it for parts merged from the left, from the right, in pairs, and the other way round', () => {
    const pairs = (sketches: Sketch[]): Sketch =>
      sketches.length === 1
        ? sketches[0]!
        : pairs(
            sketches.flatMap((sketch, i) =>
              i % 2 === 1 ? [] : sketches[i + 1] ? [merge(sketch, sketches[i + 1]!)] : [sketch],
            ),
          );
    const merged = [
      ofParts().reduce((all, part) => merge(all, part)),
      ofParts().reduceRight((all, part) => merge(part, all)),
      ofParts().reduce((all, part) => merge(part, all)),
      pairs(ofParts()),
      merge(make(), add(make(), values)),
    ];
    for (const sketch of merged) {
      judge(sketch as never);
      expect(JSON.stringify(sketch).length).toBeLessThan(room);
    }
  });
  it('leaves the merged one alone, and may take itself', () => {
    const other = add(make(), parts[1]!);
    const before = JSON.stringify(other);
    merge(add(make(), parts[0]!), other);
    expect(JSON.stringify(other)).toBe(before);
    expect(() => merge(other, other)).not.toThrow();
  });
  it('says the same for one row at a time as for all at once', () => {
    const singly = values.slice(0, 2000).reduce<Sketch>((sketch, value) => add(sketch, [value]), make());
    const at = add(make(), values.slice(0, 2000));
    const round = (_: string, x: unknown): unknown => (typeof x === 'number' ? Number(x.toPrecision(9)) : x);
    expect(JSON.parse(JSON.stringify(singly), round)).toEqual(JSON.parse(JSON.stringify(at), round));
  });
  it('survives JSON, goes on from there as if nothing had happened, and knows a stranger', () => {
    const json: unknown = JSON.parse(JSON.stringify(add(make(), parts[0]!)));
    const revived = add(revive(json as never), parts[1]!);
    expect(JSON.stringify(revived)).toBe(JSON.stringify(add(add(make(), parts[0]!), parts[1]!)));
    expect(() => revive({ ...(json as object), version: 2 } as never)).toThrow(RangeError);
    expect(() => revive({ ...(json as object), sketch: 'tea' } as never)).toThrow(RangeError);
  });
  it('is deterministic, and empty when it is', () => {
    expect(JSON.stringify(add(make(), values))).toBe(JSON.stringify(add(make(), values)));
    const empty = JSON.stringify(make());
    expect(JSON.stringify(merge(make(), make()))).toBe(empty);
    expect(JSON.stringify(revive(JSON.parse(empty) as never))).toBe(empty);
  });
});
