import { TwinloopError, type Table } from '@twinloop/kernel';
import type { DatasetConfig } from './config.js';

/**
 * The table with its label as 1 (the declared positive value) and 0, where the file says it in words or other numbers.
 * @throws invalid_request naming a value that is neither the positive nor one of the declared negatives
 */
export function encodeLabel(table: Table, label: DatasetConfig['label']): Table {
  if (label?.positive === undefined) return table;
  const { column: name, positive, negative } = label;
  const column = table.columns.find(each => each.name === name);
  if (column === undefined) return table;
  const text = (row: number): string | null => {
    if (column.type === 'string') return column.values[row] ?? null;
    const value = column.values[row]!;
    if (Number.isNaN(value)) return null;
    return column.type === 'boolean' ? String(value !== 0) : String(value);
  };
  // A number is the same in any way of writing it: 1, 1.0.
  const same = (said: string, found: string): boolean =>
    said === found ||
    (column.type === 'number' && Number(said) === Number(found)) ||
    (column.type === 'boolean' && said.trim().toLowerCase() === found);
  const values = new Float64Array(table.rows);
  for (let row = 0; row < table.rows; row++) {
    const found = text(row);
    if (found === null) values[row] = Number.NaN;
    else if (same(positive, found)) values[row] = 1;
    else if (negative === undefined || negative.some(each => same(each, found))) values[row] = 0;
    else
      throw new TwinloopError('invalid_request', {
        field: name,
        values: {
          reason: `row ${row + 1}: label ${name} is ${JSON.stringify(found)}, and ${[positive, ...negative].map(each => JSON.stringify(each)).join(' or ')} is declared`,
        },
        hint: 'Correct the value, or declare it under `label.positive` or `label.negative`.',
      });
  }
  return {
    rows: table.rows,
    columns: table.columns.map(each => (each === column ? { name, type: 'number', values } : each)),
  };
}
