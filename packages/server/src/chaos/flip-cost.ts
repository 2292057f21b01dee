import type { EpochMs, Table } from '@twinloop/kernel';
import { meanLoss } from '@twinloop/stats';
import { watchedLoss } from '../config/by-task.js';
import { labelOf } from '../runtime/monitoring/labels.js';
import type { ShelvedModel } from '../runtime/serving/shelved-model.js';
import type { ChaosTransform } from '@twinloop/client';
import type { ChaosPorts } from './fault-kind.js';
import { misreading } from './misreading.js';

export interface ReadableColumn {
  readonly column: string;
  readonly mean: number;
}

const RECENT_MS = 28 * 864e5;
/** The board is asked often, and what a flip costs changes slowly. */
const FRESH_MS = 7 * 864e5;
const known = new WeakMap<
  ShelvedModel,
  Map<ChaosTransform, { readonly at: EpochMs; readonly columns: readonly ReadableColumn[] }>
>();
/** Fewer labels say nothing about what a flip would cost. */
const AT_LEAST = 200;

/**
 * Columns by what misreading them would have cost on the labels of the last four weeks, dearest first; in the order given
 * where there are too few. A fault that costs next to nothing would be no fault.
 */
export async function byCost(
  ports: ChaosPorts,
  model: ShelvedModel,
  columns: readonly ReadableColumn[],
  transform: ChaosTransform,
): Promise<readonly ReadableColumn[]> {
  const kept = known.get(model)?.get(transform);
  const now = ports.clock.now();
  if (kept !== undefined && now - kept.at < FRESH_MS) return kept.columns;
  const sorted = await sortByCost(ports, model, columns, transform);
  known.set(model, (known.get(model) ?? new Map()).set(transform, { at: now, columns: sorted }));
  return sorted;
}

async function sortByCost(
  ports: ChaosPorts,
  model: ShelvedModel,
  columns: readonly ReadableColumn[],
  transform: ChaosTransform,
): Promise<readonly ReadableColumn[]> {
  const { loaded, clock, endpoint, shared, metadata } = ports;
  const { config } = loaded;
  const { record } = model;
  const version = await metadata.datasets.get(config.project, record.dataset, record.datasetVersion);
  if (version === undefined || config.train.task === 'multiclass') return columns;
  const now = clock.now();
  const rows = await shared.log.labelled({
    project: config.project,
    endpoint,
    metric: labelOf(config),
    schema: version.schema.filter(({ name }) => config.features.inputs.includes(name)),
    predicted: { from: now - RECENT_MS },
    arrived: { until: now },
  });
  if (rows.rows < AT_LEAST) return columns;
  const costs = new Map<string, number>();
  for (const one of columns)
    costs.set(one.column, await lossOf(ports, misreading(model, [{ ...one, transform }]), rows));
  return [...columns].sort((a, b) => costs.get(b.column)! - costs.get(a.column)!);
}

async function lossOf({ loaded }: ChaosPorts, model: ShelvedModel, rows: Table): Promise<number> {
  const label = rows.columns.find(({ name }) => name === '$label')!.values as Float64Array;
  return meanLoss(watchedLoss(loaded.config), label, await model.scoreTable(rows));
}
