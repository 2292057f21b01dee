import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Cell,
  columnFigure,
  holdsMostly,
  partitionDivergence,
  type RowTest,
  testRows,
} from '../index.js';

const broken = (values: readonly Cell[], test: object): number[] => [
  ...testRows({ x: values, y: values.map((_, i) => i % 2) }, values.length, {
    column: 'x',
    ...test,
  } as RowTest).flags,
];

describe('row tests', () => {
  it.each<[string, Cell[], object, number[]]>([
    ['present', [1, null, NaN, ''], { kind: 'present' }, [0, 1, 1, 0]],
    ['inclusive bounds', [0, 1, 2, null, Infinity], { kind: 'between', min: 1, max: 2 }, [1, 0, 0, 0, 1]],
    ['exclusive bounds', [0, 1, 2, 3], { kind: 'between', above: 0, below: 3 }, [1, 0, 0, 1]],
    ['text under a numeric bound', ['5', 5, true], { kind: 'between', min: 1, max: 9 }, [1, 0, 0]],
    ['text bounds', ['a', 'b', 'c'], { kind: 'between', min: 'b' }, [1, 0, 0]],
    ['a set is typed', [1, '1', null, 2 ** 53], { kind: 'among', values: [1] }, [0, 1, 0, 1]],
    ['a pattern searches', ['xAy', 'b', null], { kind: 'matches', regex: 'A' }, [0, 1, 0]],
    ['length in code points', ['é', '🙂🙂', 'abc', ''], { kind: 'length', min: 1, max: 2 }, [0, 0, 1, 1]],
    ['repeats', [1, 2, 1, null, null, 1], { kind: 'unique', columns: ['x'] }, [0, 0, 1, 0, 0, 1]],
    ['increasing', [1, 1, null, 0, 5], ordered('increasing', false), [0, 0, 0, 1, 0]],
    ['strictly increasing', [1, 1, 2, 3, 2], ordered('increasing', true), [0, 1, 0, 0, 1]],
    [
      'decreasing, per key',
      [9, 1, 8, 2, 7, 0],
      { ...ordered('decreasing', true), per: 'y' },
      [0, 0, 0, 1, 0, 0],
    ],
    [
      'far from the mean',
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 99],
      { kind: 'near-mean', z: 2.5 },
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    ],
    ['a constant has no outliers', [3, 3, 3], { kind: 'near-mean', z: 1 }, [0, 0, 0]],
    ['one value has none either', [3], { kind: 'near-mean', z: 1 }, [0]],
    ['references', ['a', 'b', null], { kind: 'refers', columns: ['x'], keys: [['a']] }, [0, 1, 0]],
    ['empty', [], { kind: 'between', min: 0 }, []],
  ])('%s', (_name, values, test, expected) => {
    expect(broken(values, test)).toEqual(expected);
  });

  it('missing rows are not judged, and none judged holds', () => {
    const result = testRows({ x: [null, NaN] }, 2, { kind: 'between', column: 'x', min: 0 });
    expect(result).toMatchObject({ rows: 2, missing: 2, broken: 0 });
    expect(holdsMostly(0, 0)).toBe(true);
    expect(holdsMostly(10, 1, 0.9)).toBe(true);
    expect(holdsMostly(10, 1, 0.91)).toBe(false);
  });

  it('an unknown column is named', () => {
    expect(() => testRows({ x: [] }, 0, { kind: 'present', column: 'y' })).toThrow(/y/);
  });

  it('unique marks n − distinct rows; order marks nothing in a sorted column', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 20 }))), values => {
        const there = values.filter(value => value !== null);
        const repeats = broken(values, { kind: 'unique', columns: ['x'] }).reduce((a, b) => a + b, 0);
        expect(repeats).toBe(there.length - new Set(there).size);
        const sorted = [...there].sort((a, b) => a - b);
        expect(broken(sorted, ordered('increasing', false)).every(flag => flag === 0)).toBe(true);
      }),
    );
  });
});

function ordered(direction: string, strictly: boolean): object {
  return { kind: 'ordered', direction, strictly };
}

describe('column figures', () => {
  const x: Cell[] = [4, null, 1, NaN, 1, 2];
  it.each([
    ['mean', 2],
    ['median', 1.5],
    ['stdev', Math.SQRT2],
    ['min', 1],
    ['max', 4],
    ['sum', 8],
    ['distinct', 3],
    ['unique-share', 0.75],
  ] as const)('%s over what is present', (figure, expected) => {
    expect(columnFigure(x, figure)).toBeCloseTo(expected, 12);
    expect(columnFigure([null], figure)).toBe(figure === 'distinct' ? 0 : NaN);
  });
  it('stdev of one value is undefined', () => expect(columnFigure([7], 'stdev')).toBe(NaN));

  it('divergence: 0 against itself, infinite at the unexpected, undefined of nothing', () => {
    expect(partitionDivergence(['a', 'b', null, 'a'], ['a', 'b'], [2, 1])).toBeCloseTo(0, 12);
    expect(partitionDivergence(['a', 'c'], ['a', 'b'], [0.5, 0.5])).toBe(Infinity);
    expect(partitionDivergence(['a'], ['a', 'b'], [0, 1])).toBe(Infinity);
    expect(partitionDivergence([null], ['a'], [1])).toBe(NaN);
  });
});
