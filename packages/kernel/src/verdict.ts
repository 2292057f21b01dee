/** A gate's answer. `inconclusive` is never a pass: the policy says what follows. */
export type VerdictStatus = 'pass' | 'fail' | 'inconclusive';

/** The numbers a decision rests on, as they are shown beside it. */
export interface Evidence {
  /** What was computed, in the field's words: "paired log-loss difference". */
  readonly statistic: string;
  readonly value: number;
  /** Rows or labels it rests on. */
  readonly n: number;
  readonly interval?: readonly [number, number];
  readonly threshold?: number;
  /** How: "asymptotic confidence sequence, α = 0.05". */
  readonly method: string;
  readonly pValue?: number;
  /** An e-value, and the one at which it decides: what a test by betting has won so far, and what it needs. */
  readonly eValue?: { readonly value: number; readonly decidesAt: number };
  /** Mean losses that a paired difference is the difference of: those of the champion and of the challenger. */
  readonly means?: readonly [champion: number, challenger: number];
  /** The value was timed on this machine: shown and kept, but not part of the decision hash. */
  readonly wallTime?: boolean;
}

/** One thing that a gate found wrong, where a sentence and a figure are not enough. */
export interface GateFinding {
  readonly message: string;
  /** The prediction test that does not hold. */
  readonly test?: string;
  /** Where that test stands: its file as the gate names it, and its line from 1. */
  readonly file?: string;
  readonly line?: number;
  /** The smallest input that shows it, as people read it. */
  readonly input?: string;
}

export interface Verdict {
  readonly gate: string;
  /** Which gate of the project file it is of: `metric`, `bias`, `fuzz`. Absent on verdicts of earlier releases, whose name begins with it. */
  readonly kind?: string;
  readonly status: VerdictStatus;
  /** One plain sentence. */
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  readonly findings?: readonly GateFinding[];
}
