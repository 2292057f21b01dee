import type { Json, Task } from '@twinloop/kernel';

export interface TrainConfig {
  /** Default: the only dataset with a label. */
  readonly dataset?: string;
  readonly task: Task;
  /** Which candidate goes into service first; later ones are chosen on the hold-out. Default: the best one. */
  readonly first?: string;
  readonly candidates: {
    /** Trainer names: `linear`, `gbt`, or `command`. */
    readonly algorithms: readonly string[];
    /** How much of the past each candidate learns from: a duration, or `all`. */
    readonly windows: readonly string[];
  };
  /** Parameters by algorithm. */
  readonly parameters: Readonly<Record<string, Json>>;
  /** The newest share of the rows, kept for choosing and for the gates. */
  readonly holdout: number;
  /** Virtual time that a training run costs in a replay. */
  readonly takes: string;
  readonly seed: number;
  /** What a gate that could not be judged does to the run. Default `fail`: unproven is not passed. */
  readonly inconclusive?: 'fail' | 'pass';
  /** The project's own code tests: a command run in the project's directory, and the JUnit file it writes. */
  readonly test?: { readonly command: readonly string[]; readonly junit?: string; readonly timeout: string };
  /** The trainer `command`: reads `TWINLOOP_TRAIN` (Parquet), writes `TWINLOOP_MODEL` and `TWINLOOP_METRICS`. */
  readonly command?: { readonly run: readonly string[]; readonly timeout: string };
}
