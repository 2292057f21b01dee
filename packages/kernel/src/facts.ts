import type { ContentHash, EpochMs } from './ids.js';
import type { Json } from './scalar.js';
import type { Evidence, Verdict } from './verdict.js';

/** Why something was started. */
export type Trigger = 'manual' | 'schedule' | 'new-data' | 'alarm' | 'apply';

/** What the policy may answer to an alarm. */
export type Answer = 'hold' | 'recalibrate' | 'retrain';

export type AlarmKind = 'data-drift' | 'model-drift' | 'calibration' | 'service' | 'labels';

/** How a challenger is brought to all traffic. `canary`: after the shadow comparison it answers a growing share of the requests. */
export type RolloutStrategy = 'shadow' | 'canary';

/** Faults that a demo project may be broken with on purpose. */
export type ChaosKind = 'poison-batch' | 'flip-sensor' | 'worse-model' | 'delay-labels' | 'kill-server';

/** What can be archived, restored and deleted. */
export type ObjectKind = 'project' | 'dataset-version' | 'run' | 'model';

/** What one guardrail of a rollout read. `tripped` ends the rollout, or rolls a promotion back. */
export interface GuardrailReading {
  readonly guardrail: 'errors' | 'latency' | 'calibration';
  readonly tripped: boolean;
  readonly evidence: Evidence;
}

export type VariantKind = 'model' | 'upstream' | 'prompt' | 'provider';

