/**
 * The wire types of the native API, `/api/twinloop/v1` (and `/p/<project>/api/twinloop/v1`).
 * All times are epoch milliseconds; `at` is domain time, which in a replay is the virtual clock's.
 */
import type {
  AlarmKind,
  Answer,
  CandidateReport,
  ColumnType,
  Evidence,
  FactType,
  GuardrailReading,
  Json,
  Role,
  RolloutStrategy,
  Signal,
  StepReport,
  Task,
  Trigger,
  Verdict,
} from '@twinloop/kernel';
import type { DriftCauseView } from './drift.js';
import type { EvidencePoint, RolloutStageView, SplitView, WatchView } from './delivery.js';

export interface ApiError {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly field?: string;
    readonly hint: string;
    readonly details?: readonly {
      readonly message: string;
      readonly field?: string;
      readonly line?: number;
      readonly column?: number;
      readonly hint?: string;
    }[];
    readonly requestId: string;
    /** The reference page's anchor. */
    readonly docs: string;
  };
}

/** One ledger entry as people read it. */
export interface Decision {
  readonly seq: number;
  readonly type: FactType;
  readonly at: number;
  readonly recordedAt: number;
  readonly actor: string;
  readonly sentence: string;
  readonly importance: 'story' | 'detail';
  readonly correlation: string | null;
  readonly causation: string | null;
  readonly hash: string;
  readonly payload: Json;
}

/** The seven stages of the figure-eight. Code–build–test–deploy are the left loop; monitor and learn close the right one; data feeds both. */
export type Stage = 'data' | 'build' | 'test' | 'deploy' | 'serve' | 'monitor' | 'learn';
export type StageState = 'idle' | 'working' | 'ok' | 'attention';

export interface LoopStatus {
  readonly project: string;
  /** Domain time. */
  readonly now: number;
  readonly virtual: boolean;
  readonly stages: Readonly<Record<Stage, { readonly state: StageState; readonly text: string }>>;
  /** Which feedback fired last and is still being answered. */
  readonly arcs: { readonly dataDrift: boolean; readonly modelDrift: boolean };
  /** One line: is everything well, and what is happening now? */
  readonly headline: string;
  readonly endpoint: EndpointSummary | null;
  readonly openAlarms: readonly AlarmView[];
  readonly counts: {
    readonly predictions: number;
    readonly outcomes: number;
    readonly retrainings: number;
    readonly recalibrations: number;
    readonly promotions: number;
    readonly rejections: number;
    readonly errors: number;
  };
  readonly budget: { readonly used: number; readonly limit: number; readonly per: string };
  readonly replay: ReplayStatus | null;
}

export interface AlarmView {
  readonly alarm: string;
  readonly kind: AlarmKind;
  readonly at: number;
  readonly sentence: string;
  readonly signals: readonly Signal[];
  readonly answer: Answer | null;
  readonly open: boolean;
}

export interface EndpointSummary {
  readonly endpoint: string;
  readonly champion: {
    readonly model: string;
    readonly version: number;
    readonly algorithm: string;
    readonly since: number;
  } | null;
  readonly challenger: {
    readonly model: string;
    readonly algorithm: string;
    readonly since: number;
    readonly rollout: string;
  } | null;
  /** Of the champion's answers in the last quality window; null before there are labels. */
  readonly loss30d: LossView | null;
}

/** A mean loss as people read it. */
export interface LossView {
  /** `log_loss`, `brier`, `rmse`, `mae`. */
  readonly metric: string;
  /** `log loss`, `RMSE`. */
  readonly title: string;
  readonly value: number;
  /** Labels that it rests on. */
  readonly n: number;
  /** What the label is counted in, if that is declared and the figure has its unit. */
  readonly unit: string | null;
}

export type ReplaySpeed = 1 | 4 | 'max';
export interface ReplayStatus {
  readonly dataset: string;
  readonly state: 'playing' | 'paused' | 'finished';
  readonly from: number;
  readonly until: number;
  readonly now: number;
  readonly speed: ReplaySpeed;
  /** Slow down for a few seconds at alarms and decisions. */
  readonly slowAtDecisions: boolean;
  readonly sent: number;
  readonly total: number;
  readonly failures: number;
  readonly outcomes: number;
  /** The step of a run that virtual time waits for, if any: `candidates/linear/all`. */
  readonly waitingFor: string | null;
  /** The last weeks once more, as traffic for a fault. */
  readonly encore?: boolean;
}

