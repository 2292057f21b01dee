import type { Row, Task } from '@twinloop/kernel';
import type { LatencyEvidence } from './limit-gates.js';
import type { PredictionTest } from './prediction-test.js';

/** Probabilities by class name. */
export type ClassAnswer = ReadonlyMap<string, number>;

/**
 * What the gates look at. Rows are those held out: one label, one candidate score and one champion score each. Of several
 * classes the scores are the probabilities of the class that came, and the labels 1: losses then mean what they always do.
 */
export interface GateContext {
  readonly task: Task;
  readonly labels: Float64Array;
  /** Of several classes: their names, and of each row the index of the true and of the candidate's likeliest one. */
  readonly classes?: {
    readonly names: readonly string[];
    readonly truth: Float64Array;
    readonly predicted: Float64Array;
  };
  /** The candidate's scores for the held-out rows. */
  readonly candidate: Float64Array;
  /** The champion's scores for the same rows; absent when nothing is in service. */
  readonly champion?: Float64Array;
  /** The hold-out report; figures that are absent are undefined on these rows. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Scores rows with the model that would serve. May throw a TwinloopError for a row that it cannot read. */
  readonly predict: (rows: readonly Row[]) => Float64Array;
  /** Of several classes, instead of `predict`: each row's probabilities by class. */
  readonly predictClasses?: (rows: readonly Row[]) => readonly ClassAnswer[];
  /** Prediction tests by file, as the gates name it. */
  readonly tests?: Readonly<Record<string, readonly PredictionTest[]>>;
  readonly latency?: LatencyEvidence;
  /** Size of the artefact that would serve. */
  readonly bytes: number;
}
