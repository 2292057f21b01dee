/** Wire types of data validation: expectations over time, rows kept apart, and rules proposed from a profile. */
import type { ExpectationFinding, Json } from '@twinloop/kernel';

/** `GET /datasets/:dataset/expectations`: what each rule said of each version, oldest version first. */
export interface ExpectationHistoryView {
  readonly dataset: string;
  readonly versions: readonly {
    readonly version: string;
    readonly createdAt: number;
    readonly rows: number;
    readonly status: 'accepted' | 'refused';
    /** Rows kept apart. */
    readonly quarantined: number;
  }[];
  readonly rules: readonly ExpectationRuleView[];
}
export interface ExpectationRuleView {
  /** `range`, `nulls`, … */
  readonly rule: string;
  /** The column or columns it is about; empty for rules about the whole table. */
  readonly subject: string;
  /** As it stands in twinloop.yaml, on one line. */
  readonly text: string;
  /** The slice that it holds for, as an SQL condition. */
  readonly where: string | null;
  readonly severity: 'error' | 'warning';
  /** Whether rows that break it are kept apart. */
  readonly quarantines: boolean;
  /** Still declared. */
  readonly current: boolean;
  /** One a version, in the order of `versions`; null where it was not checked. */
  readonly results: readonly (ExpectationResultView | null)[];
}
export interface ExpectationResultView {
  readonly passed: boolean;
  /** Rows that break it; of rules about the whole table 0 or all rows. */
  readonly count: number;
  readonly rows: number;
  /** What was observed, where the rule is about one figure. */
  readonly observed: number | null;
  /** Null when it passed. */
  readonly message: string | null;
}

/** `GET /datasets/:dataset/versions/:version/quarantine?limit=`: rows that were kept apart, with the reason. */
export interface QuarantineView {
  readonly dataset: string;
  readonly version: string;
  /** Rows kept apart, and rows that went on. */
  readonly quarantined: number;
  readonly kept: number;
  readonly reasons: readonly {
    readonly rule: string;
    readonly subject: string;
    readonly text: string;
    readonly count: number;
  }[];
  readonly columns: readonly string[];
  /** The first of them; `row` counts from 1 in the source. */
  readonly rows: readonly {
    readonly row: number;
    readonly values: readonly Json[];
    readonly reasons: readonly string[];
  }[];
}

/** `POST /datasets/:dataset/check`: what the rules say of a file, which is not registered. */
export interface DataCheckView {
  readonly dataset: string;
  readonly source: string;
  readonly rows: number;
  /** Rows that would be kept apart. */
  readonly quarantined: number;
  readonly status: 'accepted' | 'refused';
  readonly findings: readonly ExpectationFinding[];
  readonly rules: readonly {
    readonly rule: string;
    readonly subject: string;
    readonly text: string;
    readonly severity: 'error' | 'warning';
    readonly quarantines: boolean;
    readonly result: ExpectationResultView;
  }[];
}

/** `GET /datasets/:dataset/versions/:version/suggestions`, and `POST /datasets/:dataset/suggestions` of a file: rules that hold on this version with room to breathe. */
export interface SuggestionsView {
  readonly dataset: string;
  /** The version, or the file where there is none. */
  readonly version: string;
  readonly rules: readonly {
    readonly text: string;
    /** Why it is proposed, in one sentence with its figures. */
    readonly why: string;
    readonly declared: boolean;
  }[];
  /** All of them as a block for `expectations:`. */
  readonly yaml: string;
}