/** GET /projects */
export interface ProjectView {
  readonly project: string;
  readonly file: string;
  readonly configHash: string;
  readonly appliedAt: number;
  readonly demo: boolean;
  /** Only among what `?archived=1` lists. */
  readonly archived?: true;
}

/** POST /plan and /apply: body {file: string (YAML text), directory: string}. */
export interface PlanChange {
  readonly kind: 'create' | 'change' | 'remove';
  readonly path: string;
  readonly before?: Json;
  readonly after?: Json;
}
export interface PlanView {
  readonly project: string;
  readonly changes: readonly PlanChange[];
  readonly configHash: string;
}

/** GET /datasets, /datasets/:dataset/versions/:version */
export interface DatasetVersionView {
  readonly dataset: string;
  readonly version: string;
  readonly rows: number;
  readonly columns: readonly {
    readonly name: string;
    readonly type: ColumnType;
    readonly nullable: boolean;
  }[];
  readonly source: string;
  readonly parent: string | null;
  readonly createdAt: number;
  readonly status: 'accepted' | 'refused';
  readonly checked: number;
  /** Only among what `?archived=1` lists. */
  readonly archived?: true;
  readonly findings: readonly {
    readonly rule: string;
    readonly column?: string;
    readonly count: number;
    readonly rows: number;
    readonly severity: 'error' | 'warning';
    readonly message: string;
  }[];
}
export interface ColumnProfileView {
  readonly name: string;
  readonly type: ColumnType;
  readonly count: number;
  readonly missing: number;
  readonly distinct: number;
  /** Relative standard error of `distinct`; absent when it is exact. */
  readonly distinctError?: number;
  readonly numeric?: {
    /** Share of the rows that quantiles and histogram may be off by, at 99 %; absent when they are exact. */
    readonly rankError?: number;
    readonly min: number;
    readonly max: number;
    readonly mean: number;
    readonly std: number;
    readonly quantiles: readonly (readonly [number, number])[];
    readonly histogram: { readonly edges: readonly number[]; readonly counts: readonly number[] };
  };
  readonly categorical?: { readonly top: readonly (readonly [string, number])[]; readonly other: number };
}
export interface DatasetDetail extends DatasetVersionView {
  readonly profile: readonly ColumnProfileView[];
}

/** GET /runs, /runs/:run */
export interface RunView {
  readonly run: string;
  readonly trigger: Trigger;
  readonly reason: string;
  readonly status: 'running' | 'passed' | 'failed' | 'refused';
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly datasetVersion: string | null;
  readonly model: string | null;
  readonly steps: readonly StepReport[];
  readonly candidates: readonly CandidateReport[];
  readonly verdicts: readonly Verdict[];
  /** Only among what `?archived=1` lists. */
  readonly archived?: true;
}
export interface RunDetail extends RunView {
  readonly log: string;
}

/** GET /models, /models/:model; the card is GET /models/:model/card (text/markdown). */
export interface ModelView {
  readonly model: string;
  readonly hash: string;
  readonly algorithm: string;
  readonly run: string;
  readonly dataset: string;
  readonly datasetVersion: string;
  readonly createdAt: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly importance: Readonly<Record<string, number>>;
  readonly parent: string | null;
  readonly stage: 'live' | 'shadow' | 'retired' | 'registered';
  /** Only among what `?archived=1` lists. */
  readonly archived?: true;
}

