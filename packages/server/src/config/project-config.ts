import type { ContentHash, ProjectId } from '@twinloop/kernel';
import type { TrainConfig } from '@twinloop/loop/building';
import type { BatchConfig, DatasetsConfig, ExpectationsConfig } from '@twinloop/loop/data';
import type { EndpointConfig } from '@twinloop/loop/delivery';
import type { NotifyConfig } from '@twinloop/loop/governance';
import type { PolicyConfig } from '@twinloop/loop/learning';
import type { MonitorsConfig } from '@twinloop/loop/monitoring';
import type { GatesConfig } from '@twinloop/loop/testing';
import type { FeatureSpec } from '@twinloop/model';
import type { ProjectLookups } from './lookups.js';

/** twinloop.yaml after validation and defaults. */
export interface ProjectConfig {
  readonly project: ProjectId;
  /** IANA zone of times without one, of schedules and of local days. */
  readonly timezone: string;
  /** The project may be broken on purpose. */
  readonly demo?: boolean;
  readonly datasets: DatasetsConfig;
  readonly expectations: ExpectationsConfig;
  /** What models see: the columns that requests bring, then those that are looked up. */
  readonly features: FeatureSpec;
  readonly lookups: ProjectLookups;
  readonly train: TrainConfig;
  readonly gates: GatesConfig;
  /** Absent: the project trains and tests, but serves nothing. */
  readonly endpoint: EndpointConfig | undefined;
  readonly monitors: MonitorsConfig;
  readonly policy: PolicyConfig;
  /** Absent: nobody is told. */
  readonly notify?: NotifyConfig;
  /** Files that are answered by the calendar. */
  readonly batch: readonly BatchConfig[];
}

export interface LoadedProject {
  readonly config: ProjectConfig;
  /** SHA-256 of the canonical form of `config`: white space and key order do not change a project. */
  readonly hash: ContentHash;
  readonly text: string;
  readonly directory: string;
}
