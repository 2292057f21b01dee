import { columnOf, type Table } from '@twinloop/kernel';
import { labelledRows } from './evaluate.js';
import { holdOutStart, inTimeOrder, rangeOf } from './hold-out.js';
import type { BuildRequest } from './request.js';

/** The rows of a run: labelled, in time order, split. */
export interface Rows {
  readonly table: Table;
  readonly times: Float64Array | undefined;
  readonly split: number;
  readonly holdout: Table;
  readonly dayOf: ((row: number) => number) | undefined;
}

/** @throws dataset_column_missing · invalid_request when the label does not fit the task */
export function prepareRows(
  request: Pick<BuildRequest, 'table' | 'label' | 'train' | 'time' | 'inTime'>,
): Rows {
  const { table: labelled, kept } = labelledRows(request.table, request.label, request.train.task);
  const { table, order } = inTimeOrder(labelled, request.time);
  const split = holdOutStart(table.rows, request.train.holdout);
  const column = request.time === undefined ? undefined : columnOf(table, request.time);
  const { inTime } = request;
  return {
    table,
    times: column === undefined || column.type === 'string' ? undefined : column.values,
    split,
    holdout: rangeOf(table, { from: split, until: table.rows }),
    dayOf: inTime === undefined ? undefined : row => inTime.dayOf(kept[order[row]!]!),
  };
}
