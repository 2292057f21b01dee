import type { MetadataStore, ProjectId } from '@twinloop/kernel';
import { endpointState } from '@twinloop/loop/delivery';
import type { ProjectState } from '../project-state.js';
import type { ModelShelf } from '../serving/model-shelf.js';
import type { Champion } from './judge-candidate.js';

/** The named champion; without a name the one that serves the endpoint now, if any. @throws not_found · model_invalid */
export async function championOf(
  ports: {
    readonly project: ProjectId;
    readonly endpoint: string;
    readonly state: ProjectState;
    readonly shelf: ModelShelf;
    readonly metadata: MetadataStore;
  },
  name?: string,
): Promise<Champion | undefined> {
  const { project, endpoint, state, shelf, metadata } = ports;
  const champion = name ?? endpointState(state.delivery, endpoint).champion?.model;
  if (champion === undefined) return undefined;
  // Its later intercepts were fitted on the very rows that are held out now: the champion is compared as it was trained.
  const model = await shelf.load(state.trained(champion));
  const run = await metadata.runs.get(project, model.record.run);
  return {
    model: champion,
    trainedAt: run?.startedAt ?? model.record.createdAt,
    classes: model.classes,
    scoreTable: model.scoreTable,
  };
}
