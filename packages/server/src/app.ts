import type {
  ChaosBoard,
  ChaosInput,
  ChaosView,
  BatchInput,
  BatchView,
  DataCheckView,
  DatasetDetail,
  DatasetVersionView,
  Decision,
  DeletionInput,
  DeletionView,
  DeliveryView,
  ExpectationHistoryView,
  DependantsView,
  EdgeCasesView,
  EndpointDetail,
  FairnessView,
  LabelsView,
  LiveEvent,
  LoopStatus,
  ModelView,
  MonitorsView,
  NotificationsView,
  ObjectView,
  OutcomeInput,
  OutcomesReceipt,
  EdgeTestInput,
  EdgeTestView,
  TestInput,
  TestReportView,
  PlanView,
  PredictionsReceipt,
  ProjectView,
  QualityView,
  ReplaySpeed,
  ReplayStatus,
  RunDetail,
  RunView,
  TestMessageView,
  TodayView,
  QuarantineView,
  SuggestionsView,
} from '@twinloop/client';
import type {
  ContentHash,
  DeliveryStatus,
  FactType,
  KeyRecord,
  ObjectKind,
  Principal,
  ProjectId,
  Role,
  Row,
  Verification,
} from '@twinloop/kernel';
import type { DriftService } from './app-drift.js';
import type { DraftService } from './drafts/draft-service.js';
import type { FeaturesService } from './features/feature-service.js';

import type { RowBody } from './ingest/ingest.js';
import type { FieldNames } from './ingest/prediction-row.js';

/** What the HTTP door asks of the product. Everything behind it is wired in `start-server.ts`; tests of the door use a small fake. */
export interface App {
  /** @throws not_found · project_archived */
  project(id: ProjectId): ProjectService;
  /** Those that serve; with `archived` the archived ones too, marked so. */
  projects(query?: ArchivedQuery): readonly ProjectView[];
  /** Archive, restore and delete: of the project itself, archived or not, and of what is in it. @throws not_found */
  objects(id: ProjectId): ObjectsService;
  /** The book of a project, of an archived and of a deleted one too. @throws not_found */
  ledger(id: ProjectId): Promise<LedgerService>;
  plan(input: ProjectFile): Promise<PlanView>;
  apply(input: ProjectFile, principal: Principal): Promise<PlanView>;
  /** Whether the file names programs to run (code tests, a command trainer); the door then asks for `command` before it applies it. @throws project_invalid */
  declaresCommands(input: ProjectFile): Promise<boolean>;
  readonly keys: {
    list(): Promise<readonly KeyRecord[]>;
    /** Returns the secret once; only its hash is kept. */
    create(
      input: { name: string; role: Role; project: ProjectId | null },
      principal: Principal,
    ): Promise<{ id: string; secret: string }>;
    revoke(id: string, principal: Principal): Promise<void>;
    bySecretHash(hash: ContentHash): Promise<KeyRecord | undefined>;
  };
  /** Data on its way to a project. */
  readonly drafts: DraftService;
  /** Reasons why the server is not ready; none when it is. */
  notReady(): readonly string[];
  /** Prometheus exposition of everything but the HTTP layer's own counters. */
  metrics(): string;
}

export interface ArchivedQuery {
  /** Lists what is archived too. */
  readonly archived?: boolean;
}

/** Archive, restore and delete. Ids of dataset versions are `<dataset>@<version>`. */
export interface ObjectsService {
  archived(): Promise<readonly ObjectView[]>;
  /** @throws not_found · object_in_use · object_deleted */
  archive(kind: ObjectKind, id: string, reason: string, principal: Principal): Promise<ObjectView>;
  /** @throws not_found · object_not_archived · object_deleted */
  restore(kind: ObjectKind, id: string, principal: Principal): Promise<ObjectView>;
  /** @throws not_found · object_deleted */
  dependants(kind: ObjectKind, id: string): Promise<DependantsView>;
  /** @throws not_found · object_not_archived · object_has_dependants · object_in_use · object_deleted */
  delete(kind: ObjectKind, id: string, input: DeletionInput, principal: Principal): Promise<DeletionView>;
}

