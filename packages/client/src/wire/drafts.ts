import type { ColumnType } from '@twinloop/kernel';

/**
 * The wire types of `/drafts`: a stranger's file or query on its way to a project. Nothing is trained or served
 * before the draft has become one; a draft is forgotten after 24 hours.
 */

/** Something about the data that a person should know before a project is made of it. An `error` stands in the way. */
export interface DraftFinding {
  readonly level: 'error' | 'warning' | 'info';
  /** Stable, for programs: `label_constant`, `time_formats`, … */
  readonly code: string;
  readonly column?: string;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** What a column looks like it is for. `date-part` and `hour-part` make a time together. */
export type ColumnGuess = 'time' | 'date-part' | 'hour-part' | 'key' | 'label';

export interface DraftColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Rows without a value, of the rows that were looked at. */
  readonly missing: number;
  /** Different values, of the rows that were looked at. */
  readonly distinct: number;
  /** A few different values as they stand in the file. */
  readonly sample: readonly string[];
  readonly guess?: ColumnGuess | null;
  /** One remark: `always 3`, `all of it is missing`, `1 to 17,379, counts the rows`. */
  readonly note?: string;
}

/** How the file is read; the same stands in the project file as `read`, so that it is the same every time. */
export interface DraftReading {
  readonly format: 'csv' | 'parquet' | 'jsonl' | 'postgres';
  readonly delimiter?: string;
  readonly decimal?: '.' | ',';
  readonly encoding?: 'utf-8' | 'latin-1' | 'utf-16';
  /** Whether the first line names the columns. */
  readonly header?: boolean;
  /** What was noticed, in sentences. */
  readonly notes: readonly string[];
}

export type DraftTask = 'binary' | 'multiclass' | 'regression';

/** POST /drafts, GET /drafts/:draft */
export interface DraftView {
  readonly draft: string;
  /** The file's name, or `query`. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly rows: number;
  /** Rows that the profile rests on; fewer than `rows` when the file is large. */
  readonly sampled: number;
  /** The first 1,000 of them; a finding says when there are more. */
  readonly columns: readonly DraftColumn[];
  readonly columnCount: number;
  readonly reading: DraftReading;
  /** Best first. */
  readonly suggestions: {
    readonly label: readonly string[];
    readonly time: readonly DraftTime[];
    readonly key: readonly string[];
    /** The task of the first suggested label. */
    readonly task?: DraftTask;
    /** A free project name made of the file's name. */
    readonly project: string;
  };
  readonly findings: readonly DraftFinding[];
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Instead of a body that is the file itself: exactly one of the three. */
export interface DraftSource {
  /** A file on the server's machine; for callers on that machine only. */
  readonly path?: string;
  /** Fetched once, through the guarded fetcher. */
  readonly url?: string;
  readonly postgres?: {
    /** By reference only: `env:NAME` or `file:/path`. */
    readonly url: string;
    readonly query: string;
  };
}

/** `order`: no column says the time, and the rows stand in order, oldest first. */
export type DraftTime =
  | { readonly column: string }
  | { readonly date: string; readonly hour: string }
  | { readonly order: 'rows' };

/** POST /drafts/:draft/check */
export interface DraftChoices {
  readonly label: string;
  /** Binary: the value that counts as 1. Of more than two values, that one against the rest. */
  readonly positive?: string;
  /** Default: what the label's values say. */
  readonly task?: DraftTask;
  readonly time: DraftTime;
  /** Where 01/02/2013 can be read both ways. */
  readonly dayFirst?: boolean;
  /** IANA name. Asked, never guessed; not needed for rows in order. */
  readonly timezone?: string;
  readonly key?: string;
  /** When a label becomes known: a duration after the case (`2d`), or the column that says it. */
  readonly delay?: string;
  /** Columns that no model sees. */
  readonly exclude?: readonly string[];
  readonly project?: string;
}

/** Columns that know the answer, or that only number the rows. */
export interface LeakageSuspect {
  /** More than one when they tell it together. */
  readonly columns: readonly string[];
  /** `sum`, `affine`, `equal`, `alone`, `presence`, `counter` */
  readonly kind: 'sum' | 'affine' | 'equal' | 'alone' | 'presence' | 'counter';
  /** The measured figure: `AUC 0.998`, `R² 1.000`, `17,379 of 17,379 rows`. */
  readonly evidence: string;
  readonly sentence: string;
  readonly suggested: 'exclude';
  /** Whether `exclude` of the choices has all of them already. */
  readonly excluded: boolean;
}

export interface DraftClass {
  readonly value: string;
  readonly rows: number;
}

/** What the choices make; nothing is written yet. */
export interface DraftCheck {
  readonly project: string;
  readonly task: DraftTask;
  /** Values of the label, most frequent first, when there are at most 50 of them. */
  readonly classes?: readonly DraftClass[];
  /** Binary: the value that counts as 1. */
  readonly positive?: string;
  readonly findings: readonly DraftFinding[];
  readonly leakage: readonly LeakageSuspect[];
  /** Local hours that the chosen zone's daylight saving leaves out or has twice, with the rows that fall into them. */
  readonly clock: {
    readonly skipped: readonly { readonly local: string; readonly rows: number }[];
    readonly doubled: readonly { readonly local: string; readonly rows: number }[];
    /** First and last time, epoch milliseconds; absent for rows in order. */
    readonly from?: number;
    readonly until?: number;
  };
  /** What a request must carry. */
  readonly features: readonly string[];
  /** The project file as it would be written. */
  readonly yaml: string;
  /** The data's rules in words. */
  readonly expectations: readonly string[];
  /** What always saying the same would score on the newest rows: the figure to beat. */
  readonly baseline?: { readonly metric: string; readonly value: number; readonly sentence: string };
  /** Machine time of the first run, a rough figure. */
  readonly estimate?: { readonly seconds: number };
}

/** POST /drafts/:draft/project answers 202; runs and endpoint tell the rest. */
export interface DraftProject {
  readonly project: string;
  readonly run: string;
  readonly endpoint: string;
  /** Where the project was written, on the server's machine. */
  readonly directory: string;
}
