import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../test-support/random.js';
import { sortSample } from './samples.js';
import { sortAscending } from './sort.js';

const draws = seeded(11);
const many = (n: number, next: (i: number) => number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => next(i));
const engine = (values: Float64Array): Float64Array =>
  values
    .filter(value => !Number.isNaN(value))
    .map(value => value + 0)
    .sort();

const same = (a: Float64Array, b: Float64Array): boolean =>
  a.length === b.length && a.every((x, i) => Object.is(x, b[i]));

describe('sortAscending', () => {
  const shapes: readonly (readonly [string, Float64Array])[] = [
    ['normal', many(10_000, () => draws.normal())],
    ['wild exponents and signs', many(10_000, () => draws.normal() * 10 ** (600 * draws.uniform() - 300))],
    ['few integers', many(10_000, () => Math.floor(10 * draws.uniform()) - 5)],
    ['all but one equal', many(10_000, i => (i === 5000 ? 0 : 1))],
    ['one upper word for all', many(10_000, () => 1e9 + draws.uniform() / 1024)],
    [
      'many crowded words',
      many(20_000, () => Math.floor(3 * draws.uniform()) * 1e12 + 1000 * draws.uniform()),
    ],
    ['descending', many(10_000, i => -i / 7)],
    ['ascending', many(10_000, i => i / 7)],
    ['subnormal', many(10_000, () => (draws.uniform() - 0.5) * 1e-310)],
    [
      'holes, infinities, signed zeros',
      many(10_000, i => [NaN, Infinity, -Infinity, -0, 0, draws.normal()][i % 6]!),
    ],
  ];
  it.each(shapes)('orders as the engine does: %s', (_name, values) => {
    const before = values.slice();
    expect(same(sortAscending(values), engine(values))).toBe(true);
    expect(same(values, before)).toBe(true);
  });
  it('orders any doubles', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 40 }), values => {
        // Repeated with tiny changes until it is long enough for the radix sort.
        const long = many(3200, i => (values[i % values.length] ?? 0) * (1 + i * 2 ** -50));
        return same(sortAscending(long), engine(long));
      }),
    );
  });
  it('takes plain arrays and views into a larger buffer', () => {
    expect([...sortAscending([3, NaN, 1, -0])]).toEqual([0, 1, 3]);
    const view = many(9000, () => draws.normal()).subarray(3000, 8000);
    expect(sortSample(view).sorted).toEqual(engine(view));
    expect(sortAscending([])).toHaveLength(0);
  });
});
