import { columnOf, type Scalar, type Table, TwinloopError } from '@twinloop/kernel';
import type { Slots } from './program.js';
import type { InputColumn } from './spec.js';

/**
 * Fills input slots from row `i` of a table, giving what the row reader gives for the same values in a request.
 * @throws dataset_column_missing · input_type
 */
export function tableReader(
  table: Table,
  inputs: readonly InputColumn[],
): (row: number, slots: Slots) => void {
  const cells = inputs.map(({ name, type }): ((row: number) => Scalar) => {
    const column = columnOf(table, name);
    if (column === undefined) {
      throw new TwinloopError('dataset_column_missing', {
        field: name,
        values: { column: name, dataset: 'the table', found: table.columns.map(c => c.name).join(', ') },
      });
    }
    if (column.type === 'string') {
      if (type !== 'string') throw wrong(name, column.type, type);
      const { values } = column;
      return row => values[row] ?? null;
    }
    if (type === 'string') throw wrong(name, column.type, type);
    const { values } = column;
    if (type === 'boolean') return row => (Number.isNaN(values[row]!) ? null : values[row] !== 0);
    return row => (Number.isFinite(values[row]!) ? values[row]! : null);
  });
  return (row, slots) => {
    for (let i = 0; i < cells.length; i++) slots[i] = cells[i]!(row);
  };
}

function wrong(input: string, actual: string, expected: string): TwinloopError {
  return new TwinloopError('input_type', { field: input, values: { input, actual, expected } });
}
