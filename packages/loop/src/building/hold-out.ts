import { columnOf, parseDuration, type Table, takeRows, TwinloopError } from '@twinloop/kernel';

/** Half-open range of row indices in time order. */
export interface RowRange {
  readonly from: number;
  readonly until: number;
}

/** The rows in time order; equal times keep their order, undated rows come first. Without a time column the given order stands. */
export function inTimeOrder(table: Table, time: string | undefined): { table: Table; order: Int32Array } {
  const order = Int32Array.from({ length: table.rows }, (_, row) => row);
  const column = time === undefined ? undefined : columnOf(table, time);
  if (time !== undefined && (column === undefined || column.type === 'string')) {
    throw new TwinloopError('dataset_column_missing', {
      field: time,
      values: {
        column: time,
        dataset: 'the rows to train on, as a time',
        found: table.columns.map(({ name }) => name).join(', '),
      },
    });
  }
  if (column === undefined || column.type === 'string') return { table, order };
  const at = (row: number): number => {
    const value = column.values[row]!;
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
  };
  let sorted = true;
  for (let row = 1; row < table.rows && sorted; row++) sorted = at(row - 1) <= at(row);
  if (sorted) return { table, order };
  order.sort((a, b) => (at(a) === at(b) ? a - b : at(a) < at(b) ? -1 : 1));
  return { table: takeRows(table, order), order };
}

/** Where the hold-out begins: the newest `share` of the rows, at least one, and at least one row to learn from. */
export function holdOutStart(rows: number, share: number): number {
  if (rows < 2) {
    throw new TwinloopError('training_failed', {
      values: {
        run: 'of this version',
        reason: `${rows} labelled row(s) cannot be split into training and hold-out`,
      },
      hint: 'Wait for more labels, or widen the dataset.',
    });
  }
  return Math.min(rows - 1, Math.max(1, Math.floor(rows * (1 - share))));
}

/**
 * The rows before `until` that a window covers: `all`, or those at most its length older than the newest of them.
 * Counted from the newest row and not from now, so that the same version gives the same rows.
 */
export function windowRows(times: Float64Array | undefined, until: number, window: string): RowRange {
  if (window === 'all' || times === undefined) return { from: 0, until };
  const oldest = times[until - 1]! - parseDuration(window);
  let low = 0;
  let high = until;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < oldest || Number.isNaN(times[middle]!)) low = middle + 1;
    else high = middle;
  }
  return { from: low, until };
}

export function rangeOf(table: Table, range: RowRange): Table {
  return takeRows(
    table,
    Int32Array.from({ length: range.until - range.from }, (_, i) => range.from + i),
  );
}
