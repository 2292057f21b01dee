import type { ModelRecord, Row, Table } from '@twinloop/kernel';
import type { ModelDocument } from '@twinloop/model';
import type { ModelInput } from '../../app.js';

/** A model ready to answer. Built-in models answer synchronously, so that a prediction costs no turn of the event loop. */
export interface ShelvedModel {
  readonly record: ModelRecord;
  /** Absent for ONNX models from outside. */
  readonly document: ModelDocument | undefined;
  readonly inputs: readonly ModelInput[];
  readonly importance: Readonly<Record<string, number>>;
  /** In the order of a row's probabilities; empty for models of one score. */
  readonly classes: readonly string[];
  /** Each class's number in the project's book. */
  readonly numbers: readonly number[];
  /** One score a row; of several classes row-major rows × classes. */
  score(rows: readonly Row[]): Float64Array | Promise<Float64Array>;
  scoreTable(table: Table): Float64Array | Promise<Float64Array>;
}
