import type { ContentHash, DatasetVersionRecord, Json, ProjectId, Table, Trigger } from '@twinloop/kernel';
import type { FeatureSpec, LookupsSpec } from '@twinloop/model';
import type { TrainConfig } from './config.js';

/** What was looked up for the rows of the version, as the search for leaks needs it. */
export interface LookedUp {
  readonly spec: LookupsSpec;
  /** Some rows with their label and looked-up columns. */
  readonly at: Table;
  /** The looked-up columns of the same rows without what happened at the row's own moment. */
  readonly before: Table;
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
  /** The datasets that features were looked up in: which versions. */
  readonly sources?: Readonly<Record<string, ContentHash>>;
  readonly lookedUp?: LookedUp;
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
