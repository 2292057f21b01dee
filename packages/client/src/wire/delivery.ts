/** Wire types of a rollout's stages and of the watch after a promotion. */
import type { Evidence, GuardrailReading } from '@twinloop/kernel';

/** One look at the evidence: labels, mean loss difference and its always-valid interval; none before it is bounded. */
export interface EvidencePoint {
  readonly at: number;
  readonly n: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface RolloutStageView {
  readonly kind: 'shadow' | 'canary' | 'approval';
  /** Index into `steps`; null in the shadow. */
  readonly step: number | null;
  /** Share of the traffic that the challenger answers now. */
  readonly weight: number;
  readonly since: number;
  /** When the step may end at the earliest; null when only evidence ends it. */
  readonly until: number | null;
}

/** One arm of the routing snapshot in force. */
export interface SplitView {
  readonly variant: string;
  readonly model: string;
  readonly version: number;
  readonly role: 'live' | 'shadow';
  /** Share of the traffic; 0 in the shadow. The weights of the live arms sum to 1. */
  readonly weight: number;
}

/** A promotion that can still be rolled back by itself. */
export interface WatchView {
  readonly rollout: string;
  readonly model: string;
  readonly version: number;
  readonly previous: string;
  readonly previousVersion: number;
  readonly since: number;
  readonly until: number;
  /** The previous model answers until labels decide. */
  readonly held: { readonly since: number; readonly evidence: Evidence } | null;
  readonly evidence: Evidence | null;
  readonly guardrails: readonly GuardrailReading[];
  readonly curve: readonly EvidencePoint[];
}
