import { describe, expect, it } from 'vitest';
import { seeded } from '../../test-support/random.js';
import { isolationForest } from './isolation-forest.js';

const normal = (n: number, seed: number, shift = 0): Float64Array => {
  const draw = seeded(seed);
  return Float64Array.from({ length: n }, () => draw.normal() + shift);
};

describe('isolationForest', () => {
  const columns = [normal(2000, 1), normal(2000, 2), normal(2000, 3)];
  const forest = isolationForest(columns, { random: seeded(4).uniform });

  it('finds what lies outside the crowd', () => {
    const scores = forest.scores([
      [0, 6, 0, 3.2],
      [0, 0, -7, 3.2],
      [0, 0, 0, 3.2],
    ]);
    expect(scores[0]!).toBeLessThan(0.5);
    for (const odd of [1, 2, 3]) expect(scores[odd]!).toBeGreaterThan(scores[0]! + 0.12);
  });

  it('ranks strangers above the crowd nearly always: AUC of a shift by four deviations', () => {
    const crowd = forest.scores([normal(400, 5), normal(400, 6), normal(400, 7)]);
    const strangers = forest.scores([normal(400, 8, 4), normal(400, 9), normal(400, 10)]);
    let wins = 0;
    for (const a of strangers) for (const b of crowd) wins += a > b ? 1 : 0;
    expect(wins / 160_000).toBeGreaterThan(0.97);
  });

  it('gives the same scores for the same draws, and others for others', () => {
    const again = isolationForest(columns, { random: seeded(4).uniform }).scores(columns);
    expect(again).toEqual(forest.scores(columns));
    expect(isolationForest(columns, { random: seeded(5).uniform }).scores(columns)).not.toEqual(again);
  });

  it('does not care about shift and scale of a column', () => {
    const moved = columns.map((column, i) => column.map(x => (i === 1 ? 1000 * x - 7 : x)));
    const scores = isolationForest(moved, { random: seeded(4).uniform }).scores(moved);
    const before = forest.scores(columns);
    let far = 0;
    for (let i = 0; i < scores.length; i++) if (Math.abs(scores[i]! - before[i]!) > 1e-9) far++;
    expect(far).toBeLessThan(20);
  });

  it('missing values neither alarm nor hide what else is strange', () => {
    const [some, odd] = forest.scores([
      [NaN, NaN],
      [0, 8],
      [0, 8],
    ]);
    expect(some!).toBeLessThan(0.55);
    expect(odd!).toBeGreaterThan(some! + 0.1);
  });

  it.each<[string, number[][], number]>([
    ['one row', [[1], [2]], 1],
    ['constant columns', [new Array<number>(50).fill(3), new Array<number>(50).fill(3)], 50],
    ['all missing', [new Array<number>(50).fill(NaN)], 50],
    ['the greatest doubles', [[-Number.MAX_VALUE, Number.MAX_VALUE, 0, 1]], 4],
    ['infinite values', [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 1]], 4],
  ])('ends and answers for %s', (_, data, n) => {
    const scores = isolationForest(data, { random: seeded(6).uniform }).scores(data);
    expect(scores).toHaveLength(n);
    for (const score of scores) expect(score).toBeGreaterThan(0);
  });

  it('without rows or columns has no opinion', () => {
    expect(isolationForest([], { random: seeded(1).uniform }).scores([])).toHaveLength(0);
    expect(isolationForest([[]], { random: seeded(1).uniform }).scores([[1]])[0]).toBeNaN();
    expect(() => forest.scores([[1]])).toThrow(/3 columns/);
    expect(() => isolationForest([[1], [1, 2]], { random: seeded(1).uniform })).toThrow(/as many/);
  });
});
