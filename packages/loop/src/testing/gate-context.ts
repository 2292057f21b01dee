import type { ColumnType, Row, Table, Task } from '@twinloop/kernel';
import type { LatencyEvidence } from './limit-gates.js';
import type { PredictionTest } from './predictions/prediction-test.js';

/** Probabilities by class name. */
export type ClassAnswer = ReadonlyMap<string, number>;

type Now<T> = T | Promise<T>;

/** The classes of several: their names, and of each row the index of the true and of the candidate's likeliest one. */
export interface ClassRows {
  readonly names: readonly string[];
  readonly truth: Float64Array;
  readonly predicted: Float64Array;
}

export interface ModelInput {
  readonly name: string;
  readonly type: ColumnType;
}

/** The held-out rows themselves, for gates that look at columns or change inputs. */
export interface HeldOut {
  /** Row i has label i; all columns of the data, those too that are no feature. */
  readonly rows: Table;
  /** Answers of the fit that has not seen these rows: one a row, or of several classes row-major rows × `width`. */
  readonly ask: (rows: Table) => Now<Float64Array>;
  /** Answers a row; 1 unless there are several classes. They are the first of `classes.names`. */
  readonly width: number;
}

/** The model that would serve, asked as clients ask it. */
export interface Served {
  readonly inputs: readonly ModelInput[];
  /** All answers of one row. @throws what the model has against it */
  readonly one: (row: Row) => Now<Float64Array>;
  /** The answers of many rows at once, row-major. */
  readonly many: (rows: readonly Row[]) => Now<Float64Array>;
}

/** How many held-out rows are new to the champion, where they are too few to tell two models apart. */
export interface TooFew {
  readonly fresh: number;
  readonly needed: number;
}

/**
 * What the gates look at. Rows are those held out: one label, one candidate score and one champion score each. Of several
 * classes the scores are the probabilities of the class that came, and the labels 1: losses then mean what they always do.
 */
export interface GateContext {
  readonly task: Task;
  readonly labels: Float64Array;
  readonly classes?: ClassRows;
  /** The candidate's scores for the held-out rows. */
  readonly candidate: Float64Array;
  /** The champion's scores for the same rows; absent when nothing is in service. */
  readonly champion?: Float64Array;
  /** Of several classes: the index of the champion's likeliest one, -1 for one that is not among the names. */
  readonly championPredicted?: Float64Array;
  /** The same, of the rows that are new to the champion: where it is compared, it is compared on these. */
  readonly compared?: GateContext | TooFew;
  /** The hold-out report; figures that are absent are undefined on these rows. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly held?: HeldOut;
  readonly served?: Served;
  /** Scores rows with the model that would serve. May throw a TwinloopError for a row that it cannot read. */
  readonly predict: (rows: readonly Row[]) => Now<Float64Array>;
  /** Of several classes, instead of `predict`: each row's probabilities by class. */
  readonly predictClasses?: (rows: readonly Row[]) => Now<readonly ClassAnswer[]>;
  /** Prediction tests by file, as the gates name it. */
  readonly tests?: Readonly<Record<string, readonly PredictionTest[]>>;
  /** Tests that people made of edge cases of the endpoint. */
  readonly adopted?: readonly PredictionTest[];
  /** Monotonic time in milliseconds. */
  readonly monotonic?: () => number;
  readonly latency?: LatencyEvidence;
  /** Size of the artefact that would serve. */
  readonly bytes: number;
}