export interface ExpectationFinding {
  readonly rule: string;
  readonly column?: string;
  /** Rows that break the rule. */
  readonly count: number;
  readonly rows: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

export interface Signal {
  /** Monitor and subject: `drift/temp`, `quality/log_loss`, `calibration/base-rate`. */
  readonly monitor: string;
  readonly kind: AlarmKind;
  readonly subject: string;
  readonly evidence: Evidence;
  /** How far beyond tolerance, ≥ 1 when it matters; comparable between monitors of one kind. */
  readonly severity: number;
  readonly sentence: string;
}

/**
 * Every fact type with its payload. Past tense; payloads hold values and hashes, not bulk.
 * Adding a field is compatible; changing one needs a new `v` and an upcaster in storage.
 */
export interface FactPayloads {
  ProjectApplied: {
    readonly configHash: ContentHash;
    readonly file: string;
    readonly changes: readonly string[];
  };
  DatasetVersionRegistered: {
    readonly dataset: string;
    readonly version: ContentHash;
    readonly rows: number;
    readonly columns: number;
    readonly source: string;
    readonly from?: EpochMs;
    readonly until?: EpochMs;
    readonly parent?: ContentHash;
  };
  ExpectationsChecked: {
    readonly dataset: string;
    readonly version: ContentHash;
    readonly status: 'accepted' | 'refused';
    readonly checked: number;
    readonly findings: readonly ExpectationFinding[];
  };
  /** Rows that break a rule were kept apart; the version is made of the others. */
  RowsQuarantined: {
    readonly dataset: string;
    readonly version: ContentHash;
    readonly rows: number;
    readonly kept: number;
    readonly blob: ContentHash;
    readonly reasons: readonly { readonly rule: string; readonly column?: string; readonly count: number }[];
  };
  RunStarted: {
    readonly run: string;
    readonly trigger: Trigger;
    readonly reason: string;
    readonly candidates: readonly string[];
    readonly endpoint?: string;
  };
  StepFinished: {
    readonly run: string;
    readonly step: string;
    readonly key: ContentHash;
    readonly status: 'done' | 'cached' | 'failed';
    readonly summary: string;
  };
  GateJudged: { readonly run: string; readonly model: string; readonly verdict: Verdict };
  RunFinished: {
    readonly run: string;
    readonly status: 'passed' | 'failed' | 'refused';
    readonly reason: string;
    readonly model?: string;
    readonly trained: number;
  };
  ModelRegistered: {
    readonly model: string;
    readonly hash: ContentHash;
    readonly run: string;
    readonly algorithm: string;
    readonly label: string;
    readonly dataset: string;
    readonly datasetVersion: ContentHash;
    readonly codeDigest: ContentHash;
    readonly metrics: Readonly<Record<string, number>>;
    readonly parent?: string;
    /** Versions of the datasets that features were looked up in. */
    readonly sources?: Readonly<Record<string, ContentHash>>;
  };
  ModelDeployed: {
    readonly endpoint: string;
    readonly variant: string;
    readonly model: string;
    readonly version: number;
    readonly reason: string;
  };
  RolloutStarted: {
    readonly rollout: string;
    readonly endpoint: string;
    readonly strategy: RolloutStrategy;
    readonly champion: string;
    readonly challenger: string;
    readonly metric: string;
    readonly alpha: number;
    /** Shares of the traffic that the challenger answers on its way, ascending; none for `shadow`. */
    readonly steps?: readonly number[];
    /** A person must agree before all traffic moves. */
    readonly approval?: boolean;
  };
  /** The rollout went on to its next stage. */
  RolloutAdvanced: {
    readonly rollout: string;
    readonly endpoint: string;
    readonly challenger: string;
    readonly stage: 'canary' | 'approval';
    /** Index into `steps`; the last one while approval is awaited. */
    readonly step: number;
    /** Share of the traffic that the challenger answers from now on. */
    readonly weight: number;
    readonly evidence: Evidence;
    readonly guardrails: readonly GuardrailReading[];
  };
  RolloutObserved: {
    readonly rollout: string;
    readonly endpoint: string;
    readonly evidence: Evidence;
    readonly status: 'continue' | 'better' | 'worse' | 'equivalent' | 'inconclusive';
  };
  ModelPromoted: {
    readonly endpoint: string;
    readonly rollout: string;
    readonly model: string;
    readonly previous: string;
    readonly version: number;
    readonly evidence: Evidence;
    readonly by: 'evidence' | 'operator';
    /** Until then the previous model answers in shadow. */
    readonly watchUntil?: EpochMs;
    /** Why a person decided so. */
    readonly note?: string;
  };
  ModelRejected: {
    readonly endpoint: string;
    readonly rollout: string;
    readonly model: string;
    readonly kept: string;
    readonly reason: 'worse' | 'equivalent' | 'inconclusive' | 'guardrail' | 'superseded' | 'operator';
    readonly evidence: Evidence;
    readonly guardrails?: readonly GuardrailReading[];
    /** Why a person decided so. */
    readonly note?: string;
  };
  /** A look at a promotion that can still be rolled back: the loss of the promoted model against the previous one. */
  PromotionObserved: {
    readonly endpoint: string;
    readonly rollout: string;
    readonly model: string;
    readonly previous: string;
    readonly evidence: Evidence;
    /** `kept`: its rollback window ended, the previous model leaves the shadow. */
    readonly status: 'continue' | 'kept';
  };
  /** Answers moved away from the promoted model before labels could say why; the previous one answers meanwhile. */
  TrafficHeld: {
    readonly endpoint: string;
    readonly rollout: string;
    readonly model: string;
    readonly answering: string;
    readonly evidence: Evidence;
  };
  /** Labels cleared the promoted model: it answers again. */
  TrafficReleased: {
    readonly endpoint: string;
    readonly rollout: string;
    readonly model: string;
    readonly evidence: Evidence;
  };
  ModelRolledBack: {
    readonly endpoint: string;
    /** The rollout whose promotion is undone. */
    readonly rollout: string;
    readonly model: string;
    readonly restored: string;
    /** The restored model answers under the version number that it had. */
    readonly version: number;
    readonly evidence: Evidence;
    readonly guardrails?: readonly GuardrailReading[];
    readonly by: 'evidence' | 'guardrail' | 'operator';
    /** Why a person decided so. */
    readonly note?: string;
  };
  ModelRecalibrated: {
    readonly endpoint: string;
    readonly model: string;
    readonly previous: string;
    readonly version: number;
    readonly shift: number;
    readonly evidence: Evidence;
  };
  /** The answer was to recalibrate, and the labels did not ask for another intercept. */
  RecalibrationDeclined: { readonly endpoint: string; readonly model: string; readonly reason: string };
  WindowObserved: {
    readonly endpoint: string;
    readonly monitor: string;
    readonly window: string;
    readonly n: number;
    readonly signals: number;
  };
  SignalRaised: { readonly window: string; readonly endpoint: string; readonly signal: Signal };
  AlarmRaised: {
    readonly alarm: string;
    readonly endpoint: string;
    readonly kind: AlarmKind;
    readonly signals: readonly Signal[];
    readonly sentence: string;
  };
  AlarmCoalesced: {
    readonly alarm: string;
    readonly endpoint: string;
    readonly kind: AlarmKind;
    readonly into: string;
    readonly sentence: string;
  };
  AlarmResolved: { readonly alarm: string; readonly endpoint: string; readonly sentence: string };
  AnswerDecided: {
    readonly alarm?: string;
    readonly endpoint: string;
    readonly answer: Answer;
    readonly trigger: Trigger;
    readonly reason: string;
    readonly budget: { readonly used: number; readonly limit: number };
  };
  PolicyHeld: { readonly endpoint: string; readonly reason: string };
  PolicyResumed: { readonly endpoint: string };
  CardWritten: { readonly model: string; readonly blob: ContentHash };
  ReplayStarted: {
    readonly dataset: string;
    readonly from: EpochMs;
    readonly until: EpochMs;
    readonly requests: number;
    /** The last weeks of a replay once more, at new times: traffic for what was asked of a replay that had ended. */
    readonly encore?: boolean;
  };
  ReplayFinished: { readonly requests: number; readonly outcomes: number };
  /** A person broke the demo on purpose. */
  ChaosStarted: {
    readonly chaos: string;
    readonly kind: ChaosKind;
    readonly endpoint: string;
    /** What was broken: a column, a model, a dataset; null for the server itself. */
    readonly target: string | null;
    readonly sentence: string;
    /** What the fault needs to be taken up again after a restart. */
    readonly detail: Readonly<Record<string, string | number | null>>;
  };
  ChaosEnded: {
    readonly chaos: string;
    readonly kind: ChaosKind;
    readonly endpoint: string;
    /** `caught`: the loop decided; `undone`: a person took it back first; `missed`: its time ran out. */
    readonly outcome: 'caught' | 'undone' | 'missed';
    /** Sequence number of the decision that caught it. */
    readonly decision: number | null;
    readonly requests: number;
    readonly failedRequests: number;
    readonly labels: number;
    readonly sentence: string;
  };
  /** A file of rows was answered in one go. */
  BatchScored: {
    readonly endpoint: string;
    readonly batch: string;
    readonly input: string;
    readonly output: string;
    readonly rows: number;
    readonly model: string;
    readonly version: number;
  };
  /** A person made a prediction test of a request: from then on the `predictions` gates ask it. */
  PredictionTestAdded: {
    readonly endpoint: string;
    readonly name: string;
    /** Id of the request that it was made of. */
    readonly prediction: string;
    /** The test as it would stand in a file. */
    readonly test: Json;
  };
  PredictionTestRemoved: { readonly endpoint: string; readonly name: string };
  ObjectArchived: { readonly kind: ObjectKind; readonly id: string; readonly reason: string };
  ObjectRestored: { readonly kind: ObjectKind; readonly id: string };
  /** The records and bytes are gone; what the ledger says about them stays. */
  ObjectDeleted: {
    readonly kind: ObjectKind;
    readonly id: string;
    readonly reason: string;
    /** Objects that went with it, as `kind id`. */
    readonly dependants: readonly string[];
  };
  KeyCreated: { readonly key: string; readonly role: string };
  KeyRevoked: { readonly key: string };
}

export type FactType = keyof FactPayloads;

/** A fact before it is written. */
export interface NewFact<T extends FactType = FactType> {
  readonly type: T;
  readonly payload: FactPayloads[T];
  /** Domain time. */
  readonly at: EpochMs;
  readonly actor: string;
  /** Hash-free id of the fact that caused this one (`<project>/<seq>`). */
  readonly causation?: string;
  /** Groups the facts of one episode: an alarm, its run, its rollout. */
  readonly correlation?: string;
  /** A second append with the same key returns the first entry. */
  readonly idempotencyKey?: string;
}

/** Any fact, discriminated by `type`. */
export type AnyNewFact = { [T in FactType]: NewFact<T> }[FactType];

export function fact<T extends FactType>(
  type: T,
  payload: FactPayloads[T],
  rest: Omit<NewFact<T>, 'type' | 'payload'>,
): AnyNewFact {
  return { type, payload, ...rest } as AnyNewFact;
}
