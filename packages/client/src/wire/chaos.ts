/** Wire types of faults on purpose: `/chaos`. They exist for demo projects only. */
import type { ChaosKind } from '@twinloop/kernel';

/** One button of "Break it". */
export interface ChaosOffer {
  readonly kind: ChaosKind;
  readonly title: string;
  /** What will be broken, what the loop is expected to do about it, and how long that takes. */
  readonly description: string;
  /** Why it cannot be done now; null when it can. */
  readonly unavailable: string | null;
  /** What may be named: columns to flip; empty when there is nothing to choose. The first is the default. */
  readonly targets: readonly string[];
  /** How a column is flipped; empty when there is nothing to choose. The first is the default. */
  readonly transforms: readonly ChaosTransform[];
  /** What undoing it does; null when it cannot be undone. */
  readonly undo: string | null;
}
/** `sign`: mirrored about its mean; `unit`: a hundred times too large. */
export type ChaosTransform = 'sign' | 'unit';

export interface ChaosView {
  readonly chaos: string;
  readonly kind: ChaosKind;
  readonly endpoint: string;
  readonly target: string | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly state: 'running' | 'caught' | 'undone' | 'missed';
  /** Requests of the client since it began, those that failed, and labels that arrived. */
  readonly requests: number;
  readonly failedRequests: number;
  readonly labels: number;
  /** Sequence number of the decision that caught it. */
  readonly decision: number | null;
  /** Plain words: what was broken, and in the end what came of it. */
  readonly sentence: string;
}

/** GET /chaos */
export interface ChaosBoard {
  /** The project is marked as a demo; otherwise nothing can be broken. */
  readonly demo: boolean;
  readonly offers: readonly ChaosOffer[];
  readonly running: ChaosView | null;
  /** Newest first. */
  readonly history: readonly ChaosView[];
}
/** POST /chaos; undo is POST /chaos/:chaos/undo. */
export interface ChaosInput {
  readonly kind: ChaosKind;
  readonly target?: string;
  readonly transform?: ChaosTransform;
}
