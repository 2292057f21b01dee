import { endpointState } from '@twinloop/loop/delivery';
import type { ProjectState } from '../runtime/project-state.js';
import { keyOf, type ObjectRef, type Records, versionId } from './ids.js';

export interface UsesParts {
  readonly state: ProjectState;
  readonly endpoint: string;
  readonly openRuns: readonly string[];
  readonly records: Records;
  /** Datasets that the project file declares: their newest version is what the next run reads. */
  readonly declared: readonly string[];
}

/** What the project is using now, by object, in plain words. What is used can be neither archived nor deleted. */
export function usesNow(parts: UsesParts): ReadonlyMap<string, readonly string[]> {
  const { state, endpoint, openRuns, records, declared } = parts;
  const uses = new Map<string, string[]>();
  const use = (object: ObjectRef, by: string): void => {
    const known = uses.get(keyOf(object));
    if (known === undefined) uses.set(keyOf(object), [by]);
    else if (!known.includes(by)) known.push(by);
  };
  const model = (name: string, by: string): void => {
    use({ kind: 'model', id: name }, by);
    const record = records.models.find(one => one.model === name);
    if (record !== undefined)
      use(
        {
          kind: 'dataset-version',
          id: versionId({ dataset: record.dataset, version: record.datasetVersion }),
        },
        `${name}, which was trained on it: ${by}`,
      );
  };

  const { champion, watch, behind, rollout } = endpointState(state.delivery, endpoint);
  if (champion !== null) {
    model(champion.model, `it answers endpoint ${endpoint}`);
    const trained = state.trained(champion.model);
    // Challengers are compared with it, since the later intercepts were fitted on the rows that are held out.
    if (trained !== champion.model)
      model(trained, `${champion.model}, which answers ${endpoint}, was made of it`);
  }
  if (watch !== null) {
    for (const name of watch.models) model(name, `it is watched since its promotion on ${endpoint}`);
    model(watch.previous, `it is kept for a rollback of endpoint ${endpoint}`);
  }
  const nearest = behind.at(-1);
  if (nearest !== undefined) model(nearest.model, `a rollback of endpoint ${endpoint} goes back to it`);
  if (rollout !== null) {
    model(rollout.challenger, `it is the challenger of ${rollout.rollout}`);
    for (const name of rollout.champions) model(name, `it is the champion of ${rollout.rollout}`);
  }
  if (state.pendingModel !== undefined) model(state.pendingModel.model, 'it waits to be put into service');
  for (const run of openRuns) {
    use({ kind: 'run', id: run }, 'it is open');
    const record = records.runs.find(one => one.run === run);
    for (const version of records.datasets)
      if (version.version === record?.datasetVersion)
        use({ kind: 'dataset-version', id: versionId(version) }, `${run} trains on it`);
  }
  for (const dataset of declared) {
    // Lists are newest first.
    const newest = records.datasets.find(one => one.dataset === dataset && one.status === 'accepted');
    if (newest !== undefined)
      use(
        { kind: 'dataset-version', id: versionId(newest) },
        `it is the newest version of ${dataset}, which the next run reads`,
      );
  }
  return uses;
}