/** What the rules say of a dataset's versions, and of files that are no version. */
export interface ExpectationsService {
  history(dataset: string): Promise<ExpectationHistoryView>;
  /** @throws not_found */
  quarantine(dataset: string, version: string, limit?: number): Promise<QuarantineView>;
  /** @throws not_found */
  suggestions(dataset: string, version: string): Promise<SuggestionsView>;
  suggestFor(dataset: string, source: string, principal: Principal): Promise<SuggestionsView>;
  /** @throws not_found · whatever reading the file throws */
  check(dataset: string, source: string, principal: Principal): Promise<DataCheckView>;
}

/** Channels of one project and their delivery log. */
export interface NotificationsService {
  view(): Promise<NotificationsView>;
  deliveries(query: {
    channel?: string;
    state?: DeliveryStatus;
    limit?: number;
  }): Promise<readonly DeliveryView[]>;
  /** @throws not_found */
  test(channel: string): Promise<TestMessageView>;
  /** @throws not_found */
  retry(id: string): Promise<DeliveryView>;
}

/** Model tests: what gates and prediction tests say of a model, and the tests that people made of requests. */
export interface TestsService {
  /** @throws not_found · served_elsewhere · project_invalid */
  test(model: string, input: TestInput): Promise<TestReportView>;
  /** The verdicts of a run as SARIF 2.1.0. @throws not_found */
  sarif(run: string): Promise<string>;
  /** @throws model_not_found */
  list(endpoint: string): readonly EdgeTestView[];
  /** @throws model_not_found · not_found · invalid_request */
  add(endpoint: string, id: string, input: EdgeTestInput, principal: Principal): Promise<EdgeTestView>;
  /** @throws model_not_found · not_found */
  remove(endpoint: string, name: string, principal: Principal): Promise<void>;
}

/** What people ask of the answers of an endpoint. All @throws model_not_found · endpoint_not_ready */
export interface QualityService {
  quality(endpoint: string, query?: { readonly every?: string }): Promise<QualityView>;
  fairness(endpoint: string): Promise<FairnessView>;
  edgeCases(endpoint: string): Promise<EdgeCasesView>;
}

export interface ProjectFile {
  /** The YAML text of twinloop.yaml. */
  readonly file: string;
  /** Where its relative paths start, on the server's machine. */
  readonly directory: string;
  /** Where the project's own virtual clock starts (ISO date or time in its zone); absent: wall time. Kept from the first apply. */
  readonly clock?: string;
}

export interface InferRequest {
  readonly endpoint: string;
  /** One id per row, or undefined for ids made here. */
  readonly ids: readonly string[] | undefined;
  readonly rows: readonly Row[];
  readonly key: string | null;
  readonly unitKey: string | null;
}
export interface InferResult {
  readonly model: string;
  readonly version: number;
  readonly ids: readonly string[];
  /** Of several classes the largest probability. */
  readonly scores: Float64Array;
  readonly classes?: ClassAnswers;
}
/** Answers of a model of several classes. */
export interface ClassAnswers {
  readonly names: readonly string[];
  /** Row-major rows × names. */
  readonly probabilities: Float64Array;
  /** The likeliest class of each row. */
  readonly predicted: readonly string[];
}
export interface ModelInput {
  readonly name: string;
  readonly type: 'number' | 'string';
}

/** One project's book. */
export interface LedgerService {
  decisions(query: {
    after?: number;
    before?: number;
    limit?: number;
    types?: readonly FactType[];
    story?: boolean;
    correlation?: string;
  }): Promise<readonly Decision[]>;
  verifyLedger(): Promise<Verification>;
  decisionHash(): Promise<{ readonly hash: ContentHash; readonly state: ContentHash }>;
}

export interface ProjectService extends LedgerService {
  readonly project: ProjectId;
  status(): Promise<LoopStatus>;
  today(): Promise<TodayView>;
  /** Calls `listener` for every new decision and for status changes (at most 5 a second). */
  subscribe(listener: (event: LiveEvent) => void): () => void;

