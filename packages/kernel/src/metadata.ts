import type { Trigger } from './facts.js';
import type { ContentHash, EpochMs, ProjectId } from './ids.js';
import type { NotificationEvent } from './notifier.js';
import type { Role } from './principal.js';
import type { Json, Schema } from './scalar.js';
import type { Verdict } from './verdict.js';

export interface ProjectRecord {
  readonly project: ProjectId;
  /** The applied file as text, and where its relative paths start. */
  readonly config: string;
  readonly configHash: ContentHash;
  readonly directory: string;
  readonly appliedAt: EpochMs;
}

export interface KeyRecord {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly project: ProjectId | null;
  /** SHA-256 of the secret (128 random bits or more, so no slow hash is needed). */
  readonly secretHash: ContentHash;
  readonly createdAt: EpochMs;
  readonly revokedAt: EpochMs | null;
}

export interface DatasetVersionRecord {
  readonly project: ProjectId;
  readonly dataset: string;
  readonly version: ContentHash;
  readonly rows: number;
  readonly schema: Schema;
  readonly profile: Json;
  /** Parquet in the blob store. */
  readonly blob: ContentHash;
  readonly source: string;
  readonly parent: ContentHash | null;
  readonly createdAt: EpochMs;
  readonly status: 'accepted' | 'refused';
  readonly findings: Json;
  /** What each rule said, in the order of the rules; empty for versions of an earlier release. */
  readonly checks: Json;
  /** Rows that were kept apart: their blob, their number and the reasons; null when there are none. */
  readonly quarantine: Json;
}

export interface CandidateReport {
  readonly name: string;
  readonly algorithm: string;
  readonly window: string;
  readonly parameters: Json;
  readonly metrics: Readonly<Record<string, number>>;
  readonly chosen: boolean;
  readonly cached: boolean;
  readonly seconds: number;
}

export interface StepReport {
  readonly step: string;
  readonly key: ContentHash;
  readonly status: 'done' | 'cached' | 'failed';
  readonly summary: string;
  readonly startedAt: EpochMs;
  readonly finishedAt: EpochMs;
}

export interface RunRecord {
  readonly project: ProjectId;
  readonly run: string;
  readonly trigger: Trigger;
  readonly reason: string;
  readonly status: 'running' | 'passed' | 'failed' | 'refused';
  readonly startedAt: EpochMs;
  readonly finishedAt: EpochMs | null;
  readonly datasetVersion: ContentHash | null;
  readonly model: string | null;
  readonly steps: readonly StepReport[];
  readonly candidates: readonly CandidateReport[];
  readonly verdicts: readonly Verdict[];
  readonly log: string;
}

export interface ModelRecord {
  readonly project: ProjectId;
  /** `<endpoint-or-project>@<short hash>`: the immutable name people type. */
  readonly model: string;
  readonly hash: ContentHash;
  /** The model document in the blob store. */
  readonly blob: ContentHash;
  readonly onnx: ContentHash | null;
  readonly algorithm: string;
  readonly run: string;
  readonly dataset: string;
  readonly datasetVersion: ContentHash;
  readonly codeDigest: ContentHash;
  readonly parameters: Json;
  readonly environment: Json;
  readonly signature: Json;
  readonly metrics: Readonly<Record<string, number>>;
  readonly parent: string | null;
  readonly createdAt: EpochMs;
}

/** `queued` waits for its first attempt, `failed` for its next; `given-up` waits for nobody. */
export type DeliveryStatus = 'queued' | 'delivered' | 'failed' | 'given-up';

/** One notification on its way to one channel: its key is (project, channel, seq), so a fact is told once. Times are wall time. */
export interface DeliveryRecord {
  readonly project: ProjectId;
  readonly channel: string;
  /** The fact that it tells. */
  readonly seq: number;
  readonly event: NotificationEvent;
  readonly title: string;
  readonly text: string;
  readonly link: string;
  /** Domain time of the fact. */
  readonly at: EpochMs;
  readonly state: DeliveryStatus;
  readonly attempts: number;
  readonly createdAt: EpochMs;
  /** It is given up when it fails after this. */
  readonly giveUpAt: EpochMs;
  /** Null when nothing more is to come. */
  readonly nextAt: EpochMs | null;
  /** When the last attempt ended. */
  readonly triedAt: EpochMs | null;
  readonly deliveredAt: EpochMs | null;
  /** Of its first failure since it was last delivered or retried by hand. */
  readonly failingSince: EpochMs | null;
  readonly lastError: string | null;
}

