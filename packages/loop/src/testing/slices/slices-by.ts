import type { Table } from '@twinloop/kernel';
import { groupRows } from '../fairness/group-rows.js';

/** A part of the rows, and what they have in common: `carrier is B6`. */
export interface Slice {
  readonly text: string;
  /** Positions. */
  readonly rows: readonly number[];
}

export interface Slices {
  readonly slices: readonly Slice[];
  /** How many were looked at: what confidence is shared among. */
  readonly looked: number;
  /** Slices that have too few rows to say anything. */
  readonly small: number;
}

/** A slice for each value of each column. @throws dataset_column_missing */
export function slicesBy(rows: Table, columns: readonly string[], minRows: number): Slices {
  const slices = columns.flatMap(column => {
    const { codes, names } = groupRows(rows, [column]);
    const members: number[][] = names.map(() => []);
    codes.forEach((code, row) => {
      if (code >= 0) members[code]!.push(row);
    });
    return members.map((own, code): Slice => ({ text: `${column} ${names[code]}`, rows: own }));
  });
  const large = slices.filter(slice => slice.rows.length >= minRows);
  return { slices: large, looked: large.length, small: slices.length - large.length };
}
