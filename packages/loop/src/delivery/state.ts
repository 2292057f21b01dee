import type { EpochMs, Evidence, FactPayloads, RolloutStrategy } from '@twinloop/kernel';

/** The model that answers, under its version number. A number belongs to one model for ever. */
export interface Serving {
  readonly variant: string;
  readonly model: string;
  readonly version: number;
  readonly since: EpochMs;
}

/** Where an open rollout stands. `approval`: the challenger keeps its share (0 after `shadow`) until a person decides. */
export type RolloutStage =
  | { readonly kind: 'shadow' }
  | { readonly kind: 'canary'; readonly step: number; readonly weight: number; readonly since: EpochMs }
  | { readonly kind: 'approval'; readonly weight: number; readonly since: EpochMs };

export interface OpenRollout {
  readonly rollout: string;
  readonly endpoint: string;
  readonly strategy: RolloutStrategy;
  /** Shares of the traffic on the challenger's way; none for `shadow`. */
  readonly steps: readonly number[];
  readonly approval: boolean;
  readonly stage: RolloutStage;
  /** Since when clients have heard the challenger; null in the shadow. */
  readonly heardSince: EpochMs | null;
  /** Who answers beside the challenger, and what recalibration made of it since the start; the last one answers now. */
  readonly champions: readonly string[];
  readonly challenger: string;
  readonly metric: string;
  readonly alpha: number;
  readonly startedAt: EpochMs;
  /** The version number that the challenger would take, and has from its first answer to a client on. */
  readonly nextVersion: number;
  /** What ended the shadow: the evidence that a promotion rests on, however it went on from there. */
  readonly better: Evidence | null;
  /** The newest look that was written down. */
  readonly observed: {
    readonly status: FactPayloads['RolloutObserved']['status'];
    readonly evidence: Evidence;
    readonly at: EpochMs;
  } | null;
}

/** A promotion that can still be taken back, because the model before it answers in shadow. */
export interface PromotionWatch {
  readonly rollout: string;
  readonly endpoint: string;
  /** The promoted model; what recalibration made of it, if it did. */
  readonly model: string;
  /** The promoted model and its recalibrations, oldest first. */
  readonly models: readonly string[];
  readonly previous: string;
  readonly previousVersion: number;
  /** The loss that the rollout compared. */
  readonly metric: string;
  /** The previous model's mean loss in that comparison: what shares of a loss with a unit are shares of. Null: unknown. */
  readonly previousLoss: number | null;
  readonly since: EpochMs;
  readonly until: EpochMs;
  /** Since when the previous model answers instead, and what was seen. */
  readonly held: { readonly since: EpochMs; readonly evidence: Evidence } | null;
  /** When labels last cleared the promoted model, if it was held. */
  readonly releasedAt: EpochMs | null;
  /** The newest look that was written down. */
  readonly observed: {
    readonly status: FactPayloads['PromotionObserved']['status'];
    readonly evidence: Evidence;
    readonly at: EpochMs;
  } | null;
}

export interface ServingChange {
  readonly at: EpochMs;
  readonly change: 'deployed' | 'promoted' | 'rejected' | 'recalibrated' | 'rolled-back';
  readonly model: string;
  readonly version: number;
}

/** A model that answered before the champion, with the rollout that replaced it (null: deployed or recalibrated). */
export interface Predecessor {
  readonly model: string;
  readonly version: number;
  readonly replacedBy: string | null;
}

export interface EndpointState {
  readonly endpoint: string;
  /** The model in charge. While its traffic is held another one answers: see {@link answering}. */
  readonly champion: Serving | null;
  readonly watch: PromotionWatch | null;
  readonly rollout: OpenRollout | null;
  /** The highest version number ever given. */
  readonly lastVersion: number;
  /** What a rollback can go back to, nearest last. */
  readonly behind: readonly Predecessor[];
  /** Oldest first. */
  readonly history: readonly ServingChange[];
}

/** A fold of the ledger: what each endpoint serves, tries, watches and has served. */
export interface DeliveryState {
  readonly endpoints: Readonly<Record<string, EndpointState>>;
}

export const emptyDelivery: DeliveryState = { endpoints: {} };

const untouched = (endpoint: string): EndpointState => ({
  endpoint,
  champion: null,
  watch: null,
  rollout: null,
  lastVersion: 0,
  behind: [],
  history: [],
});

/** The model that the open rollout's challenger would replace. */
export function championOf(rollout: OpenRollout): string {
  return rollout.champions.at(-1)!;
}

export function endpointState(state: DeliveryState, endpoint: string): EndpointState {
  return Object.hasOwn(state.endpoints, endpoint) ? state.endpoints[endpoint]! : untouched(endpoint);
}

/** Who answers clients beside a canary: the champion, or the previous model while the champion's traffic is held. */
export function answering({ champion, watch }: EndpointState): Serving | null {
  if (champion === null || watch?.held == null) return champion;
  return {
    variant: 'previous',
    model: watch.previous,
    version: watch.previousVersion,
    since: watch.held.since,
  };
}

/** The number that the next model of an endpoint takes. Numbers are never given twice. */
export function nextVersion({ lastVersion }: EndpointState): number {
  return lastVersion + 1;
}
