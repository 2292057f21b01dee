import type { ContentHash, DatasetVersionRecord, Json, ProjectId, Table, Trigger } from '@twinloop/kernel';
import type { FeatureSpec, Lookups } from '@twinloop/model';
import type { TrainConfig } from './config.js';

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
  /** Versions of the datasets that the features join. */
  readonly joined?: Readonly<Record<string, ContentHash>>;
  /** Their rows, ready to be joined. */
  readonly lookups?: Lookups;
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
