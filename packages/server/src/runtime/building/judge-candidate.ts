import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import {
  canonicalJson,
  columnOf,
  numbers,
  probabilityOfTruth,
  rowAt,
  takeRows,
  tableFromRows,
  toTwinloopError,
  TwinloopError,
  type Row,
  type Schema,
  type Table,
  type Verdict,
} from '@twinloop/kernel';
import type { JudgedCandidate } from '@twinloop/loop/building';
import { bindModel, decodeDocument, type Lookups } from '@twinloop/model';
import { judgeGates, predictionTestsSchema, type PredictionTest } from '@twinloop/loop/testing';
import type { ProjectConfig } from '../../config/project-config.js';

export interface Champion {
  readonly model: string;
  /** Its training knew labels that had arrived before. */
  readonly trainedAt: number;
  /** In the order of a row's answers; empty for models of one score. */
  readonly classes: readonly string[];
  scoreTable(table: Table): Float64Array | Promise<Float64Array>;
}

interface JudgePorts {
  readonly config: ProjectConfig;
  readonly directory: string;
  readonly champion: Champion | undefined;
  readonly monotonic: () => number;
  readonly lookups: Lookups;
  readonly label: string;
  readonly times: string | undefined;
  readonly arrives: string | undefined;
}

/** Fewer rows cannot tell two models apart; the shadow comparison on live traffic then has the only word. */
const FEWEST_FRESH_ROWS = 200;
const WARM_UP = 200;
const TIMED = 1000;

/** Gates as `building` asks for them: `testing` judges, this gathers what it needs. */
export function judgeCandidate(
  ports: JudgePorts,
): (candidate: JudgedCandidate) => Promise<readonly Verdict[]> {
  return async candidate => {
    const { config, champion } = ports;
    const { rows, labels, scores, refit } = candidate;
    const { classes } = candidate;
    const score = classes === undefined ? rowScorer(candidate, ports.lookups) : undefined;
    const ask = classes === undefined ? undefined : classAsker(candidate, ports.lookups);
    const tests = await predictionTests(config, ports.directory);
    const context = {
      task: config.train.task,
      labels,
      candidate: scores,
      metrics: candidate.metrics,
      tests,
      bytes: refit.bytes.length,
      ...(classes === undefined ? {} : { classes }),
      ...(ask === undefined ? {} : { predictClasses: (asked: readonly Row[]) => asked.map(ask) }),
      predict: await answered(score === undefined ? [] : Object.values(tests).flat(), score ?? noScore),
      latency: await measure(ports, rows, score ?? (row => ask!(row).size)),
    };
    const plain = config.gates.filter(gate => gate.gate !== 'champion');
    const against = config.gates.filter(gate => gate.gate === 'champion');
    const verdicts = judgeGates(plain, context);
    if (against.length === 0) return verdicts;
    if (champion === undefined) return [...verdicts, ...judgeGates(against, context)];
    // The champion may have learned from the older held-out rows: on those it would be flattered.
    const fresh = freshRows(rows, ports, champion);
    if (fresh.length < FEWEST_FRESH_ROWS) {
      return [
        ...verdicts,
        ...against.map(
          (): Verdict => ({
            gate: 'champion',
            status: 'pass',
            evidence: [],
            reason: `only ${fresh.length} held-out rows are new to the champion (${FEWEST_FRESH_ROWS} needed); the shadow comparison decides`,
          }),
        ),
      ];
    }
    const pick = (values: Float64Array): Float64Array => Float64Array.from(fresh, row => values[row]!);
    return [
      ...verdicts,
      ...judgeGates(against, {
        ...context,
        labels: pick(labels),
        candidate: pick(scores),
        ...(classes === undefined
          ? {}
          : {
              classes: {
                ...classes,
                truth: pick(classes.truth),
                predicted: pick(classes.predicted),
              },
            }),
        champion: await championScores(champion, takeRows(rows, fresh), ports.label),
      }),
    ];
  };
}

type RowScorer = (row: Row) => number | Promise<number>;

/** One row at a time, as a request comes: built-in models through the evaluator that would serve them. */
function rowScorer({ refit, rows }: JudgedCandidate, lookups: Lookups): RowScorer {
  if (refit.format === 'twinloop-model') {
    const bound = bindModel(decodeDocument(refit.bytes), { lookups });
    return row => bound.predictRow(row);
  }
  const schema: Schema = rows.columns.map(({ name, type }) => ({ name, type, nullable: true }));
  return async row => (await refit.model.predict(tableFromRows(schema, [row])))[0]!;
}

