/** Wire types of looked-up features: joins and windowed aggregates at the moment of a prediction. */

/** `GET /features`: every lookup of the project, and how fresh it is. */
export interface FeaturesView {
  /** The columns that a request brings. */
  readonly inputs: readonly string[];
  readonly features: readonly FeatureView[];
  readonly sources: readonly FeatureSourceView[];
  /** How long the state took to rebuild from versions and the log when it was last begun anew, in milliseconds. */
  readonly rebuildMs: number;
  /** The project's time now. */
  readonly now: number;
}

export interface FeatureView {
  readonly name: string;
  readonly kind: 'join' | 'aggregate';
  readonly dataset: string;
  /** The columns that it adds to a row. */
  readonly columns: readonly string[];
  /** What is computed, in words: `mean of late over 3h by carrier, origin`. */
  readonly text: string;
  /** When a row counts, in words: `landed, at the next full 1h, 1m later`. */
  readonly available: string;
  /** Keys that it has rows for, and rows that count now. */
  readonly keys: number;
  readonly rows: number;
  /** Rows that came and are not known yet. */
  readonly pending: number;
  /** Time of the newest row that counts; null before the first. */
  readonly newest: number | null;
  /** Age of that row in milliseconds. */
  readonly age: number | null;
  /** Greatest age that is fresh; null when any is. */
  readonly fresh: number | null;
  /** Whether the default stands because the source has stopped. */
  readonly isStale: boolean;
  /** Since the process started, or the state was begun anew: how often it was asked, and answered with its default. */
  readonly reads: number;
  readonly missing: number;
  readonly stale: number;
  /** Rows that came after they were said to be known. */
  readonly late: number;
}

export interface FeatureSourceView {
  readonly dataset: string;
  /** Its newest version; null before the first. */
  readonly version: string | null;
  /** Rows pushed since. */
  readonly pushed: number;
  /** The dataset that is trained on: the endpoint's own requests and outcomes are rows too. */
  readonly own: boolean;
}

/** `GET /features/values?origin=JFK&carrier=UA`: what a request of this entity would be told now. */
export interface FeatureValuesView {
  readonly entity: Readonly<Record<string, string | number>>;
  readonly at: number;
  readonly values: Readonly<Record<string, number | string | boolean | null>>;
}

export interface FeatureRowsReceipt {
  /** Rows that are kept; they count from when they are known. */
  readonly accepted: number;
}
