import type { EpochMs } from './ids.js';

/** One value of a row. Missing is `null`; in numeric columns missing is NaN. */
export type Scalar = number | string | boolean | null;
/** One row by column name, as a request carries it. */
export type Row = Readonly<Record<string, Scalar>>;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type ColumnType = 'number' | 'string' | 'boolean' | 'time';

export interface NumberColumn {
  readonly name: string;
  /** `boolean` holds 0 and 1, `time` holds epoch milliseconds; in all three NaN is missing. */
  readonly type: 'number' | 'boolean' | 'time';
  readonly values: Float64Array;
}
export interface StringColumn {
  readonly name: string;
  readonly type: 'string';
  readonly values: readonly (string | null)[];
}
export type Column = NumberColumn | StringColumn;

/** Columns of equal length; the form in which data travels between rooms, stores and trainers. */
export interface Table {
  readonly rows: number;
  readonly columns: readonly Column[];
}

export interface ColumnSchema {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
}
export type Schema = readonly ColumnSchema[];

/** Half-open interval `[from, until)` of domain time. */
export interface Interval {
  readonly from: EpochMs;
  readonly until: EpochMs;
}