const noScore = (): number => Number.NaN;

/** One row at a time through the evaluator that would serve it: probabilities by class. Only built-in models have several. */
function classAsker({ refit }: JudgedCandidate, lookups: Lookups): (row: Row) => ReadonlyMap<string, number> {
  const bound = bindModel(decodeDocument(refit.bytes), { lookups });
  const out = new Float64Array(bound.outputs);
  return row => {
    bound.predictInto(row, out, 0);
    return new Map(bound.classes.map((name, c) => [name, out[c]!]));
  };
}

/** The champion's scores, of several classes its probability of the one that came. */
async function championScores(champion: Champion, rows: Table, label: string): Promise<Float64Array> {
  const answers = await champion.scoreTable(rows);
  if (champion.classes.length === 0) return answers;
  return probabilityOfTruth(answers, champion.classes, columnOf(rows, label)!);
}

/** The rows of the prediction tests, scored beforehand: gates are pure and do not wait. */
async function answered(
  tests: readonly PredictionTest[],
  score: RowScorer,
): Promise<(rows: readonly Row[]) => Float64Array> {
  const answers = new Map<string, number | TwinloopError>();
  for (const test of tests) {
    for (const row of test.kind === 'known'
      ? [test.inputs]
      : [test.inputs, { ...test.inputs, ...test.change }]) {
      try {
        answers.set(canonicalJson(row), await score(row));
      } catch (error) {
        answers.set(canonicalJson(row), toTwinloopError(error));
      }
    }
  }
  return rows =>
    Float64Array.from(rows, row => {
      const answer = answers.get(canonicalJson(row));
      if (typeof answer === 'number') return answer;
      throw (
        answer ??
        new TwinloopError('internal', {
          values: { reason: 'a row was asked about that no prediction test holds' },
        })
      );
    });
}

function freshRows(rows: Table, ports: JudgePorts, champion: Champion): number[] {
  const column = ports.arrives ?? ports.times;
  if (column === undefined) return Array.from({ length: rows.rows }, (_, row) => row);
  const known = numbers(rows, column);
  const fresh: number[] = [];
  for (let row = 0; row < rows.rows; row++) if (known[row]! >= champion.trainedAt) fresh.push(row);
  return fresh;
}

/** Times single rows through the model that would serve. */
async function measure(
  { monotonic }: JudgePorts,
  rows: Table,
  score: RowScorer,
): Promise<{ p50: number; p99: number; n: number }> {
  const sample = Array.from({ length: Math.min(rows.rows, 200) }, (_, row) => rowAt(rows, row));
  const times = new Float64Array(TIMED);
  for (let i = -WARM_UP; i < TIMED; i++) {
    const started = monotonic();
    const answer = score(sample[(i + WARM_UP) % sample.length]!);
    if (typeof answer !== 'number') await answer;
    if (i >= 0) times[i] = monotonic() - started;
  }
  times.sort();
  return { p50: times[TIMED >> 1]!, p99: times[Math.floor(TIMED * 0.99)]!, n: TIMED };
}

const validate = new Ajv2020({ useDefaults: true, allErrors: true, strict: false }).compile<PredictionTest[]>(
  predictionTestsSchema,
);

/** Prediction tests by file, as the gates name it. */
async function predictionTests(
  config: ProjectConfig,
  directory: string,
): Promise<Readonly<Record<string, readonly PredictionTest[]>>> {
  const files = config.gates.flatMap(gate => (gate.gate === 'predictions' ? [gate.file] : []));
  const read = await Promise.all(
    files.map(async file => [file, await readTests(resolve(directory, file), file)] as const),
  );
  return Object.fromEntries(read);
}

async function readTests(path: string, file: string): Promise<readonly PredictionTest[]> {
  let value: unknown;
  try {
    value = parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new TwinloopError('dataset_unreadable', {
      field: 'gates',
      values: { file, format: 'YAML', reason: error instanceof Error ? error.message : String(error) },
      cause: error,
    });
  }
  if (validate(value)) return value;
  const details = (validate.errors ?? []).map(({ instancePath, message }) => ({
    field: instancePath,
    message: message ?? 'is not valid',
  }));
  throw new TwinloopError('project_invalid', { values: { file, count: details.length }, details });
}
