import type { EpochMs, Interval, PredictionLog, ProjectId, Schema, Table } from '@twinloop/kernel';
import { numbers, strings } from '@twinloop/kernel';

/** Live answers in order of time, with what is known of each by now. */
export interface Answers {
  readonly rows: number;
  readonly ids: readonly string[];
  readonly at: Float64Array;
  readonly version: readonly string[];
  /** What was answered; of several classes the probability of the one that came, the largest where none is known. */
  readonly score: Float64Array;
  /** NaN where there is no label. Of several classes 1. */
  readonly label: Float64Array;
  /** When the label became known; NaN where none has. */
  readonly arrived: Float64Array;
  /** Of several classes its number; else the label. */
  readonly outcome: Float64Array;
  /** The asked inputs. */
  readonly inputs: Table;
}

export interface AnswersQuery {
  readonly project: ProjectId;
  readonly endpoint: string;
  readonly metric: string;
  readonly schema: Schema;
  readonly predicted: Partial<Interval>;
  /** Labels that had arrived by then. */
  readonly known: EpochMs;
  /** Only so many, the newest. */
  readonly newest?: number;
}

/** Reads answers with their labels: two queries, joined here. */
export async function readAnswers(
  log: Pick<PredictionLog, 'inputs' | 'scored'>,
  { project, endpoint, metric, schema, predicted, known, newest }: AnswersQuery,
): Promise<Answers> {
  const table = await log.inputs({
    project,
    endpoint,
    schema,
    predicted,
    ...(newest === undefined ? {} : { newest }),
  });
  const at = numbers(table, '$at');
  const ids = strings(table, '$id') as readonly string[];
  const score = numbers(table, '$score').slice();
  const label = new Float64Array(table.rows).fill(Number.NaN);
  const outcome = label.slice();
  const arrived = label.slice();
  if (table.rows > 0) {
    const labelled = await log.scored({
      project,
      endpoint,
      metric,
      // What `newest` left out need not be read either.
      predicted: { ...predicted, from: at[0]! },
      arrived: { until: known + 1 },
    });
    const places = new Map(ids.map((id, row) => [id, row]));
    labelled.ids.forEach((id, i) => {
      const row = places.get(id);
      if (row === undefined) return;
      label[row] = labelled.label[i]!;
      outcome[row] = (labelled.outcome ?? labelled.label)[i]!;
      score[row] = labelled.score[i]!;
      arrived[row] = labelled.arrivedAt[i]!;
    });
  }
  return {
    rows: table.rows,
    ids,
    at,
    version: strings(table, '$version') as readonly string[],
    score,
    label,
    arrived,
    outcome,
    inputs: { rows: table.rows, columns: table.columns.filter(({ name }) => !name.startsWith('$')) },
  };
}
