import type { BaselineSeries, Decision, DriftView, MonitorsView, QualityPoint } from '@twinloop/client';
import { lossDecimals } from '../../format/loss.js';
import { counted, fixed, percent, whole } from '../../format/numbers.js';
import { textOf } from '../../live/payload.js';
import type { VerticalMark } from '../../parts/chart/model.js';

/** What matters first: drifted features before others, then by how far beyond what matters, weighted by importance. */
export function ranked(drift: readonly DriftView[]): readonly DriftView[] {
  const weight = (d: DriftView): number => (d.effect / Math.max(d.tolerance, 1e-12)) * d.importance;
  return [...drift].sort(
    (a, b) =>
      Number(b.drifted) - Number(a.drifted) || weight(b) - weight(a) || a.feature.localeCompare(b.feature),
  );
}

/** The sentence's first part: what changed. Weight and consequence have columns of their own. */
export function changeWords(sentence: string): string {
  return sentence.split('; ', 1)[0]!;
}

/** What changed, does it matter? */
export function answerOf(view: MonitorsView): string {
  const moved = ranked(view.drift).filter(d => d.drifted);
  const inputs =
    view.drift.length > 0 && view.drift.every(({ n }) => n === 0)
      ? 'No window holds enough rows yet to say whether the features moved.'
      : moved.length === 0
        ? `All ${whole(view.drift.length)} features are within what matters.`
        : `${counted(moved.length, 'feature')} of ${whole(view.drift.length)} moved by more than matters; ${moved[0]!.feature} weighs most (importance ${percent(moved[0]!.importance, 0)}).`;
  const last = view.quality.at(-1);
  if (last === undefined) return `${inputs} No window of labels has closed yet.`;
  const digits = lossDecimals(last.loss);
  const unit = view.loss.unit === null ? '' : ` ${view.loss.unit}`;
  const mean = (value: number): string =>
    view.task === 'regression' ? `${fixed(value, lossDecimals(value))}${unit} on average` : percent(value, 0);
  return `${inputs} Last week: ${view.loss.title} ${fixed(last.loss, digits)}${unit} [${fixed(last.low, digits)}, ${fixed(last.high, digits)}] over ${counted(last.n, 'label')}; predicted ${mean(last.predicted)}, observed ${mean(last.observed)}.`;
}

export interface MonthLoss {
  readonly from: number;
  readonly loss: number;
  readonly n: number;
}

/**
 * The windows grouped by the month (UTC) in which they start, weighted by their labels. An RMSE is the root of a mean:
 * weeks join by their squares.
 */
export function byMonth(quality: readonly QualityPoint[], metric: string): readonly MonthLoss[] {
  const [mean, shown] =
    metric === 'rmse'
      ? [(loss: number) => loss ** 2, Math.sqrt]
      : [(loss: number) => loss, (loss: number) => loss];
  const months = new Map<number, { loss: number; n: number }>();
  for (const point of quality) {
    const date = new Date(point.from);
    const from = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
    const month = months.get(from) ?? { loss: 0, n: 0 };
    month.loss += mean(point.loss) * point.n;
    month.n += point.n;
    months.set(from, month);
  }
  return [...months]
    .sort((a, b) => a[0] - b[0])
    .filter(([, month]) => month.n > 0)
    .map(([from, { loss, n }]) => ({ from, loss: shown(loss / n), n }));
}

export interface Comparison {
  /** Means of monthly losses over the months that all have; null without any. */
  readonly own: number | null;
  readonly baselines: ReadonlyMap<string, number>;
  readonly months: number;
}

/** The loop against the other policies over the same months: before the year is over theirs reach further. */
export function compared(months: readonly MonthLoss[], baselines: readonly BaselineSeries[]): Comparison {
  const tables = baselines.map(b => new Map(b.months.map(month => [monthKey(month.from), month.loss])));
  const shared = months.filter(month => tables.every(table => table.has(monthKey(month.from))));
  const mean = (losses: readonly number[]): number =>
    losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  if (shared.length === 0) return { own: null, baselines: new Map(), months: 0 };
  return {
    own: mean(shared.map(month => month.loss)),
    baselines: new Map(
      baselines.map((b, i) => [b.name, mean(shared.map(month => tables[i]!.get(monthKey(month.from))!))]),
    ),
    months: shared.length,
  };
}

/** For each window the figure of the month (UTC) that its middle lies in; null where there is none. */
export function monthlyAt(
  quality: readonly QualityPoint[],
  months: BaselineSeries['months'],
): readonly (number | null)[] {
  const losses = new Map(months.map(month => [monthKey(month.from), month.loss]));
  return quality.map(p => losses.get(monthKey((p.from + p.until) / 2)) ?? null);
}

function monthKey(at: number): string {
  return new Date(at).toISOString().slice(0, 7);
}

/** Promotions, recalibrations and retrainings as vertical marks. */
export function changeMarks(decisions: readonly Decision[]): readonly VerticalMark[] {
  return decisions.flatMap((d): readonly VerticalMark[] => {
    if (d.type === 'ModelPromoted') return [{ at: d.at, label: d.sentence, colour: 'ok' }];
    if (d.type === 'ModelRecalibrated') return [{ at: d.at, label: d.sentence, colour: 'accent' }];
    if (d.type === 'AnswerDecided' && textOf(d, 'answer') === 'retrain')
      return [{ at: d.at, label: d.sentence, colour: 'line-strong' }];
    return [];
  });
}
