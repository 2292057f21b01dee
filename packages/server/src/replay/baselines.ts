import type { BaselineSeries } from '@twinloop/client';
import {
  numbers,
  takeRows,
  type EpochMs,
  type Json,
  type ProjectId,
  type ScoredRows,
  type Table,
  type Task,
} from '@twinloop/kernel';
import { bindModel, decodeDocument, type BoundModel, type FeatureSpec } from '@twinloop/model';
import { logisticShift, meanLoss, meanShift, shownLoss, type LossName } from '@twinloop/stats';
import type { VersionedTrainer } from '@twinloop/loop/building';
import { fromLocal, localTime, nextLocalHour } from '../runtime/zoned-time.js';

const DAY = 864e5;

export interface BaselineInput {
  readonly project: ProjectId;
  readonly task: Task;
  /** What the policies are compared by; months show its figure (squared error: the RMSE). */
  readonly loss: LossName;
  /** First version and replayed rows together, in time order. */
  readonly table: Table;
  readonly time: string;
  readonly label: string;
  readonly arrives: string | undefined;
  readonly features: FeatureSpec;
  readonly parameters: Readonly<Record<string, Json>>;
  readonly seed: number;
  /** Rows before are what the frozen models learn from. */
  readonly from: EpochMs;
  readonly timezone: string;
}

interface Month {
  readonly from: EpochMs;
  readonly rows: Uint32Array;
}

interface Policy {
  readonly name: string;
  readonly title: string;
  readonly algorithm: 'linear' | 'gbt';
  /** `frozen`: trained once; otherwise at every month's start on that much of the past. */
  readonly learns: 'frozen' | number | 'all';
  /** Days of labels that the intercept is refitted on, every day. */
  readonly recalibrate?: number;
}

const POLICIES: readonly Policy[] = [
  { name: 'frozen-linear', title: 'frozen linear', algorithm: 'linear', learns: 'frozen' },
  {
    name: 'frozen-linear-recalibrated',
    title: 'frozen linear, intercept refitted daily on 14 days',
    algorithm: 'linear',
    learns: 'frozen',
    recalibrate: 14,
  },
  {
    name: 'monthly-linear-60d',
    title: 'linear retrained monthly on 60 days',
    algorithm: 'linear',
    learns: 60,
  },
  { name: 'frozen-gbt', title: 'frozen trees', algorithm: 'gbt', learns: 'frozen' },
  { name: 'monthly-gbt-60d', title: 'trees retrained monthly on 60 days', algorithm: 'gbt', learns: 60 },
  { name: 'monthly-gbt-all', title: 'trees retrained monthly on all past', algorithm: 'gbt', learns: 'all' },
];

/** Rows by local month, from `from` on. */
export function monthsOf(at: Float64Array, from: EpochMs, timezone: string): readonly Month[] {
  const months: { from: EpochMs; until: EpochMs; rows: number[] }[] = [];
  for (let row = 0; row < at.length; row++) {
    if (at[row]! < from) continue;
    if (months.length === 0 || at[row]! >= months.at(-1)!.until) {
      const { year, month } = localTime(at[row]!, timezone);
      months.push({
        from: at[row]!,
        until: fromLocal({ year, month: month + 1, day: 1 }, timezone),
        rows: [],
      });
    }
    months.at(-1)!.rows.push(row);
  }
  return months.map(({ from: start, rows }) => ({ from: start, rows: Uint32Array.from(rows) }));
}

/** The mean of the monthly losses without the first month, in which every policy still has the same model. */
export function meanAfterFirst(months: readonly { readonly loss: number }[]): number | null {
  const rest = months.slice(1);
  return rest.length === 0 ? null : rest.reduce((sum, month) => sum + month.loss, 0) / rest.length;
}

/**
 * What simpler policies would have scored on the same rows, so that the loop's figure never stands alone.
 * Every policy learns only from labels that had arrived.
 */
