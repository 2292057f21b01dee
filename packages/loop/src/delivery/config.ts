import type { RolloutStrategy } from '@twinloop/kernel';

/** Variants are typed by kind from the first day; the spine serves models. */
export type VariantConfig =
  | { readonly kind: 'model' }
  | { readonly kind: 'upstream'; readonly url: string }
  | { readonly kind: 'prompt'; readonly prompt: string; readonly provider: string }
  | { readonly kind: 'provider'; readonly provider: string; readonly model: string };

/** One stage of a canary. It goes on when both floors are reached and nothing speaks against it. */
export interface RolloutStep {
  /** Share of the requests that the challenger answers, inside (0, 1). */
  readonly weight: number;
  /** At least that long. */
  readonly for: string;
  /** At least that many answers of the challenger to clients. */
  readonly requests: number;
}

/** What a challenger, or a model that was just promoted, must not exceed. */
export interface GuardrailConfig {
  /** Largest share of its answers that may fail. */
  readonly errors: number;
  /** Largest ratio of its p95 latency to the other model's. */
  readonly latency: number;
  /** A p95 below this never trips, whatever the ratio. */
  readonly latencyFloor: string;
  /** Largest gap between the observed and the predicted mean; probabilities only. */
  readonly calibration: number;
}

/** How a promotion is watched while the previous model still answers in shadow. */
export interface RollbackConfig {
  /** Chance of rolling back a model that is as good as the previous one, over the whole window. */
  readonly alpha: number;
  /** Requests of one block share their circumstances. */
  readonly block: string;
  /** A block counts when all its labels are in, or after that long. */
  readonly settle: string;
  /** Harm below this share of a block's usual difference counts as none. */
  readonly margin: number;
  /** May a jump of the answers move the traffic back before labels can say why? */
  readonly hold: boolean;
}

export interface RolloutConfig {
  readonly strategy: RolloutStrategy;
  /** The stages between the shadow comparison and all traffic; used by `canary`. */
  readonly steps: readonly RolloutStep[];
  /** A person must agree before all traffic moves. */
  readonly approval: boolean;
  readonly guardrails: GuardrailConfig;
  readonly rollback: RollbackConfig;
  /** No promotion while a smaller share of the settled requests has a label. */
  readonly minCoverage: number;
  /** The per-request loss that is compared, by its name in @twinloop/stats. */
  readonly metric: string;
  /** Chance of promoting a challenger that is not better, however often one looks (one-sided). */
  readonly alpha: number;
  /** No decision before that many paired labels. */
  readonly minLabels: number;
  /** No decision before that long, so that every hour and day of the week has had its say. */
  readonly minDuration: string;
  /** Requests of one block share their circumstances; blocks, not requests, are the independent observations. */
  readonly block: string;
  /** A block counts once its labels have had that long to arrive: early labels are not a fair sample. */
  readonly settle: string;
  /** Mean loss difference below which two models count as the same; a share of the champion's loss where the loss has a unit. */
  readonly tolerance: number;
  /** After that long without a decision the champion stays. */
  readonly timeout: string;
  /** After a promotion the previous champion answers in shadow for that long. */
  readonly rollbackWindow: string;
}

export interface EndpointConfig {
  readonly name: string;
  /** `elsewhere`: another system answers; its predictions are posted here and watched. */
  readonly served: 'here' | 'elsewhere';
  readonly variants: Readonly<Record<string, VariantConfig>>;
  /** `required`: no answer without its log line. */
  readonly logging: 'required' | 'best-effort';
  readonly rollout: RolloutConfig;
}
