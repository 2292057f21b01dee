import type { ContentHash, EpochMs } from './ids.js';
import type { Evidence, Verdict } from './verdict.js';

/** Why something was started. */
export type Trigger = 'manual' | 'schedule' | 'new-data' | 'alarm' | 'apply';

/** What the policy may answer to an alarm. */
export type Answer = 'hold' | 'recalibrate' | 'retrain';

export type AlarmKind = 'data-drift' | 'model-drift' | 'calibration' | 'service';

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
    readonly strategy: 'shadow';
    readonly champion: string;
    readonly challenger: string;
    readonly metric: string;
    readonly alpha: number;
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
    readonly reason: 'worse' | 'equivalent' | 'inconclusive' | 'superseded' | 'operator';
    readonly evidence: Evidence;
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
  };
  ReplayFinished: { readonly requests: number; readonly outcomes: number };
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
