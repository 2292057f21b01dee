import type { ContentHash, DatasetVersionRecord, ModelRecord, ObjectKind, RunRecord } from '@twinloop/kernel';
import { objectKey } from '@twinloop/loop/governance';

/** Everything that can be archived in one project. */
export interface Records {
  readonly datasets: readonly DatasetVersionRecord[];
  readonly runs: readonly RunRecord[];
  readonly models: readonly ModelRecord[];
}

export const versionId = ({ dataset, version }: { dataset: string; version: string }): string =>
  `${dataset}@${version}`;

/** An object of one project by kind and name. */
export interface ObjectRef {
  readonly kind: ObjectKind;
  readonly id: string;
}
export const keyOf = ({ kind, id }: ObjectRef): string => objectKey(kind, id);

const SHORTEST_PREFIX = 8;

/** The object that a person means: names are exact, the hash of a dataset version may be cut to eight characters. */
export function findObject(records: Records, kind: ObjectKind, id: string): ObjectRef | undefined {
  switch (kind) {
    case 'run':
      return records.runs.some(({ run }) => run === id) ? { kind, id } : undefined;
    case 'model':
      return records.models.some(({ model }) => model === id) ? { kind, id } : undefined;
    case 'dataset-version': {
      const cut = id.lastIndexOf('@');
      const [dataset, version] = [id.slice(0, cut), id.slice(cut + 1)];
      const found = records.datasets.filter(
        one =>
          one.dataset === dataset &&
          (one.version === (version as ContentHash) ||
            (version.length >= SHORTEST_PREFIX && one.version.startsWith(version))),
      );
      return found.length === 1 ? { kind, id: versionId(found[0]!) } : undefined;
    }
    case 'project':
      return undefined;
  }
}
