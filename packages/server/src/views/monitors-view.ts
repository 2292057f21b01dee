import type {
  AlarmView,
  BaselineSeries,
  DriftView,
  EarlyWarningView,
  MonitorsView,
  QualityPoint,
} from '@twinloop/client';
import { columnOf, type Entry, type ScoredRows, type Table } from '@twinloop/kernel';
import { driftTools } from '@twinloop/loop/monitoring';
import { lossesOf, meanInterval, rocAuc, shownLoss } from '@twinloop/stats';
import { watchedLoss } from '../config/by-task.js';
import type { ProjectConfig } from '../config/project-config.js';
import type { DriftLook } from '../runtime/monitoring/drift-watch.js';
import { lossName } from './loss-view.js';

const WEEK = 7 * 864e5;
const BINS = 24;
const LEVELS = 12;

/** Drift of every input now, with its distribution then and now, most important first. */
export function driftViews(
  config: ProjectConfig,
  { reference, inputs: current, findings }: DriftLook,
  history: ReadonlyMap<string, DriftView['history']>,
): readonly DriftView[] {
  const report = findings ?? [];
  return reference.columns
    .map((column): DriftView => {
      const found = report.filter(shift => shift.column === column.name);
      const main = found.find(shift => shift.subject === column.name) ?? found[0];
      const drifted = found.some(shift => shift.signal !== null);
      return {
        feature: column.name,
        type: column.type === 'number' ? 'numeric' : 'categorical',
        importance: reference.importance[column.name] ?? 0,
        effect: main?.effect ?? 0,
        tolerance: config.monitors.drift.matters,
        adjustedP: main?.adjustedP ?? null,
        n: main?.n ?? 0,
        drifted,
        sentence: (found.find(shift => shift.signal !== null) ?? main)?.sentence ?? 'no rows in the window',
        history: history.get(column.name) ?? [],
        distribution:
          column.type === 'number'
            ? densities(column.values, current, column.name)
            : column.type === 'category'
              ? shares(column.counts, current, column.name)
              : // A text has no levels; its sentence names the word that moved.
                { labels: [], reference: [], current: [] },
      };
    })
    .sort(
      (a, b) =>
        Number(b.drifted) - Number(a.drifted) ||
        b.importance * b.effect - a.importance * a.effect ||
        (a.feature < b.feature ? -1 : 1),
    );
}

function densities(reference: readonly number[], current: Table, name: string): DriftView['distribution'] {
  const column = columnOf(current, name);
  const now =
    column === undefined || column.type === 'string'
      ? []
      : Array.from(column.values.filter(value => !Number.isNaN(value)));
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of [reference, now]) {
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (!(low <= high)) return { labels: [], edges: [], reference: [], current: [] };
  const width = (high - low || 1) / BINS;
  const edges = Array.from({ length: BINS + 1 }, (_, i) => low + i * width);
  const share = (values: readonly number[]): number[] => {
    const counts = new Array<number>(BINS).fill(0);
    for (const value of values)
      counts[Math.min(BINS - 1, Math.floor((value - low) / width))]! += 1 / values.length;
    return counts;
  };
  return {
    labels: edges.slice(0, -1).map(edge => edge.toPrecision(3)),
    edges,
    reference: share(reference),
    current: share(now),
  };
}

function shares(
  reference: Readonly<Record<string, number>>,
  current: Table,
  name: string,
): DriftView['distribution'] {
  const column = columnOf(current, name);
  const now: Record<string, number> = {};
  for (const value of column?.values ?? []) {
    const level = value === null || Number.isNaN(value) ? '(missing)' : String(value);
    now[level] = (now[level] ?? 0) + 1;
  }
  const total = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((sum, count) => sum + count, 0) || 1;
  const [before, after] = [total(reference), total(now)];
  const labels = [...new Set([...Object.keys(reference), ...Object.keys(now)])]
    .sort(
      (a, b) =>
        (reference[b] ?? 0) / before +
          (now[b] ?? 0) / after -
          (reference[a] ?? 0) / before -
          (now[a] ?? 0) / after || (a < b ? -1 : 1),
    )
    .slice(0, LEVELS);
  return {
    labels,
    reference: labels.map(label => (reference[label] ?? 0) / before),
    current: labels.map(label => (now[label] ?? 0) / after),
  };
}

/** How far each input was from its training data in past windows, out of the signals in the ledger. */
export function driftHistory(entries: readonly Entry[]): Map<string, DriftView['history']> {
  const history = new Map<string, { at: number; effect: number; drifted: boolean }[]>();
  for (const entry of entries) {
    if (entry.type !== 'SignalRaised' || !entry.payload.signal.monitor.startsWith('drift/')) continue;
    const { subject, evidence } = entry.payload.signal;
    const points = history.get(subject) ?? [];
    points.push({ at: entry.at, effect: evidence.value, drifted: true });
    history.set(subject, points);
  }
  return history;
}

/** Loss, discrimination, and means of labels and answers by week of prediction, on the labels that have arrived. */
export function qualityPoints(
  config: ProjectConfig,
  rows: ScoredRows,
  from: number,
): readonly QualityPoint[] {
  const loss = watchedLoss(config);
  const shown = (mean: number): number => shownLoss(loss, mean).value;
  const weeks = new Map<number, number[]>();
  rows.predictedAt.forEach((at, row) => {
    const week = Math.floor((at - from) / WEEK);
    const members = weeks.get(week);
    if (members === undefined) weeks.set(week, [row]);
    else members.push(row);
  });
  return [...weeks]
    .sort(([a], [b]) => a - b)
    .map(([week, members]): QualityPoint => {
      const labels = Float64Array.from(members, row => rows.label[row]!);
      const scores = Float64Array.from(members, row => rows.score[row]!);
      const { mean, low, high } = meanInterval(lossesOf(loss, labels, scores), 0.95);
      const auc = config.train.task === 'binary' ? rocAuc(labels, scores) : Number.NaN;
      const n = members.length;
      return {
        from: from + week * WEEK,
        until: from + (week + 1) * WEEK,
        n,
        loss: shown(mean),
        low: shown(Number.isFinite(low) ? low : mean),
        high: shown(Number.isFinite(high) ? high : mean),
        auc: Number.isNaN(auc) ? null : auc,
        observed: labels.reduce((sum, label) => sum + label, 0) / n,
        predicted: scores.reduce((sum, score) => sum + score, 0) / n,
      };
    });
}

type Warning = Extract<Entry, { type: 'SignalRaised' }>;

function earlyWarnings(warnings: readonly Warning[]): readonly EarlyWarningView[] {
  return warnings
    .map(({ at, payload: { signal } }): EarlyWarningView => {
      const { kind, sentence, evidence } = signal;
      return { stream: kind === 'model-drift' ? 'errors' : 'inputs', at, sentence, evidence };
    })
    .reverse();
}

export function monitorsView(parts: {
  config: ProjectConfig;
  endpoint: string;
  model: string;
  look: DriftLook;
  drift: readonly DriftView[];
  quality: readonly QualityPoint[];
  baselines: readonly BaselineSeries[];
  alarms: readonly AlarmView[];
  warnings: readonly Warning[];
}): MonitorsView {
  const { config, endpoint, model, look, drift, quality, baselines, alarms, warnings } = parts;
  return {
    endpoint,
    task: config.train.task,
    loss: lossName(config),
    reference: { model, rows: look.reference.rows },
    drift,
    causes: driftTools.driftCauses(look.findings ?? [], look.expected),
    quality,
    baselines,
    alarms,
    early: earlyWarnings(warnings),
  };
}
