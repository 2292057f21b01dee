import { type Table, type TrainingJob, type TrainingResult, TwinloopError } from '@twinloop/kernel';
import {
  buildLookup,
  encodeDocument,
  parseFeatureSpec,
  type AsOfLookup,
  type FeatureSpec,
} from '@twinloop/model';
import { parseParameters } from './parameters.js';
import { trainModel } from './train-model.js';

/** Lookups of a spec's joins over the tables given. @throws invalid_request when one is absent · dataset_column_missing */
export function lookupsOf(
  spec: FeatureSpec,
  joined: Readonly<Record<string, Table>>,
): Readonly<Record<string, AsOfLookup>> {
  const lookups: Record<string, AsOfLookup> = {};
  for (const join of spec.joins ?? []) {
    const table = Object.hasOwn(joined, join.dataset) ? joined[join.dataset] : undefined;
    if (table === undefined) {
      throw new TwinloopError('invalid_request', {
        field: `features/joins/${join.name}`,
        values: { reason: `no rows of ${join.dataset} were given` },
      });
    }
    lookups[join.name] = buildLookup(table, join);
  }
  return lookups;
}

/** A kernel training job, run here and now. `cpuSeconds` is the caller's to measure. @throws as {@link trainModel} */
export function runTrainingJob(job: Omit<TrainingJob, 'id'>): Omit<TrainingResult, 'cpuSeconds'> {
  const { algorithm, ...parameters } = parseParameters(job.parameters);
  const features = parseFeatureSpec(job.features);
  const { document, metrics, importance } = trainModel({
    algorithm,
    task: job.task,
    table: job.table,
    label: job.label,
    features,
    parameters,
    seed: job.seed,
    lookups: lookupsOf(features, job.joined ?? {}),
  });
  return { format: 'twinloop-model', bytes: encodeDocument(document), metrics, importance };
}
