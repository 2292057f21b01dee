import type { AlarmKind, Answer, EpochMs, Signal, Trigger } from '@twinloop/kernel';

/** A signal by the looks it was seen in. */
export interface Streak {
  /** Number of the last look that had it. */
  readonly look: number;
  /** Looks in a row up to that one. */
  readonly length: number;
  /** Time of the first and of the last of them. */
  readonly since: EpochMs;
  readonly at: EpochMs;
  readonly signal: Signal;
}

export interface OpenAlarm {
  readonly alarm: string;
  readonly kind: AlarmKind;
  readonly at: EpochMs;
  readonly answer: Answer | null;
}

export interface Decided {
  readonly answer: Answer;
  readonly trigger: Trigger;
  readonly at: EpochMs;
  readonly alarm: string | null;
}

/** A retraining on its way: decided, running, or its challenger in a rollout. */
export interface OpenAnswer {
  readonly stage: 'decided' | 'run' | 'rollout';
  readonly since: EpochMs;
  /** Run or rollout; null while only decided. */
  readonly id: string | null;
}

export interface EndpointLearning {
  readonly endpoint: string;
  readonly held: { readonly reason: string; readonly since: EpochMs } | null;
  /** Looks so far, by monitor; counted anew after a promotion. */
  readonly looks: Readonly<Record<string, number>>;
  /** By `Signal.monitor`. */
  readonly streaks: Readonly<Record<string, Streak>>;
  readonly alarms: Readonly<Partial<Record<AlarmKind, OpenAlarm>>>;
  /** Alarms numbered so far, raised and coalesced. */
  readonly numbered: number;
  /** Kinds that were coalesced into an alarm, by that alarm. */
  readonly coalesced: Readonly<Record<string, readonly AlarmKind[]>>;
  /** Actions (everything but holds), oldest first. */
  readonly actions: readonly Decided[];
  readonly open: OpenAnswer | null;
  readonly promotedAt: EpochMs | null;
}

/** A fold of the ledger: what the policy has seen, believed and done. */
export interface LearningState {
  readonly endpoints: Readonly<Record<string, EndpointLearning>>;
  /** Endpoint by open run. */
  readonly runs: Readonly<Record<string, string>>;
}

export const emptyLearning: LearningState = { endpoints: {}, runs: {} };

export function endpointLearning(state: LearningState, endpoint: string): EndpointLearning {
  if (Object.hasOwn(state.endpoints, endpoint)) return state.endpoints[endpoint]!;
  return {
    endpoint,
    held: null,
    looks: {},
    streaks: {},
    alarms: {},
    numbered: 0,
    coalesced: {},
    actions: [],
    open: null,
    promotedAt: null,
  };
}
