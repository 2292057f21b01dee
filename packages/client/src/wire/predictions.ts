/** Wire types of predictions made elsewhere (`POST /predictions`) and of batches (`POST /endpoints/:endpoint/batches`). */

/** One prediction of another system; inputs may also stand flat beside the other fields. */
export interface PredictionInput {
  readonly id: string;
  /** ISO time or epoch milliseconds; when absent, its arrival. */
  readonly at?: number | string;
  readonly version?: string;
  /** A probability or a value. */
  readonly score?: number;
  readonly value?: number;
  readonly class?: boolean | number | string;
  readonly inputs?: Readonly<Record<string, number | string | boolean | null>>;
  readonly key?: string;
  readonly unitKey?: string;
  readonly variant?: string;
  readonly latencyMs?: number;
}

/** Everything that was sent is durable; refusals are an error `rows_refused` or `prediction_conflict` instead. */
export interface PredictionsReceipt {
  readonly accepted: number;
  /** Those that were there already with the same content. */
  readonly duplicates: number;
}

/** `POST /endpoints/:endpoint/batches`: files on the server's machine, relative to the project file. */
export interface BatchInput {
  readonly input: string;
  /** CSV, Parquet or JSON Lines, by its extension. */
  readonly output: string;
  /** The column that names a row; outcomes may be sent by it. Default: its position. */
  readonly key?: string;
  /** The column of the unit that keeps its variant. Default: the row. */
  readonly unit?: string;
}

/** `GET /endpoints/:endpoint/batches`: those since the server started, newest first. */
export interface BatchView {
  readonly batch: string;
  readonly input: string;
  readonly output: string;
  readonly state: 'running' | 'done' | 'failed';
  /** Rows written so far. */
  readonly rows: number;
  readonly startedAt: number;
  readonly model: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}
