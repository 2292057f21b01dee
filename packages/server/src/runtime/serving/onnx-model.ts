import { onnxVariant } from '@twinloop/engines';
import {
  DEFAULT_PROJECT,
  rowAt,
  TwinloopError,
  type Principal,
  type Row,
  type Table,
  type VariantEngine,
} from '@twinloop/kernel';

const NEVER = new AbortController().signal;
const SELF: Principal = { kind: 'policy', name: 'loop', role: 'admin' };
/** Rows that one call of the session takes: more would hold its worker for long. */
const BATCH = 512;

export interface OnnxModel {
  score(rows: readonly Row[]): Promise<Float64Array>;
  scoreTable(table: Table): Promise<Float64Array>;
}

/** An ONNX model asked by raw inputs: named scalars, or one tensor of the inputs in their declared order. @throws model_invalid */
export async function openOnnx(bytes: Uint8Array, inputs: readonly string[]): Promise<OnnxModel> {
  const engine = await onnxVariant(bytes, { features: inputs });
  return {
    score: rows => ask(engine, rows),
    async scoreTable(table) {
      const scores = new Float64Array(table.rows);
      for (let from = 0; from < table.rows; from += BATCH) {
        const rows = Array.from({ length: Math.min(BATCH, table.rows - from) }, (_, i) =>
          rowAt(table, from + i),
        );
        scores.set(await ask(engine, rows), from);
      }
      return scores;
    },
  };
}

async function ask(engine: VariantEngine, rows: readonly Row[]): Promise<Float64Array> {
  const answer = await engine.invoke(
    { rows },
    { signal: NEVER, deadline: Number.POSITIVE_INFINITY, project: DEFAULT_PROJECT, principal: SELF },
  );
  if (answer.kind === 'result') return answer.scores;
  throw new TwinloopError('internal', {
    values: { reason: answer.kind === 'failure' ? answer.reason : 'the model answered with a stream' },
  });
}
