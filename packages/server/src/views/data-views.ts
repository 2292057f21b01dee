import type {
  ColumnProfileView,
  DatasetDetail,
  DatasetVersionView,
  ModelView,
  RunDetail,
  RunView,
} from '@twinloop/client';
import type { DatasetVersionRecord, ExpectationFinding, ModelRecord, RunRecord } from '@twinloop/kernel';
import type { DatasetProfile } from '@twinloop/loop/data';

export function datasetView(record: DatasetVersionRecord, checked: number): DatasetVersionView {
  const { dataset, version, rows, schema, source, parent, createdAt, status, findings } = record;
  return {
    dataset,
    version,
    rows,
    columns: schema,
    source,
    parent,
    createdAt,
    status,
    checked,
    findings: findings as unknown as readonly ExpectationFinding[],
  };
}

export function datasetDetail(record: DatasetVersionRecord, checked: number): DatasetDetail {
  const profile = record.profile as unknown as DatasetProfile;
  return { ...datasetView(record, checked), profile: profile.columns.map(columnView) };
}

export function columnView(column: DatasetProfile['columns'][number]): ColumnProfileView {
  const { name, type, count, missing, distinct } = column;
  const common = {
    name,
    type,
    count,
    missing,
    distinct,
    ...(column.distinctError === undefined ? {} : { distinctError: column.distinctError }),
  };
  if (column.type === 'string') return { ...common, categorical: { top: column.top, other: column.other } };
  const { min, max, mean, std, quantiles, histogram, rankError } = column;
  // A column without values has no figures: its card says so by their absence.
  if (min === null || max === null || mean === null) return common;
  const known = (value: number | null): number => value ?? Number.NaN;
  return {
    ...common,
    numeric: {
      min,
      max,
      mean,
      std: std ?? 0,
      ...(rankError === undefined ? {} : { rankError }),
      quantiles: quantiles.map(([level, value]) => [level, known(value)] as const),
      histogram: { edges: histogram.edges.map(known), counts: histogram.counts },
    },
  };
}

export function runView(record: RunRecord): RunView {
  const {
    run,
    trigger,
    reason,
    status,
    startedAt,
    finishedAt,
    datasetVersion,
    model,
    steps,
    candidates,
    verdicts,
  } = record;
  return {
    run,
    trigger,
    reason,
    status,
    startedAt,
    finishedAt,
    datasetVersion,
    model,
    steps,
    candidates,
    verdicts,
  };
}

export function runDetail(record: RunRecord): RunDetail {
  return { ...runView(record), log: record.log };
}

export function modelView(
  record: ModelRecord,
  importance: Readonly<Record<string, number>>,
  stage: ModelView['stage'],
): ModelView {
  const { model, hash, algorithm, run, dataset, datasetVersion, createdAt, metrics, parent } = record;
  return {
    model,
    hash,
    algorithm,
    run,
    dataset,
    datasetVersion,
    createdAt,
    metrics,
    importance,
    parent,
    stage,
  };
}
