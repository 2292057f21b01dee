import type { EpochMs, ProjectId } from './ids.js';
import type { Interval, Row, Schema, Table } from './scalar.js';

/** One answered request, or one shadow copy of it. Shadow copies share the live one's id and carry no inputs. */
export interface PredictionRecord {
  readonly project: ProjectId;
  readonly id: string;
  readonly endpoint: string;
  readonly variant: string;
  /** The model that answered. */
  readonly version: string;
  readonly role: 'live' | 'shadow';
  /** Domain time of the request. */
  readonly at: EpochMs;
  /** Probability of the positive class, the predicted value, or the largest of `scores`. */
  readonly score: number;
  /** Of several classes: their probabilities, in the order of the endpoint's class indices. Absent or null for models of one score. */
  readonly scores?: readonly number[] | null;
  /** The predicted class by name, where there are several. */
  readonly output?: string | null;
  /** The features as received; null on shadow copies. */
  readonly inputs: Row | null;
  /** The client's own key for this case, to join outcomes by. */
  readonly key: string | null;
  /** The unit that stickiness holds for. */
  readonly unitKey: string | null;
  /** Probability with which each variant could have been chosen. */
  readonly propensities: Readonly<Record<string, number>>;
  readonly latencyMs: number;
}

/** What turned out to be true. `predictionId`, or `key` with `time` (the latest prediction of that key at or before it). */
export interface OutcomeRecord {
  readonly project: ProjectId;
  readonly endpoint: string;
  readonly predictionId: string | null;
  readonly key: string | null;
  readonly time: EpochMs | null;
  readonly metric: string;
  /** Of several classes: the class's index, a whole number from 0. */
  readonly value: number;
  /** Domain time at which it became known. */
  readonly at: EpochMs;
  readonly source: string;
  /** A later revision replaces an earlier one; the same revision with the same value is a duplicate. */
  readonly revision: number;
}

export interface LabelledQuery {
  readonly project: ProjectId;
  readonly endpoint: string;
  readonly metric: string;
  /** Bounds on the prediction's time. */
  readonly predicted?: Partial<Interval>;
  /** Bounds on the outcome's arrival. */
  readonly arrived?: Partial<Interval>;
  /** For `scored`: only the scores that this version gave, live or in shadow. Default: whatever answered live. */
  readonly version?: string;
}

/**
 * Predictions beside what turned out to be true.
 *
 * Of several classes each row asks one question, "how probable was what happened?": `score` (`a`, `b`) is the probability
 * that was given to the class that came (0.005, `UNKNOWN_CLASS`, for one that the model did not know, or gave 0), `label` is 1, for it did happen, and
 * `outcome` is its index. So every loss of a probability, log loss as −log(score), means the same for two classes and for
 * many, and who compares losses need not know how many there are. Rates and calibration do: they read `outcome`. Without an outcome
 * yet, the score is the largest probability.
 */
export interface ScoredRows {
  readonly ids: readonly string[];
  readonly predictedAt: Float64Array;
  readonly arrivedAt: Float64Array;
  readonly label: Float64Array;
  readonly score: Float64Array;
  readonly version: readonly string[];
  /** The outcome's value as reported; the same as `label` unless the prediction was of several classes. */
  readonly outcome?: Float64Array;
}

/** See {@link ScoredRows}: `a` and `b` stand for `score`. */
export interface PairedRows {
  readonly ids: readonly string[];
  readonly predictedAt: Float64Array;
  readonly arrivedAt: Float64Array;
  readonly label: Float64Array;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly outcome?: Float64Array;
}

export interface CoverageQuery {
  readonly project: ProjectId;
  readonly endpoint: string;
  readonly metric: string;
  /** Bounds on the prediction's time. */
  readonly predicted: Partial<Interval>;
  /** Only labels that had arrived before that moment. Default: all. */
  readonly known?: EpochMs;
  /** Length of one row's stretch of prediction time, in milliseconds, counted from the lower bound (or from 1970). */
  readonly every: number;
}

/** How many live predictions of one stretch of time, variant and version have a label. */
export interface CoverageRow {
  readonly from: EpochMs;
  readonly variant: string;
  readonly version: string;
  readonly predictions: number;
  readonly labelled: number;
  /** Those whose label was said with another value before. */
  readonly corrected: number;
}

/** How a case is named: by its prediction's id, or by its key and a time. */
export type OutcomeCase = Pick<OutcomeRecord, 'predictionId' | 'key' | 'time'>;

/** What was said of a case so far. */
export interface StatedOutcome {
  readonly value: number;
  readonly revision: number;
}

