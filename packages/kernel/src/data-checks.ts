import type { ContentHash, ProjectId } from './ids.js';
import type { ColumnType, Scalar, Table } from './scalar.js';

/**
 * What every row must be. Where a tested value is missing, the row is not judged, save by `present` and `holds`.
 * Truth values are compared as 0 and 1, times as epoch milliseconds; a value of another type than the bound or the set
 * breaks the test, and so does an infinite number under `between`.
 */
export type RowTest =
  | { readonly kind: 'present'; readonly column: string }
  | {
      readonly kind: 'between';
      readonly column: string;
      /** Inclusive. */
      readonly min?: number;
      readonly max?: number;
      /** Exclusive. */
      readonly above?: number;
      readonly below?: number;
    }
  | { readonly kind: 'among'; readonly column: string; readonly values: readonly (string | number)[] }
  /** RE2 syntax; searches, unless the pattern is anchored. */
  | { readonly kind: 'matches'; readonly column: string; readonly regex: string }
  /** Code points of the text. */
  | { readonly kind: 'length'; readonly column: string; readonly min?: number; readonly max?: number }
  /** Of a text column: values that do not read as this type. Of any other: all of them, unless it is the type. */
  | { readonly kind: 'reads-as'; readonly column: string; readonly type: ColumnType }
  /** Breaks where |x − mean| ≥ z sample standard deviations of the slice; never in a constant column. */
  | { readonly kind: 'near-mean'; readonly column: string; readonly z: number }
  /** A row that repeats an earlier one breaks it. */
  | { readonly kind: 'unique'; readonly columns: readonly string[] }
  /** Against the last present value, in the order of the rows (of those with the same `per`). */
  | {
      readonly kind: 'ordered';
      readonly column: string;
      readonly direction: 'increasing' | 'decreasing';
      readonly strictly: boolean;
      readonly per?: string;
    }
  /** The values are found together in a row of another stored table. */
  | {
      readonly kind: 'refers';
      readonly columns: readonly string[];
      readonly blob: ContentHash;
      readonly to: readonly string[];
    }
  /** A boolean SQL expression; null counts as true. */
  | { readonly kind: 'holds'; readonly expression: string };

/** One figure of the whole table, or of a slice. */
export type Figure =
  | { readonly kind: 'rows' }
  | {
      readonly kind: 'statistic';
      readonly column: string;
      /** `stdev` is the sample's; `unique-share` is different values by present rows. */
      readonly of: 'mean' | 'median' | 'stdev' | 'min' | 'max' | 'sum' | 'distinct' | 'unique-share';
    }
  /** An aggregate SQL expression that gives one number. */
  | { readonly kind: 'value'; readonly expression: string };

/** A test of rows or a figure; of the rows for which `where` is true, and for each value of `by` on its own. */
export type DataCheck = { readonly where?: string; readonly by?: string } & (
  | { readonly test: RowTest }
  | { readonly figure: Figure }
);

export interface CheckCounts {
  /** Rows of the slice. */
  readonly rows: number;
  /** Rows that were judged. */
  readonly tested: number;
  /** Rows that break the test; 0 of a figure. */
  readonly broken: number;
  /** Null when it is undefined, and of a test. */
  readonly figure: number | null;
}

export interface CheckOutcome extends CheckCounts {
  /** Why it could not be evaluated; all counts are 0 then. */
  readonly problem?: string;
  /** With `by`: the largest groups first. */
  readonly groups?: readonly (CheckCounts & { readonly group: string | null })[];
  /** Of a broken test: its most frequent offenders. */
  readonly examples?: readonly (readonly [value: Scalar, count: number])[];
  /** There are other offenders than the examples. */
  readonly more?: boolean;
  /** Of a broken `between`: the least and the greatest value of the slice. */
  readonly found?: readonly [least: number, greatest: number];
}

export interface BrokenRow {
  /** From 0. */
  readonly row: number;
  /** Positions of the checks that it breaks. */
  readonly checks: readonly number[];
}

export interface ChecksResult {
  readonly rows: number;
  /** In the order of the checks. */
  readonly outcomes: readonly CheckOutcome[];
  /** Rows that break one of the checks that were named for it, in the table's order. */
  readonly apart: readonly BrokenRow[];
  /** There are more such rows than were asked for. */
  readonly apartMore: boolean;
}

/** What is checked: a table in memory, or a stored one. */
export type CheckSource = { readonly project: ProjectId } & (
  | { readonly table: Table }
  | { readonly blob: ContentHash }
);

export interface CheckOptions {
  /** Positions of the row tests whose breaking rows are to be named, and how many rows at most. */
  readonly apart?: { readonly checks: readonly number[]; readonly limit: number };
}

/** More groups than this are a problem of the check: a column of ids is no slice. */
export const MOST_GROUPS = 100;
