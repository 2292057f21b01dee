import {
  classIndices,
  columnOf,
  numbers,
  probabilityOfTruth,
  takeRows,
  type ColumnType,
  type DatasetQuery,
  type Row,
  type Table,
  type Verdict,
} from '@twinloop/kernel';
import type { JudgedCandidate } from '@twinloop/loop/building';
import { likeliest } from '@twinloop/stats';
import { judgeGates, type GateContext, type GatesConfig, type PredictionTest } from '@twinloop/loop/testing';
import type { ProjectConfig } from '../../config/project-config.js';
import { readTestFiles } from './prediction-tests.js';
import { servedModel } from './served-model.js';
import { timePredictions } from './time-predictions.js';

export interface Champion {
  readonly model: string;
  /** Its training knew labels that had arrived before. */
  readonly trainedAt: number;
  /** In the order of a row's answers; empty for models of one score. */
  readonly classes: readonly string[];
  scoreTable(table: Table): Float64Array | Promise<Float64Array>;
}

export interface JudgePorts {
  readonly config: ProjectConfig;
  readonly directory: string;
  readonly datasets: DatasetQuery;
  readonly champion: Champion | undefined;
  readonly monotonic: () => number;
  readonly label: string;
  readonly times: string | undefined;
  readonly arrives: string | undefined;
  /** Tests that people made of edge cases of the endpoint. */
  readonly adopted: readonly PredictionTest[];
  /** Instead of the declared ones. */
  readonly gates?: GatesConfig;
  /** Instead of what the gates' files hold. */
  readonly tests?: Readonly<Record<string, readonly PredictionTest[]>>;
}

/** Fewer rows cannot tell two models apart; the shadow comparison on live traffic then has the only word. */
const FEWEST_FRESH_ROWS = 200;

/** Gates as `building` asks for them: `testing` judges, this gathers what it needs. */
export function judgeCandidate(
  ports: JudgePorts,
): (candidate: JudgedCandidate) => Promise<readonly Verdict[]> {
  return async candidate => {
    const gates = ports.gates ?? ports.config.gates;
    const context = await gatherContext(ports, gates, candidate);
    const compared = await comparedContext(ports, gates, context, candidate.rows);
    return judgeGates(gates, { ...context, ...(compared === undefined ? {} : { compared }) });
  };
}

/** Types of the inputs, as the data has them. */
export function inputTypes(inputs: readonly string[], rows: Table): Readonly<Record<string, ColumnType>> {
  return Object.fromEntries(
    inputs.flatMap(name => {
      const column = columnOf(rows, name);
      return column === undefined ? [] : [[name, column.type] as const];
    }),
  );
}

/** Everything but the champion. */
async function gatherContext(
  { config, directory, datasets, monotonic, adopted, tests }: JudgePorts,
  gates: GatesConfig,
  { rows, labels, scores, refit, holdout, classes, metrics }: JudgedCandidate,
): Promise<GateContext> {
  const { inputs } = config.features;
  const served = servedModel(refit, { inputs, rows });
  const names = served.classes;
  return {
    task: config.train.task,
    labels,
    candidate: scores,
    metrics,
    adopted,
    served,
    monotonic,
    held: {
      rows,
      width: holdout.model.classes?.length ?? 1,
      ask: asked => holdout.model.predict(asked),
    },
    tests:
      tests ?? (await readTestFiles({ gates }, { directory, datasets, types: inputTypes(inputs, rows) })),
    bytes: refit.bytes.length,
    ...(classes === undefined
      ? {}
      : {
          classes,
          predictClasses: async (asked: readonly Row[]) => {
            const answers: Map<string, number>[] = [];
            for (const row of asked) {
              const probabilities = await served.one(row);
              answers.push(new Map(names.map((name, c) => [name, probabilities[c]!])));
            }
            return answers;
          },
        }),
    predict: async asked => {
      const answers = new Float64Array(asked.length);
      for (const [i, row] of asked.entries()) answers[i] = (await served.one(row))[0]!;
      return answers;
    },
    ...(gates.some(({ gate }) => gate === 'latency')
      ? { latency: await timePredictions(monotonic, rows, served.score) }
      : {}),
  };
}

const comparing = (gates: GatesConfig): boolean =>
  gates.some(
    gate =>
      gate.gate === 'champion' ||
      (gate.gate === 'metric' && gate.against === 'champion') ||
      (gate.gate === 'slices' && gate.against === 'champion'),
  );

/**
 * The rows that are new to the champion, with its answers. It may have learned from the older held-out rows: on those it
 * would be flattered. Undefined when nothing serves, or no gate asks.
 */
async function comparedContext(
  ports: JudgePorts,
  gates: GatesConfig,
  context: GateContext,
  rows: Table,
): Promise<GateContext['compared']> {
  const { champion } = ports;
  if (champion === undefined || !comparing(gates)) return undefined;
  const fresh = freshRows(rows, ports, champion);
  if (fresh.length < FEWEST_FRESH_ROWS) return { fresh: fresh.length, needed: FEWEST_FRESH_ROWS };
  const pick = (values: Float64Array): Float64Array => Float64Array.from(fresh, row => values[row]!);
  const own = takeRows(rows, fresh);
  const answers = await champion.scoreTable(own);
  const { classes, held } = context;
  return {
    ...context,
    labels: pick(context.labels),
    candidate: pick(context.candidate),
    ...(held === undefined ? {} : { held: { ...held, rows: own } }),
    ...(classes === undefined
      ? { champion: answers }
      : {
          classes: { ...classes, truth: pick(classes.truth), predicted: pick(classes.predicted) },
          champion: probabilityOfTruth(answers, champion.classes, columnOf(own, ports.label)!),
          championPredicted: predictedBy(champion, answers, classes.names),
        }),
  };
}

/** The champion's likeliest class of each row, as an index into the candidate's names. */
function predictedBy({ classes }: Champion, answers: Float64Array, names: readonly string[]): Float64Array {
  const k = classes.length;
  const values = Array.from(
    { length: answers.length / k },
    (_, row) => classes[likeliest(answers, row * k, k)]!,
  );
  return classIndices({ name: 'predicted', type: 'string', values }, names);
}

function freshRows(rows: Table, ports: JudgePorts, champion: Champion): number[] {
  const column = ports.arrives ?? ports.times;
  if (column === undefined) return Array.from({ length: rows.rows }, (_, row) => row);
  const known = numbers(rows, column);
  const fresh: number[] = [];
  for (let row = 0; row < rows.rows; row++) if (known[row]! >= champion.trainedAt) fresh.push(row);
  return fresh;
}