export interface PredictionCounts {
  readonly live: number;
  readonly shadow: number;
  readonly outcomes: number;
  /** Outcomes that name no known prediction (kept: the prediction may still come). */
  readonly unknownOutcomes: number;
}

/**
 * Durable log of predictions and outcomes. `append…` resolve once the operating system has the bytes (they survive
 * kill -9; a power cut takes at most the last group commit); reads see everything whose append has resolved.
 */
export interface PredictionLog {
  /** Rows of one turn of the event loop share one write. A second live record with a known id is ignored on read. @throws storage_full */
  appendPredictions(records: readonly PredictionRecord[]): Promise<void>;
  /** @throws storage_full */
  appendOutcomes(records: readonly OutcomeRecord[]): Promise<void>;
  /** Waits until the reading side has everything appended so far. */
  flush(): Promise<void>;
  /** Inputs of live predictions in order of (at, id), with columns `$id`, `$at`, `$score`, `$version` first. */
  inputs(query: {
    project: ProjectId;
    endpoint: string;
    schema: Schema;
    predicted: Partial<Interval>;
    /** Only so many, the newest. */
    newest?: number;
  }): Promise<Table>;
  /** Live predictions joined to their latest outcome, in order of (arrivedAt, id). */
  scored(query: LabelledQuery): Promise<ScoredRows>;
  /**
   * Labels with the scores of two versions on the same requests, live or shadow, in order of (arrivedAt, id).
   * `unlabelled`: also the requests that have no label yet (`label` and `arrivedAt` NaN), all in order of (predictedAt, id).
   */
  paired(query: LabelledQuery & { a: string; b: string; unlabelled?: boolean }): Promise<PairedRows>;
  /** Logged inputs joined to labels: a training set. Columns of `schema`, then `$id`, `$at`, `$arrived`, `$label` (the outcome's value); in order of ($at, $id). */
  labelled(query: LabelledQuery & { schema: Schema }): Promise<Table>;
  counts(project: ProjectId, endpoint: string): Promise<PredictionCounts>;
  /** Label coverage of live predictions, in order of (from, variant, version). */
  coverage(query: CoverageQuery): Promise<readonly CoverageRow[]>;
  /**
   * What was said of these cases under one metric: for each the value of its highest revision (of several the one that arrived
   * last), or null. A case named by id and the same one named by key and time are two.
   */
  stated(query: {
    project: ProjectId;
    endpoint: string;
    metric: string;
    cases: readonly OutcomeCase[];
  }): Promise<readonly (StatedOutcome | null)[]>;
  /** The live predictions among these ids, in no order. */
  find(project: ProjectId, endpoint: string, ids: readonly string[]): Promise<readonly PredictionRecord[]>;
  /** The newest predictions, for people. */
  recent(
    project: ProjectId,
    endpoint: string,
    limit: number,
  ): Promise<readonly (PredictionRecord & { readonly label: number | null })[]>;
  /** Removes everything of a project from the reading side; what is still in the log's newest segment is not fed again and goes with that segment. */
  drop(project: ProjectId): Promise<void>;
  close(): Promise<void>;
}

export type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanRecord {
  readonly project: ProjectId;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs;
  readonly status: 'unset' | 'ok' | 'error';
  readonly attributes: Attributes;
}
export interface SpanStore {
  append(spans: readonly SpanRecord[]): Promise<void>;
  select(query: {
    project: ProjectId;
    range: Interval;
    traceId?: string;
    name?: string;
    limit?: number;
  }): Promise<readonly SpanRecord[]>;
}

export interface LogRecord {
  readonly project: ProjectId;
  readonly at: EpochMs;
  readonly severity: number;
  readonly body: string;
  readonly traceId: string | null;
  readonly attributes: Attributes;
}
export interface LogStore {
  append(logs: readonly LogRecord[]): Promise<void>;
  select(query: {
    project: ProjectId;
    range: Interval;
    minSeverity?: number;
    contains?: string;
    limit?: number;
  }): Promise<readonly LogRecord[]>;
}

export interface Matcher {
  readonly label: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}
export interface Sample {
  readonly at: EpochMs;
  readonly value: number;
}
/** A metric's name is its `__name__` label, as in Prometheus. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly Sample[];
}
export interface SeriesStore {
  append(project: ProjectId, series: readonly Series[]): Promise<void>;
  select(query: {
    project: ProjectId;
    matchers: readonly Matcher[];
    range: Interval;
  }): Promise<readonly Series[]>;
}
