import { type Table } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { buildReference, MAX_LEVELS, MAX_VALUES, OTHER } from './reference.js';

const table: Table = {
  rows: 10_000,
  columns: [
    {
      name: 'x',
      type: 'number',
      values: Float64Array.from({ length: 10_000 }, (_, i) => (i % 10 === 0 ? Number.NaN : 10_000 - i)),
    },
    {
      name: 'word',
      type: 'string',
      values: Array.from({ length: 10_000 }, (_, i) => (i === 0 ? null : `w${i % 700}`)),
    },
    { name: 'at', type: 'time', values: new Float64Array(10_000) },
  ],
};
const { columns, importance, rows } = buildReference(table, ['x', 'word', 'at'], { x: 3, word: 1, other: 9 });

describe('buildReference', () => {
  it('keeps at most 2,000 ordered values that stand for the whole column', () => {
    const [x] = columns;
    if (x?.type !== 'number') throw new Error('x is numeric');
    expect(x.values).toHaveLength(MAX_VALUES);
    expect([...x.values].sort((a, b) => a - b)).toEqual(x.values);
    expect(Math.abs(x.values[MAX_VALUES / 2]! - 5000)).toBeLessThan(10);
    expect([x.missing, x.rows]).toEqual([1000, 10_000]);
  });

  it('keeps the frequent levels, counted where they were not chosen, and the rest together', () => {
    const word = columns[1]!;
    if (word.type !== 'category') throw new Error('word is categorical');
    expect(Object.keys(word.counts).length).toBeLessThanOrEqual(MAX_LEVELS + 1);
    expect(word.counts[OTHER]).toBeGreaterThan(0);
    expect(Object.values(word.counts).reduce((a, b) => a + b)).toBe(word.rows);
    expect(word.rows).toBe(5000);
  });

  it('leaves time out, and shares the importance among what is watched', () => {
    expect(columns.map(({ name }) => name)).toEqual(['x', 'word']);
    expect(importance).toEqual({ x: 0.75, word: 0.25 });
  });

  it('weighs all columns alike when nobody knows better', () => {
    expect(buildReference(table, ['x', 'word'], {}).importance).toEqual({ x: 0.5, word: 0.5 });
  });

  it('survives JSON', () => {
    expect(JSON.parse(JSON.stringify({ rows, columns, importance }))).toEqual({ rows, columns, importance });
  });

  it('names an input that the table lacks', () => {
    expect(() => buildReference(table, ['y'], {})).toThrow(
      expect.objectContaining({ code: 'dataset_column_missing', field: 'y' }),
    );
  });
});