  datasets(query?: ArchivedQuery): Promise<readonly DatasetVersionView[]>;
  dataset(name: string, version: string): Promise<DatasetDetail>;
  /** Reads a file (a path on this machine, or a URL through the guarded fetcher), checks its expectations, registers it. @throws data_refused */
  addDatasetVersion(name: string, source: string, principal: Principal): Promise<DatasetVersionView>;

  runs(query?: ArchivedQuery): Promise<readonly RunView[]>;
  run(id: string): Promise<RunDetail>;
  runReport(id: string): Promise<string>;
  startRun(
    input: { reason: string; algorithms?: readonly string[] },
    principal: Principal,
  ): Promise<{ run: string }>;
  /** Whether a run of this project would start a program of the project (code tests, a command trainer). */
  runsCommands(): boolean;

  models(query?: ArchivedQuery): Promise<readonly ModelView[]>;
  model(id: string): Promise<ModelView>;
  card(id: string): Promise<string>;
  onnx(id: string): Promise<Uint8Array>;

  endpoints(): readonly string[];
  endpoint(name: string): Promise<EndpointDetail>;
  /** @throws model_not_found · endpoint_not_ready */
  inputs(endpoint: string): {
    readonly inputs: readonly ModelInput[];
    readonly version: number;
    readonly versions: readonly number[];
    /** Of a model of several classes. */
    readonly classes?: readonly string[];
    /** The name of the one output where there are no classes; `probability` unless told. */
    readonly output?: string;
  };
  infer(request: InferRequest, principal: Principal): Promise<InferResult>;
  recordOutcomes(
    endpoint: string,
    outcomes: readonly OutcomeInput[],
    principal: Principal,
  ): Promise<OutcomesReceipt>;
  /** Starts to answer the rows of a file. @throws served_elsewhere · endpoint_not_ready · dataset_file_missing */
  startBatch(endpoint: string, input: BatchInput, principal: Principal): Promise<{ readonly batch: string }>;
  batches(endpoint: string): readonly BatchView[];
  /** Predictions of a model served elsewhere. @throws served_here · rows_refused · prediction_conflict */
  takePredictions(
    endpoint: string | undefined,
    body: RowBody,
    names: FieldNames,
    principal: Principal,
  ): Promise<PredictionsReceipt>;
  /** Outcomes by the thousand. @throws rows_refused */
  takeOutcomes(endpoint: string, body: RowBody, principal: Principal): Promise<OutcomesReceipt>;
  promote(endpoint: string, reason: string, principal: Principal): Promise<Decision>;
  reject(endpoint: string, reason: string, principal: Principal): Promise<Decision>;
  /** @throws rollback_nothing · rollback_done */
  rollback(endpoint: string, reason: string, principal: Principal): Promise<Decision>;
  hold(endpoint: string, reason: string, principal: Principal): Promise<Decision>;
  resume(endpoint: string, principal: Principal): Promise<Decision>;
  monitors(endpoint: string): Promise<MonitorsView>;
  /** Drift over time. */
  readonly drift: DriftService;
  /** Which predictions have a label, by variant and by day. */
  labels(endpoint: string): Promise<LabelsView>;

  /** Faults on purpose. @throws not_a_demo · chaos_running · chaos_unavailable */
  readonly chaos: {
    board(): ChaosBoard | Promise<ChaosBoard>;
    start(input: ChaosInput, principal: Principal): Promise<ChaosView>;
    undo(chaos: string, principal: Principal): Promise<ChaosView>;
  };
  readonly notifications: NotificationsService;
  readonly expectations: ExpectationsService;
  readonly tests: TestsService;
  readonly features: FeaturesService;
  readonly quality: QualityService;

  readonly replay: {
    status(): ReplayStatus | null;
    start(
      input: {
        dataset: string;
        source?: string;
        from?: string;
        until?: string;
        speed: ReplaySpeed;
        baselines?: boolean;
      },
      principal: Principal,
    ): Promise<ReplayStatus>;
    control(input: {
      state?: 'playing' | 'paused';
      speed?: ReplaySpeed;
      slowAtDecisions?: boolean;
    }): ReplayStatus;
  };
}
