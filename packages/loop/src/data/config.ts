import type { ColumnType } from '@twinloop/kernel';

/** `complete`: every case in the end; `selective`: only cases that were acted on; `never`: none. */
export type LabelAvailability = 'complete' | 'selective' | 'never';

export interface DatasetConfig {
  /** A path relative to the project file, or an http(s) URL (fetched to a blob first). */
  readonly source: string;
  readonly format?: 'csv' | 'parquet' | 'jsonl';
  /** The column that names a case; outcomes may be sent by it. */
  readonly key?: string;
  /** The column that says when the case happened. */
  readonly time?: string;
  readonly label?: {
    readonly column: string;
    /** The column that says when the label became known; nothing known later than prediction time may feed a feature. */
    readonly arrives?: string;
    /** Which cases get a label after they were answered. */
    readonly available: LabelAvailability;
    /** Selective labels only: they come for a fair share of the cases, whatever a model answers; rollouts may be decided on them. */
    readonly decides?: boolean;
  };
  /** Bounds on `time` for the versions made from the source (ISO date or time, in the project's zone). */
  readonly from?: string;
  readonly until?: string;
  readonly types?: Readonly<Record<string, ColumnType>>;
}
export type DatasetsConfig = Readonly<Record<string, DatasetConfig>>;

interface Common {
  readonly severity?: 'error' | 'warning';
}
/** One expectation; `max` of shares is a fraction of rows (0.05 is 5 %). */
export type Expectation = Common &
  (
    | { readonly rule: 'rows'; readonly min?: number; readonly max?: number }
    | { readonly rule: 'nulls'; readonly column: string; readonly max: number }
    | { readonly rule: 'unique'; readonly columns: readonly string[] }
    | { readonly rule: 'range'; readonly column: string; readonly min?: number; readonly max?: number }
    | { readonly rule: 'set'; readonly column: string; readonly values: readonly (string | number)[] }
    | { readonly rule: 'pattern'; readonly column: string; readonly regex: string }
    | { readonly rule: 'type'; readonly column: string; readonly type: ColumnType }
    | { readonly rule: 'sql'; readonly expression: string }
  );
export type ExpectationsConfig = Readonly<Record<string, readonly Expectation[]>>;
