import type { ColumnType, ComposedTime, Reading } from '@twinloop/kernel';

/** `complete`: every case in the end; `selective`: only cases that were acted on; `never`: none. */
export type LabelAvailability = 'complete' | 'selective' | 'never';

/** `last`: the newer value counts. `first`: the one that came first stays, the newer is counted and left out. `reject`: the newer is refused. */
export type LabelRepeats = 'last' | 'first' | 'reject';

export interface DatasetConfig {
  /** A path relative to the project file, or an http(s) URL (fetched to a blob first); of a query its words for people. */
  readonly source: string;
  /** Instead of a file: a query. `url` is a reference to the connection string. */
  readonly postgres?: { readonly url: string; readonly query: string };
  readonly format?: 'csv' | 'parquet' | 'jsonl';
  /** The column that names a case; outcomes may be sent by it. */
  readonly key?: string;
  /** The column that says when the case happened. */
  readonly time?: string;
  /** The time is made of two columns of the source. */
  readonly compose?: ComposedTime;
  /** Declared: no column says the time, and the rows stand in order. */
  readonly undated?: true;
  readonly read?: Reading;
  /** Only these columns of the source are read. */
  readonly columns?: readonly string[];
  /** A version keeps so many rows, the newest by `time`. */
  readonly newest?: number;
  readonly label?: {
    readonly column: string;
    /** Binary: the value that counts as 1, and those that count as 0 (default: all others). */
    readonly positive?: string;
    readonly negative?: readonly string[];
    /** The column that says when the label became known; nothing known later than prediction time may feed a feature. */
    readonly arrives?: string;
    /** Which cases get a label after they were answered. */
    readonly available: LabelAvailability;
    /** Selective labels only: they come for a fair share of the cases, whatever a model answers; rollouts may be decided on them. */
    readonly decides?: boolean;
    /** What follows when a case's label comes again with another value; default `last`. A higher `revision` always replaces. */
    readonly repeats?: LabelRepeats;
    /** What a regression's label is counted in, as people write it: `minutes`. */
    readonly unit?: string;
  };
  /** The column that holds what the served model answered to these rows: the baseline of an endpoint that is served elsewhere. */
  readonly score?: string;
  /** Bounds on `time` for the versions made from the source (ISO date or time, in the project's zone). */
  readonly from?: string;
  readonly until?: string;
  readonly types?: Readonly<Record<string, ColumnType>>;
  readonly quarantine?: QuarantineConfig;
}
export type DatasetsConfig = Readonly<Record<string, DatasetConfig>>;

interface Common {
  readonly severity?: 'error' | 'warning';
  /** An SQL condition: the rule holds for the rows in which it is true. */
  readonly where?: string;
  /** The rule holds within each value of this column. */
  readonly by?: string;
}
interface OfRows extends Common {
  /** The share of the judged rows that must hold. Default 1. */
  readonly mostly?: number;
  /** Rows that break it are kept apart, and the others go on. */
  readonly quarantine?: boolean;
}
interface Within {
  readonly min?: number;
  readonly max?: number;
}

export type StatisticName = 'mean' | 'median' | 'stdev' | 'min' | 'max' | 'sum' | 'distinct' | 'unique-share';

/** A rule that says of each row whether it breaks it. */
export type RowExpectation = OfRows &
  (
    | { readonly rule: 'nulls'; readonly column: string; readonly max?: number }
    | { readonly rule: 'unique'; readonly columns: readonly string[] }
    | ({
        readonly rule: 'range';
        readonly column: string;
        readonly above?: number;
        readonly below?: number;
      } & Within)
    | ({ readonly rule: 'length'; readonly column: string } & Within)
    | { readonly rule: 'set'; readonly column: string; readonly values: readonly (string | number)[] }
    | { readonly rule: 'pattern'; readonly column: string; readonly regex: string }
    | { readonly rule: 'type'; readonly column: string; readonly type: ColumnType }
    | { readonly rule: 'outliers'; readonly column: string; readonly z?: number }
    | {
        readonly rule: 'monotonic';
        readonly column: string;
        readonly direction?: 'increasing' | 'decreasing';
        readonly strictly?: boolean;
        readonly per?: string;
      }
    | {
        readonly rule: 'reference';
        readonly columns: readonly string[];
        readonly dataset: string;
        readonly to?: readonly string[];
      }
    | { readonly rule: 'sql'; readonly expression: string }
  );

/** A rule about the table, or a slice of it, as a whole. */
export type TableExpectation =
  | (Common &
      (
        | ({
            readonly rule: 'rows';
            readonly against?: 'history';
            readonly within?: number;
            readonly last?: number;
          } & Within)
        | ({ readonly rule: 'statistic'; readonly column: string; readonly of: StatisticName } & Within)
        | ({ readonly rule: 'sql-value'; readonly expression: string } & Within)
        | { readonly rule: 'freshness'; readonly within: string; readonly column?: string }
      ))
  | (Pick<Common, 'severity'> &
      (
        | {
            readonly rule: 'schema';
            readonly columns: Readonly<Record<string, ColumnType>>;
            readonly extra?: 'refuse' | 'warn' | 'allow';
          }
        | {
            readonly rule: 'distribution';
            readonly column: string;
            /** `previous`, or the beginning of a version. */
            readonly against?: string;
            readonly method?: 'drift' | 'psi' | 'kl';
            readonly max?: number;
          }
      ));

/** One expectation; shares are fractions of rows (0.05 is 5 %). */
export type Expectation = RowExpectation | TableExpectation;
export type ExpectationsConfig = Readonly<Record<string, readonly Expectation[]>>;

/** What happens to rows that break a rule. */
export interface QuarantineConfig {
  /** `marked`: rows that break a rule with `quarantine: true`; `all`: those that break any rule about rows. */
  readonly rules?: 'marked' | 'all';
  /** The largest share of the rows that may be kept apart; above it the whole batch is refused. */
  readonly max?: number;
}