export async function computeBaselines(
  input: BaselineInput,
  trainers: ReadonlyMap<string, VersionedTrainer>,
): Promise<readonly BaselineSeries[]> {
  const at = numbers(input.table, input.time);
  const labels = numbers(input.table, input.label);
  const arrived = input.arrives === undefined ? at : numbers(input.table, input.arrives);
  const months = monthsOf(at, input.from, input.timezone);
  const models = new Map<string, Promise<BoundModel>>();

  const fit = (policy: Policy, start: EpochMs): Promise<BoundModel> => {
    const until = policy.learns === 'frozen' ? input.from : start;
    const since = typeof policy.learns === 'number' ? until - policy.learns * DAY : Number.NEGATIVE_INFINITY;
    const id = `${input.project}/baseline/${policy.algorithm}/${policy.learns}/${until}`;
    let model = models.get(id);
    if (model === undefined) {
      const rows: number[] = [];
      for (let row = 0; row < at.length; row++)
        if (at[row]! >= since && at[row]! < until && arrived[row]! < until) rows.push(row);
      model = train(id, policy.algorithm, takeRows(input.table, rows));
      models.set(id, model);
    }
    return model;
  };

  const train = async (id: string, algorithm: string, table: Table): Promise<BoundModel> => {
    const { trainer } = trainers.get(algorithm)!;
    const parameters = input.parameters[algorithm] ?? {};
    await trainer.start(
      {
        id,
        task: input.task,
        parameters,
        seed: input.seed,
        table,
        label: input.label,
        features: input.features as unknown as Json,
      },
      () => undefined,
    );
    const ended = await trainer.wait(id);
    await trainer.collect(id);
    if (ended.status === 'failed') throw new Error(`${id}: ${ended.reason}`);
    return bindModel(decodeDocument(ended.result.bytes));
  };

  const series: BaselineSeries[] = [];
  for (const policy of POLICIES) {
    const scores = new Float64Array(at.length).fill(Number.NaN);
    for (const month of months) {
      const model = await fit(policy, month.from);
      const predicted = model.predictTable(takeRows(input.table, month.rows));
      month.rows.forEach((row, i) => {
        scores[row] = predicted[i]!;
      });
    }
    const answers =
      policy.recalibrate === undefined
        ? scores
        : recalibrated(scores, {
            at,
            labels,
            arrived,
            timezone: input.timezone,
            days: policy.recalibrate,
            task: input.task,
          });
    const byMonth = months.map(({ from, rows }) => ({
      from,
      n: rows.length,
      loss: figure(
        input.loss,
        Float64Array.from(rows, row => labels[row]!),
        Float64Array.from(rows, row => answers[row]!),
      ),
    }));
    series.push({ name: policy.name, title: policy.title, mean: meanAfterFirst(byMonth), months: byMonth });
  }
  return series;
}

/** The figure of a month that people are shown. */
function figure(loss: LossName, labels: Float64Array, scores: Float64Array): number {
  return shownLoss(loss, meanLoss(loss, labels, scores)).value;
}

/** What the live answers scored, month by month, on the labels that have arrived. */
export function liveSeries(loss: LossName, rows: ScoredRows, timezone: string): BaselineSeries {
  const order = Uint32Array.from({ length: rows.label.length }, (_, i) => i).sort(
    (a, b) => rows.predictedAt[a]! - rows.predictedAt[b]! || a - b,
  );
  const pick = (values: Float64Array): Float64Array => Float64Array.from(order, row => values[row]!);
  const [at, label, score] = [pick(rows.predictedAt), pick(rows.label), pick(rows.score)];
  const months = monthsOf(at, Number.NEGATIVE_INFINITY, timezone).map(month => ({
    from: month.from,
    n: month.rows.length,
    loss: figure(
      loss,
      Float64Array.from(month.rows, row => label[row]!),
      Float64Array.from(month.rows, row => score[row]!),
    ),
  }));
  return { name: 'loop', title: 'the loop', mean: meanAfterFirst(months), months };
}

/** Each local day's scores, shifted by the intercept that fits the labels which arrived in the `days` before it. */
function recalibrated(
  scores: Float64Array,
  rows: {
    at: Float64Array;
    labels: Float64Array;
    arrived: Float64Array;
    timezone: string;
    days: number;
    task: Task;
  },
): Float64Array {
  const { at, labels, arrived, timezone, days, task } = rows;
  const answers = Float64Array.from(scores);
  const byArrival = Uint32Array.from({ length: at.length }, (_, row) => row).sort(
    (a, b) => arrived[a]! - arrived[b]!,
  );
  let oldest = 0;
  let newest = 0;
  let row = scores.findIndex(score => !Number.isNaN(score));
  while (row >= 0 && row < scores.length) {
    const start = at[row]!;
    const next = nextLocalHour(start, 0, timezone);
    let end = row;
    while (end < scores.length && at[end]! < next) end++;
    while (newest < byArrival.length && arrived[byArrival[newest]!]! < start) newest++;
    while (oldest < newest && arrived[byArrival[oldest]!]! < start - days * DAY) oldest++;
    const known = byArrival.subarray(oldest, newest).filter(i => !Number.isNaN(scores[i]!));
    if (known.length >= 50) {
      const seen = Float64Array.from(known, i => labels[i]!);
      const given = Float64Array.from(known, i => scores[i]!);
      if (task === 'regression') {
        const { shift } = meanShift(seen, given);
        for (let i = row; i < end; i++) answers[i] = scores[i]! + shift;
      } else {
        const { shift } = logisticShift(seen, given);
        for (let i = row; i < end; i++)
          answers[i] = 1 / (1 + Math.exp(-(Math.log(scores[i]! / (1 - scores[i]!)) + shift)));
      }
    }
    row = end;
  }
  return answers;
}
