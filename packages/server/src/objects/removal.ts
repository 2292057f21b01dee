import type { BlobStore, ContentHash, Json, MetadataStore, ProjectId, RecordRemoval } from '@twinloop/kernel';
import { keyOf, type ObjectRef, type Records, versionId } from './ids.js';

export interface RemovalPorts {
  readonly project: ProjectId;
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
  /** Cards that were written for a model. */
  readonly cards: ReadonlyMap<string, readonly ContentHash[]>;
}

/** What deleting some objects takes away. */
export interface Removal {
  readonly records: Exclude<RecordRemoval, 'everything'>;
  /** Bytes that nothing else refers to. */
  readonly blobs: readonly ContentHash[];
}

const HASH = /[0-9a-f]{64}/g;
const hashesIn = (value: unknown): readonly string[] => JSON.stringify(value).match(HASH) ?? [];

/**
 * Works out which records and which blobs go with `objects`. A blob goes when a record that goes refers to it and none
 * that stays does; results of the build cache that speak of such a blob go too, since they would bring back a name
 * without its bytes.
 */
export async function planRemoval(
  ports: RemovalPorts,
  records: Records,
  objects: readonly ObjectRef[],
): Promise<Removal> {
  const { project, metadata, cards } = ports;
  const gone = new Set(objects.map(keyOf));
  const goes = (kind: ObjectRef['kind'], id: string): boolean => gone.has(keyOf({ kind, id }));
  const datasets = split(records.datasets, one => goes('dataset-version', versionId(one)));
  const runs = split(records.runs, one => goes('run', one.run));
  const models = split(records.models, one => goes('model', one.model));

  const kept = new Set(hashesIn([datasets.kept, models.kept]));
  for (const { model } of models.kept) for (const card of cards.get(model) ?? []) kept.add(card);
  const doomed = new Set(hashesIn([datasets.gone, models.gone]));
  for (const { model } of models.gone) for (const card of cards.get(model) ?? []) doomed.add(card);
  for (const hash of kept) doomed.delete(hash);

  const keys = (some: Records['runs']): Set<ContentHash> =>
    new Set(some.flatMap(run => run.steps.map(step => step.key)));
  const [keptKeys, goneKeys] = [keys(runs.kept), keys(runs.gone)];
  const steps: ContentHash[] = [];
  for (const key of new Set([...keptKeys, ...goneKeys])) {
    const result: Json | undefined = await metadata.steps.get(project, key);
    if (result === undefined) continue;
    const hashes = hashesIn(result);
    const goesAlong = !keptKeys.has(key) || hashes.some(hash => doomed.has(hash));
    if (goesAlong) steps.push(key);
    for (const hash of hashes) {
      if (!goesAlong) kept.add(hash);
      else if (!keptKeys.has(key)) doomed.add(hash);
    }
  }
  for (const hash of kept) doomed.delete(hash);
  const blobs: ContentHash[] = [];
  for (const hash of [...doomed].sort() as ContentHash[])
    if (await ports.blobs.has(project, hash)) blobs.push(hash);
  return {
    records: {
      datasets: datasets.gone.map(({ dataset, version }) => ({ dataset, version })),
      runs: runs.gone.map(({ run }) => run),
      models: models.gone.map(({ model }) => model),
      steps,
    },
    blobs,
  };
}

/** Bytes that a removal frees. */
export async function bytesOf({ project, blobs }: RemovalPorts, removal: Removal): Promise<number> {
  let bytes = 0;
  for (const hash of removal.blobs) bytes += await blobs.size(project, hash);
  return bytes;
}

/** Carries a removal out. Records go last: after a crash they still tell what is left to remove. */
export async function carryOut(
  { project, metadata, blobs }: RemovalPorts,
  removal: Removal,
): Promise<{ readonly records: number; readonly blobs: number; readonly bytes: number }> {
  let bytes = 0;
  for (const hash of removal.blobs) bytes += await blobs.delete(project, hash);
  const records = await metadata.remove(project, removal.records);
  return { records, blobs: removal.blobs.length, bytes };
}

function split<T>(all: readonly T[], goes: (one: T) => boolean): { readonly gone: T[]; readonly kept: T[] } {
  const [gone, kept]: [T[], T[]] = [[], []];
  for (const one of all) (goes(one) ? gone : kept).push(one);
  return { gone, kept };
}
