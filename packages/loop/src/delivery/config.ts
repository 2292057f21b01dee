/** Variants are typed by kind from the first day; the spine serves models. */
export type VariantConfig =
  | { readonly kind: 'model' }
  | { readonly kind: 'upstream'; readonly url: string }
  | { readonly kind: 'prompt'; readonly prompt: string; readonly provider: string }
  | { readonly kind: 'provider'; readonly provider: string; readonly model: string };

export interface RolloutConfig {
  readonly strategy: 'shadow';
  /** The per-request loss that is compared: `log_loss`, `brier`, `squared_error`. */
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
  /** Mean loss difference below which two models count as the same. */
  readonly tolerance: number;
  /** After that long without a decision the champion stays. */
  readonly timeout: string;
  /** After a promotion the previous champion answers in shadow for that long. */
  readonly rollbackWindow: string;
}

export interface EndpointConfig {
  readonly name: string;
  readonly variants: Readonly<Record<string, VariantConfig>>;
  /** `required`: no answer without its log line. */
  readonly logging: 'required' | 'best-effort';
  readonly rollout: RolloutConfig;
}
