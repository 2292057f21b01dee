import { type Table, tableFromRows } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { labelledRows, measure } from './evaluate.js';

const rows = (values: readonly (string | number | null)[], type: 'string' | 'number'): Table =>
  tableFromRows(
    [{ name: 'team', type, nullable: true }],
    values.map(team => ({ team })),
  );

describe('labels', () => {
  it('of several classes may be text or numbers; rows without one are left out', () => {
    expect(labelledRows(rows(['a', null, 'b', 'c'], 'string'), 'team', 'multiclass').table.rows).toBe(3);
    expect(labelledRows(rows([3, 1, null, 2], 'number'), 'team', 'multiclass').kept).toEqual(
      Int32Array.of(0, 1, 3),
    );
  });

  it.each([
    [
      'three texts where two are declared',
      rows(['a', 'b', 'c'], 'string'),
      /"a", "b", "c".*two/,
      /task: multiclass/,
    ],
    [
      'three numbers where two are declared',
      rows([0, 1, 2], 'number'),
      /"0", "1", "2".*two/,
      /task: multiclass/,
    ],
    ['two texts of which none is positive', rows(['no', 'yes'], 'string'), /"no", "yes"/, /positive: yes/],
    ['two numbers that are not 0 and 1', rows([1, 2], 'number'), /"1", "2" where 0 or 1/, /positive: 2/],
  ])('%s are refused with what to write', (_, table, message, hint) => {
    expect(() => labelledRows(table, 'team', 'binary')).toThrow(message);
    expect(() => labelledRows(table, 'team', 'binary')).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(hint) as string }),
    );
  });

  it('that are hundreds of values are no classes', () => {
    const many = rows(
      Array.from({ length: 300 }, (_, i) => i),
      'number',
    );
    expect(() => labelledRows(many, 'team', 'multiclass')).toThrow(/300 values/);
  });
});

describe('measuring several classes', () => {
  const model = {
    classes: ['b', 'a'],
    signature: null,
    predict: async () => Float64Array.of(0.9, 0.1, 0.2, 0.8, 0.6, 0.4, 0.5, 0.5),
  };

  it('scores each row by the probability of the class that came, a class that is unknown to the model by 0.005', async () => {
    const { scores, labels, classes, metrics } = await measure(
      model,
      rows(['b', 'a', 'a', 'new'], 'string'),
      'team',
      'multiclass',
    );
    expect([...scores]).toEqual([0.9, 0.8, 0.4, 0.005]);
    expect([...labels]).toEqual([1, 1, 1, 1]);
    expect(classes).toEqual({
      names: ['b', 'a', 'new'],
      truth: Float64Array.of(0, 1, 1, 2),
      predicted: Float64Array.of(0, 1, 0, 0),
    });
    expect(metrics['log_loss']).toBeCloseTo(-Math.log(0.9 * 0.8 * 0.4 * 0.005) / 4, 12);
    expect(metrics).toMatchObject({ n: 4, accuracy: 0.5, 'recall/b': 1, 'recall/a': 0.5, 'recall/new': 0 });
  });

  it('asks that the model names its classes', () =>
    expect(
      measure({ ...model, classes: undefined }, rows(['a'], 'string'), 'team', 'multiclass'),
    ).rejects.toMatchObject({ code: 'invalid_request' }));
});