/** GET /endpoints/:endpoint */
export interface EndpointDetail extends EndpointSummary {
  readonly kind: 'model';
  readonly logging: 'required' | 'best-effort';
  readonly inputs: readonly {
    readonly name: string;
    readonly datatype: string;
    /** A usual value; a time in ms since 1970. */
    readonly example: string | number;
  }[];
  /** Who answers and who answers in shadow now. */
  readonly split: readonly SplitView[];
  readonly watch: WatchView | null;
  /** What `rollback` would bring back; null when there is nothing to go back to. */
  readonly rollsBackTo: { readonly model: string; readonly version: number } | null;
  readonly rollout: RolloutView | null;
  readonly history: readonly RolloutView[];
  readonly traffic: {
    readonly requests: number;
    readonly p50Ms: number;
    readonly p99Ms: number;
    readonly errors: number;
  };
  /** A ready curl line. */
  readonly curl: string;
  /** The same request in Python, with nothing but its standard library. */
  readonly python?: string;
}
export interface RolloutView {
  readonly rollout: string;
  readonly champion: string;
  readonly challenger: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly strategy: RolloutStrategy;
  /** The loss of a request that is compared: `log_loss`, `squared_error`. */
  readonly metric: string;
  /** Shares of the traffic on its way; none for `shadow`. */
  readonly steps: readonly number[];
  /** Null once it has ended. */
  readonly stage: RolloutStageView | null;
  readonly guardrails: readonly GuardrailReading[];
  readonly status: 'open' | 'promoted' | 'rejected' | 'rolled-back';
  readonly reason: string | null;
  readonly evidence: Evidence | null;
  /** The evidence against its boundary, one point a look: label count, mean loss difference (champion − challenger) and its always-valid interval. */
  readonly curve: readonly EvidencePoint[];
  /** Labels still needed at the present rate and effect; null when unknown. */
  readonly labelsToDecision: number | null;
}

/** GET /monitors/:endpoint */
export interface MonitorsView {
  readonly endpoint: string;
  readonly task: Task;
  /** What the losses of `quality` and `baselines` are. */
  readonly loss: Pick<LossView, 'metric' | 'title' | 'unit'>;
  readonly reference: { readonly model: string; readonly rows: number };
  readonly drift: readonly DriftView[];
  /** Why the inputs of the last window depart, heaviest first. */
  readonly causes?: readonly DriftCauseView[];
  readonly quality: readonly QualityPoint[];
  readonly baselines: readonly BaselineSeries[];
  readonly alarms: readonly AlarmView[];
  /** The newest early warnings of the streams, newest first. */
  readonly early?: readonly EarlyWarningView[];
}
/** Inputs, answers or errors moved between two windows; by default no alarm follows from it alone. */
export interface EarlyWarningView {
  readonly stream: 'inputs' | 'errors';
  /** When it was noticed. */
  readonly at: number;
  readonly sentence: string;
  readonly evidence: Evidence;
}
export interface DriftView {
  readonly feature: string;
  readonly type: 'numeric' | 'categorical';
  readonly importance: number;
  readonly effect: number;
  readonly tolerance: number;
  readonly adjustedP: number | null;
  readonly n: number;
  readonly drifted: boolean;
  readonly sentence: string;
  /** Effect by window, oldest first. */
  readonly history: readonly { readonly at: number; readonly effect: number; readonly drifted: boolean }[];
  /** Then and now, as densities over common bins (numeric) or shares by category. */
  readonly distribution: {
    readonly labels: readonly string[];
    readonly edges?: readonly number[];
    readonly reference: readonly number[];
    readonly current: readonly number[];
  };
}
/** One closed window (a week by default) of late labels. */
export interface QualityPoint {
  readonly from: number;
  readonly until: number;
  readonly n: number;
  /** The figure named by `MonitorsView.loss`, with its 95 % interval. */
  readonly loss: number;
  readonly low: number;
  readonly high: number;
  /** Binary tasks only. */
  readonly auc: number | null;
  /** Mean label: a rate, for regression a mean. */
  readonly observed: number;
  readonly predicted: number;
}
/** What other policies would have scored on the same rows, month by month (computed beside the replay). */
export interface BaselineSeries {
  readonly name: string;
  readonly title: string;
  readonly mean: number | null;
  readonly months: readonly { readonly from: number; readonly loss: number; readonly n: number }[];
}

/** POST /endpoints/:endpoint/outcomes: one or many. */
export interface OutcomeInput {
  readonly id?: string;
  readonly key?: string;
  readonly time?: number | string;
  /** A class name where the task is `multiclass`, or the label names its positive value. */
  readonly value: number | boolean | string;
  readonly metric?: string;
  readonly at?: number | string;
  readonly source?: string;
  readonly revision?: number;
}
export interface OutcomesReceipt {
  readonly accepted: number;
  /** Those that contradict a label known before, where the first one stays (`repeats: first`). */
  readonly ignored?: number;
}

/** GET /keys: keys without their secrets. */
export interface KeyView {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly project: string | null;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

/** Server-sent events on GET /events (`?after=<seq>` or Last-Event-ID resumes). */
export type LiveEvent =
  | { readonly event: 'decision'; readonly data: Decision }
  | { readonly event: 'status'; readonly data: LoopStatus };
