import { describe, expect, it } from 'vitest';
import { figureColumns } from './figure-columns.js';

describe('figures of a table of models', () => {
  it('are those that the task has', () => {
    const minutes = { n: 10, rmse: 31.2, mae: 20, r2: 0.1 };
    expect(figureColumns([minutes]).titles).toEqual(['RMSE', 'R²']);
    expect(figureColumns([minutes]).of(minutes)).toEqual([31.2, 0.1]);
    const late = { n: 10, auc: 0.7, log_loss: 0.4 };
    expect(figureColumns([late]).titles).toEqual(['log loss', 'AUC']);
    expect(figureColumns([late]).of(late)).toEqual([0.4, 0.7]);
    expect(figureColumns([]).titles).toEqual(['log loss', 'AUC']);
  });
});
