import type { PairedRows } from '@twinloop/kernel';

/** How many of an arm's answers to clients have a label, among those whose labels should be in by now. */
export interface ArmCoverage {
  /** `champion` (whoever answers beside the challenger) or `challenger`. */
  readonly variant: string;
  /** Live answers since the start of the stage, older than `settle`. */
  readonly predictions: number;
  readonly labelled: number;
}

/** How well an arm served since the start of the stage; shadow answers count where it only answered in shadow. */
export interface ArmService {
  readonly variant: string;
  readonly model: string;
  readonly requests: number;
  readonly errors: number;
  /** NaN when nothing was timed. */
  readonly p95Ms: number;
}

/** What is known about an open rollout at one moment. */
export interface RolloutReading {
  /** `a`: the champion's scores, `b`: the challenger's. Rows without a label (NaN) may be among them. */
  readonly paired: PairedRows;
  readonly coverage: readonly ArmCoverage[];
  readonly service: readonly ArmService[];
}

/**
 * Every request since a promotion, in order of prediction, with the scores of the previous model (`a`) and the promoted one
 * (`b`); a request without a label has NaN as `label` and `arrivedAt`.
 */
export type WatchRows = Omit<PairedRows, 'ids'>;

/** What is known about a watched promotion at one moment. */
export interface WatchReading {
  readonly rows: WatchRows;
  /** Requests from before the promotion that both models answered (the shadow phase): scores in any order. */
  readonly baseline: Pick<PairedRows, 'a' | 'b'>;
  readonly service: readonly ArmService[];
}
