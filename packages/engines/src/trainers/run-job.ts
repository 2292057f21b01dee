import type { TrainingJob, TrainingResult } from '@twinloop/kernel';
import { encodeDocument, parseFeatureSpec } from '@twinloop/model';
import { parseParameters } from './parameters.js';
import { trainModel } from './train-model.js';

/** A kernel training job, run here and now. `cpuSeconds` is the caller's to measure. @throws as {@link trainModel} */
export function runTrainingJob(job: Omit<TrainingJob, 'id'>): Omit<TrainingResult, 'cpuSeconds'> {
  const { algorithm, ...parameters } = parseParameters(job.parameters);
  const { document, metrics, importance } = trainModel({
    algorithm,
    task: job.task,
    table: job.table,
    label: job.label,
    features: parseFeatureSpec(job.features),
    parameters,
    seed: job.seed,
  });
  return { format: 'twinloop-model', bytes: encodeDocument(document), metrics, importance };
}
