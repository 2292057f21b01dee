import type { BlobStore, DatasetQuery, MetadataStore, ProjectId } from '@twinloop/kernel';
import type { AcceptPorts } from '@twinloop/loop/data';
import { sha256 } from '../digest.js';
import { isDerived } from './derived.js';
import { profileStore } from './profile-store.js';

/** What making a version needs of the stores. */
export function acceptPorts(
  project: ProjectId,
  metadata: MetadataStore,
  datasets: DatasetQuery,
  blobs: BlobStore,
): Required<AcceptPorts> {
  const { keep, sketch } = profileStore(project, blobs);
  return {
    keep,
    sketch,
    store: table => datasets.store(project, table),
    digest: sha256,
    check: (source, checks, options) => datasets.check({ project, ...source }, checks, options),
    version: async (dataset, which) =>
      (await metadata.datasets.list(project, dataset)).find(
        ({ status, version, source }) =>
          status === 'accepted' && (which === 'newest' ? !isDerived(source) : version.startsWith(which)),
      ),
    column: async (blob, name) => (await datasets.load(project, blob, [name])).columns[0]!,
  };
}

/** Row counts of the accepted versions brought in from outside, newest first. */
export const pastRows = async (
  metadata: MetadataStore,
  project: ProjectId,
  dataset: string,
): Promise<readonly number[]> =>
  (await metadata.datasets.list(project, dataset))
    .filter(({ status, source }) => status === 'accepted' && !isDerived(source))
    .map(({ rows }) => rows);
