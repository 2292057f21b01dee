import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  columnOf,
  rowAt,
  TwinloopError,
  type Column,
  type DataFormat,
  type DatasetQuery,
  type Table,
  type Task,
} from '@twinloop/kernel';
import type { ModelInput } from '../app.js';
import type { BatchRow, ScoredRow } from './row-scorer.js';

/** Rows that are read, answered and written together. */
const PIECE = 2000;
/** Longer keys are named by their hash: an id has its limit. */
const LONGEST_KEY = 200;

export interface FileRequest {
  /** Names the batch; prediction ids derive from it and from the row's key or position. */
  readonly batch: string;
  readonly input: { readonly path: string; readonly format: DataFormat };
  readonly output: { readonly path: string; readonly format: DataFormat };
  readonly key: string | undefined;
  readonly unit: string | undefined;
  readonly timezone: string;
  readonly inputs: readonly ModelInput[];
  /** Adds the class that a probability of one half and more means; of several classes the likeliest by name. */
  readonly task: Task;
}

export interface FilePorts {
  readonly query: DatasetQuery;
  readonly score: (rows: readonly BatchRow[]) => Promise<readonly ScoredRow[]>;
  /** Hears how many rows are written. It may throw to end the batch. */
  readonly progress: (rows: number) => void;
}

/**
 * Answers the rows of a file into another file: its columns, then `prediction` (and `class`), `model` and
 * `prediction_id`. Streams: memory holds one piece.
 * @returns the number of rows, and the model that answered last
 * @throws dataset_column_missing · input_value · dataset_unreadable · file_unwritable
 */
export async function scoreFile(
  { query, score, progress }: FilePorts,
  request: FileRequest,
): Promise<{ readonly rows: number; readonly model: string; readonly version: number }> {
  const { batch, input, output, key, unit, timezone, inputs, task } = request;
  const text = [...inputs.filter(({ type }) => type === 'string').map(({ name }) => name)];
  const types = Object.fromEntries(text.map(name => [name, 'string' as const]));
  const writer = await query.create(output.path, output.format);
  let rows = 0;
  let last: ScoredRow | undefined;
  try {
    await query.scan(input.path, { format: input.format, timezone, types }, PIECE, async piece => {
      checkColumns(piece, request);
      const lines = Array.from({ length: piece.rows }, (_, i): BatchRow => {
        const whole = rowAt(piece, i);
        const textOf = (column: string | undefined): string | null =>
          column === undefined || whole[column] === null ? null : String(whole[column]);
        const name = textOf(key);
        return {
          id: `${batch}/${shortKey(name ?? `#${rows + i + 1}`)}`,
          key: name,
          unitKey: textOf(unit),
          row: Object.fromEntries(inputs.map(({ name: column }) => [column, whole[column] ?? null])),
        };
      });
      const scored = await score(lines);
      await writer.write(withAnswers(piece, lines, scored, task));
      rows += piece.rows;
      last = scored.at(-1) ?? last;
      progress(rows);
    });
    await writer.close();
  } catch (error) {
    await writer.abort();
    throw error;
  }
  return { rows, model: last!.model, version: last!.version };
}

const ADDED = ['prediction', 'class', 'model', 'prediction_id'];

function checkColumns(piece: Table, { inputs, key, unit, input, task }: FileRequest): void {
  const found = piece.columns.map(({ name }) => name);
  const wanted = [...inputs.map(({ name }) => name), ...[key, unit].flatMap(name => name ?? [])];
  const missing = wanted.find(name => !found.includes(name));
  if (missing !== undefined) {
    throw new TwinloopError('dataset_column_missing', {
      field: missing,
      values: { column: missing, dataset: input.path, found: found.join(', ') },
    });
  }
  for (const { name, type } of inputs) {
    const column = columnOf(piece, name)!;
    if (type === 'string' || column.type !== 'string') continue;
    const wrong = column.values.find(value => value !== null);
    if (wrong !== undefined) {
      throw new TwinloopError('input_value', {
        field: name,
        values: { input: name, actual: JSON.stringify(wrong), expected: 'a number' },
      });
    }
  }
  const taken = ADDED.filter(name => task !== 'regression' || name !== 'class').find(name =>
    found.includes(name),
  );
  if (taken !== undefined) {
    throw new TwinloopError('invalid_request', {
      field: taken,
      values: { reason: `the input has a column ${taken} already` },
      hint: `The output adds ${ADDED.join(', ')}: name the column otherwise.`,
    });
  }
}

function withAnswers(
  piece: Table,
  lines: readonly BatchRow[],
  scored: readonly ScoredRow[],
  task: Task,
): Table {
  const added: Column[] = [
    { name: 'prediction', type: 'number', values: Float64Array.from(scored, ({ score }) => score) },
    ...classColumn(scored, task),
    { name: 'model', type: 'string', values: scored.map(({ model }) => model) },
    { name: 'prediction_id', type: 'string', values: lines.map(({ id }) => id) },
  ];
  return { rows: piece.rows, columns: [...piece.columns, ...added] };
}

function classColumn(scored: readonly ScoredRow[], task: Task): readonly Column[] {
  switch (task) {
    case 'regression':
      return [];
    case 'multiclass':
      return [{ name: 'class', type: 'string', values: scored.map(({ output }) => output ?? null) }];
    case 'binary': {
      const values = Float64Array.from(scored, ({ score }) => (score >= 0.5 ? 1 : 0));
      return [{ name: 'class', type: 'boolean', values }];
    }
  }
}

function shortKey(key: string): string {
  return key.length <= LONGEST_KEY ? key : createHash('sha256').update(key).digest('hex');
}

/** Hash of a file's content. @throws dataset_file_missing */
export async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (cause) {
    throw new TwinloopError('dataset_file_missing', { values: { file: path }, cause });
  }
  return hash.digest('hex');
}
