export type GateConfig =
  | {
      readonly gate: 'metric';
      readonly metric: string;
      /** For `recall`: of which class. */
      readonly class?: string;
      readonly min?: number;
      readonly max?: number;
    }
  /** Not worse than the champion on the same held-out rows (paired), by more than `tolerance`. */
  | {
      readonly gate: 'champion';
      readonly metric: string;
      readonly tolerance: number;
      readonly confidence: number;
    }
  | { readonly gate: 'predictions'; readonly file: string }
  | { readonly gate: 'latency'; readonly p99: string }
  | { readonly gate: 'size'; readonly max: string };
export type GatesConfig = readonly GateConfig[];
