import type { Column, Row, Table } from '@twinloop/kernel';
import type { ShelvedModel } from '../runtime/serving/shelved-model.js';
import type { Misreading } from './chaos-state.js';

function misread(value: number, { transform, mean }: Misreading): number {
  return transform === 'sign' ? 2 * mean - value : value * 100;
}

function misreadRow(row: Row, columns: readonly Misreading[]): Row {
  const seen: Record<string, Row[string]> = { ...row };
  for (const one of columns) {
    const value = row[one.column];
    if (typeof value === 'number') seen[one.column] = misread(value, one);
  }
  return seen;
}

function misreadTable(table: Table, columns: readonly Misreading[]): Table {
  return {
    rows: table.rows,
    columns: table.columns.map((column): Column => {
      const one = columns.find(({ column: name }) => name === column.name);
      return one === undefined || column.type === 'string'
        ? column
        : { ...column, values: column.values.map(value => misread(value, one)) };
    }),
  };
}

/** The model with a broken wire: it reads some columns wrongly, and nothing else differs. Missing values stay missing. */
export function misreading(model: ShelvedModel, columns: readonly Misreading[]): ShelvedModel {
  if (columns.length === 0) return model;
  return {
    ...model,
    score: rows => model.score(rows.map(row => misreadRow(row, columns))),
    scoreTable: table => model.scoreTable(misreadTable(table, columns)),
  };
}