export interface DeliveryCounts {
  readonly channel: string;
  readonly state: DeliveryStatus;
  readonly count: number;
}

export interface Page {
  readonly limit?: number;
  readonly before?: EpochMs;
}

/** Records to remove in one transaction. `everything` is all that a project has, API keys of that project too. */
export type RecordRemoval =
  | {
      readonly datasets?: readonly { readonly dataset: string; readonly version: ContentHash }[];
      readonly runs?: readonly string[];
      readonly models?: readonly string[];
      /** Build-cache entries: a step of a deleted run must not bring its model back. */
      readonly steps?: readonly ContentHash[];
    }
  | 'everything';

/**
 * Records with bodies too large for the ledger. Asynchronous although the embedded driver is not; writes made in
 * one turn of the event loop are one transaction. `put` replaces by primary key; a resolved `put` survives kill -9.
 */
export interface MetadataStore {
  readonly projects: {
    put(record: ProjectRecord): Promise<void>;
    get(project: ProjectId): Promise<ProjectRecord | undefined>;
    list(): Promise<readonly ProjectRecord[]>;
  };
  readonly keys: {
    put(record: KeyRecord): Promise<void>;
    bySecretHash(hash: ContentHash): Promise<KeyRecord | undefined>;
    list(): Promise<readonly KeyRecord[]>;
  };
  readonly datasets: {
    put(record: DatasetVersionRecord): Promise<void>;
    get(project: ProjectId, dataset: string, version: ContentHash): Promise<DatasetVersionRecord | undefined>;
    list(project: ProjectId, dataset?: string, page?: Page): Promise<readonly DatasetVersionRecord[]>;
  };
  readonly runs: {
    put(record: RunRecord): Promise<void>;
    get(project: ProjectId, run: string): Promise<RunRecord | undefined>;
    list(project: ProjectId, page?: Page): Promise<readonly RunRecord[]>;
  };
  readonly models: {
    put(record: ModelRecord): Promise<void>;
    get(project: ProjectId, model: string): Promise<ModelRecord | undefined>;
    list(project: ProjectId, page?: Page): Promise<readonly ModelRecord[]>;
  };
  /** The build cache: step key → result. Project-scoped like everything else. */
  readonly steps: {
    put(project: ProjectId, key: ContentHash, result: Json): Promise<void>;
    get(project: ProjectId, key: ContentHash): Promise<Json | undefined>;
  };
  /** Small durable state of the process: replay cursor, monitor cursors. */
  readonly cursors: {
    put(project: ProjectId, name: string, value: Json): Promise<void>;
    get(project: ProjectId, name: string): Promise<Json | undefined>;
  };
  /** The delivery log of notifications. */
  readonly deliveries: {
    put(record: DeliveryRecord): Promise<void>;
    get(project: ProjectId, channel: string, seq: number): Promise<DeliveryRecord | undefined>;
    /** Newest fact first, then by channel. */
    list(
      project: ProjectId,
      query?: { readonly channel?: string; readonly state?: DeliveryStatus; readonly limit?: number },
    ): Promise<readonly DeliveryRecord[]>;
    /** What is queued or failed and due at `until`, in order of (nextAt, seq). */
    due(
      project: ProjectId,
      query: { readonly channel: string; readonly until: EpochMs; readonly limit: number },
    ): Promise<readonly DeliveryRecord[]>;
    counts(project: ProjectId): Promise<readonly DeliveryCounts[]>;
  };
  /** Removes the records that are named; what is not there is no error. */
  remove(project: ProjectId, what: RecordRemoval): Promise<number>;
  close(): Promise<void>;
}
