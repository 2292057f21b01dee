import type { Entry } from '@twinloop/kernel';
import { keyOf, type ObjectRef, type Records, versionId } from './ids.js';

export interface Dependant {
  readonly kind: ObjectRef['kind'] | 'rollout';
  readonly id: string;
  /** The object that it was made of. */
  readonly of: ObjectRef;
}

/**
 * What hangs on an object, nearest first, each once: a dataset version → the runs and models trained on it, a run → its
 * model, a model → its recalibrated forms and the rollouts that it was in. A rollout is history and ends a branch.
 * @param recalibrated from a recalibrated model to the one that it was made of
 * @param rollouts the project's `RolloutStarted` entries
 */
export function dependantsOf(
  start: ObjectRef,
  records: Records,
  recalibrated: ReadonlyMap<string, string>,
  rollouts: readonly Extract<Entry, { type: 'RolloutStarted' }>[],
): readonly Dependant[] {
  const found: Dependant[] = [];
  const seen = new Set([keyOf(start)]);
  const queue: ObjectRef[] = [start];
  const add = (kind: Dependant['kind'], id: string, of: ObjectRef): void => {
    const key = `${kind} ${id}`;
    if (seen.has(key)) return;
    seen.add(key);
    found.push({ kind, id, of });
    if (kind !== 'rollout') queue.push({ kind, id });
  };
  for (let object = queue.shift(); object !== undefined; object = queue.shift()) {
    const { kind, id } = object;
    if (kind === 'dataset-version') {
      const version = records.datasets.find(one => versionId(one) === id);
      for (const run of records.runs)
        if (run.datasetVersion === version?.version) add('run', run.run, object);
      for (const model of records.models)
        if (versionId({ dataset: model.dataset, version: model.datasetVersion }) === id)
          add('model', model.model, object);
    } else if (kind === 'run') {
      for (const model of records.models) if (model.run === id) add('model', model.model, object);
    } else if (kind === 'model') {
      for (const [model, origin] of recalibrated)
        if (origin === id && records.models.some(one => one.model === model)) add('model', model, object);
      for (const { payload } of rollouts)
        if (payload.champion === id || payload.challenger === id) add('rollout', payload.rollout, object);
    }
  }
  return found;
}
