import type { Json, Table } from './scalar.js';

export type Task = 'binary' | 'multiclass' | 'regression';

export interface TrainingJob {
  /** Idempotent: a second `start` with the same id joins the first. Begins with the project: trainers are shared. */
  readonly id: string;
  readonly task: Task;
  readonly parameters: Json;
  readonly seed: number;
  /** Rows in time order, raw columns and the label. */
  readonly table: Table;
  readonly label: string;
  /** The declared features (a `FeatureSpec` of @twinloop/model). */
  readonly features: Json;
}

export interface TrainingResult {
  /** A model document of @twinloop/model (built-in trainers), or an ONNX file. */
  readonly format: 'twinloop-model' | 'onnx';
  readonly bytes: Uint8Array;
  readonly metrics: Readonly<Record<string, number>>;
  /** Feature name → share of the model's importance, summing to 1. */
  readonly importance: Readonly<Record<string, number>>;
  readonly cpuSeconds: number;
}

export type JobState =
  | { readonly status: 'running' }
  | { readonly status: 'done'; readonly result: TrainingResult }
  | { readonly status: 'failed'; readonly reason: string };

/** Something that trains. Every verb is safe to call twice, so a restarted server goes on where it was. */
export interface Trainer {
  readonly name: string;
  start(job: TrainingJob, log: (line: string) => void): Promise<void>;
  /** Resolves when the job has ended. @throws not_found for an unknown id */
  wait(id: string): Promise<Exclude<JobState, { status: 'running' }>>;
  stop(id: string): Promise<void>;
  /** Frees what the job held; its id is unknown afterwards. */
  collect(id: string): Promise<void>;
}
