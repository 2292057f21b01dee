import type { Json, TrainingJob, TrainingResult } from '@twinloop/kernel';
import type { FeatureSpec } from '@twinloop/model';
import type { BuiltinParameters } from './parameters.js';
import { packTable, type PackedTable } from './packed-table.js';

/** What a worker is asked to do. */
export interface WorkerJob {
  readonly id: string;
  readonly task: TrainingJob['task'];
  readonly parameters: Json;
  readonly seed: number;
  readonly table: PackedTable;
  readonly label: string;
  readonly features: Json;
}

/** What it answers. */
export type WorkerReply =
  | { readonly kind: 'log'; readonly id: string; readonly line: string }
  | { readonly kind: 'done'; readonly id: string; readonly result: TrainingResult }
  | { readonly kind: 'failed'; readonly id: string; readonly reason: string };

/** Packs a job with only the columns that its features, label and decay read. */
export function packJob(job: TrainingJob, spec: FeatureSpec, parameters: BuiltinParameters): WorkerJob {
  const needed = new Set([job.label, ...spec.inputs]);
  const decayed = parameters.decayHalfLifeDays !== undefined;
  if (decayed) {
    if (parameters.decayTime !== undefined) needed.add(parameters.decayTime);
    else
      for (const column of job.table.columns)
        if (column.type === 'time' || column.name === '$at') needed.add(column.name);
  }
  return {
    id: job.id,
    task: job.task,
    parameters: parameters as unknown as Json,
    seed: job.seed,
    table: packTable(job.table, needed),
    label: job.label,
    features: job.features,
  };
}
