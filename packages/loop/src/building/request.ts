import type { ContentHash, DatasetVersionRecord, Json, ProjectId, Table, Trigger } from '@twinloop/kernel';
import { buildLookup, type FeatureSpec, type Lookups } from '@twinloop/model';
import type { TrainConfig } from './config.js';

/** Joined datasets by name: which version, and its rows. */
export type Joined = Readonly<Record<string, { readonly version: ContentHash; readonly table: Table }>>;

/** The versions alone: what step keys depend on. */
export function joinedVersions(request: Pick<BuildRequest, 'joined'>): Readonly<Record<string, ContentHash>> {
  return Object.fromEntries(
    Object.entries(request.joined ?? {}).map(([name, { version }]) => [name, version]),
  );
}

/** The lookups that a spec's joins ask for. A join whose dataset is not there has none, and is refused by who needs it. */
export function lookupsFor(features: FeatureSpec, joined: Joined = {}): Lookups {
  return Object.fromEntries(
    (features.joins ?? []).flatMap(join => {
      const found = joined[join.dataset];
      return found === undefined ? [] : [[join.name, buildLookup(found.table, join)]];
    }),
  );
}

/** One run, fully resolved: the same request gives the same model. */
export interface BuildRequest {
  readonly project: ProjectId;
  /** Names the run; asking again with the same id goes on with it. */
  readonly run: string;
  readonly trigger: Trigger;
  readonly reason: string;
  readonly actor: string;
  readonly causation?: string;
  readonly correlation?: string;
  /** The endpoint that the model is for; it gives the model its name. */
  readonly endpoint?: string;
  /** The model that this one is to follow. */
  readonly parent?: string;

  readonly version: Pick<DatasetVersionRecord, 'dataset' | 'version' | 'status' | 'findings'>;
  /** The version's rows. Sorted by `time` here when they are not. */
  readonly table: Table;
  readonly time?: string;
  readonly label: string;
  /** The column that says when the label became known. */
  readonly arrives?: string;
  readonly features: FeatureSpec;
  /** The datasets that the features join. */
  readonly joined?: Joined;
  readonly train: TrainConfig;
  /** The gates as declared and the champion they compare with: part of the gates' step key. */
  readonly gates: Json;
  readonly codeDigest: ContentHash;
  /** What the model was built with: versions of Node and of the product, operating system. */
  readonly environment: Json;

  /** Try this algorithm alone. */
  readonly only?: string;
  /** Nothing is in service yet: `train.first` decides the algorithm. */
  readonly firstModel?: boolean;
  /**
   * Measure each algorithm once more on an interleaved hold-out (rows whose local day of the month divides by five),
   * which shows what it can do in the time it learned from. Recorded as metric `in_time_auc`; decides nothing.
   */
  readonly inTime?: { readonly dayOf: (row: number) => number };
}
