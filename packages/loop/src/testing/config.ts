/**
 * What an interval must say. `estimate`: the point estimate decides. `interval`: it passes when the whole interval keeps
 * the limit, fails when the whole interval breaks it, and is inconclusive between. `harm`: it fails only when the whole
 * interval breaks the limit.
 */
export type Decide = 'estimate' | 'interval' | 'harm';

interface Judged {
  readonly decide: Decide;
  readonly confidence: number;
}

/** A figure of the answers lies within bounds, or is not worse than the champion's. */
export interface MetricGate {
  readonly gate: 'metric';
  readonly metric: string;
  /** Of one class: of which. */
  readonly class?: string;
  readonly min?: number;
  readonly max?: number;
  readonly against?: 'champion';
  /** With `against`: how much worse does not matter, in units of the figure. */
  readonly tolerance?: number;
  readonly decide?: Decide;
  readonly confidence?: number;
}

/** Not worse than the champion on the same held-out rows (paired), by more than `tolerance`. */
export interface ChampionGate {
  readonly gate: 'champion';
  readonly metric: string;
  readonly tolerance: number;
  readonly confidence: number;
}

/** A fairness figure between groups of people, or of anything else, lies within its limit. */
export interface BiasGate extends Judged {
  readonly gate: 'bias';
  readonly metric: string;
  /** Columns of the data; several are crossed. */
  readonly attributes: readonly string[];
  readonly max?: number;
  readonly min?: number;
  /** The probability from which an answer counts as positive. */
  readonly threshold: number;
  /** Of several classes: the answer that counts as positive. */
  readonly class?: string;
  readonly minGroup: number;
}

/** No part of the rows is worse off: than with the champion, or than the other rows. */
export interface SlicesGate extends Judged {
  readonly gate: 'slices';
  readonly against: 'champion' | 'overall';
  /** Columns whose values are the slices; without it the worst are searched for. */
  readonly by?: readonly string[];
  readonly metric: string;
  readonly tolerance: number;
  readonly minRows: number;
}

/** Small or plausible damage to the inputs does little damage to the answers. */
export interface RobustnessGate extends Judged {
  readonly gate: 'robustness';
  readonly metric: string;
  /** Noise on every number, in standard deviations of its column; 0 for none. */
  readonly noise: number;
  /** Each input missing, one at a time. */
  readonly missing: boolean;
  /** A category that was never seen, one column at a time. */
  readonly unseen: boolean;
  /** Each number times this factor, one column at a time: a unit that was mistaken. */
  readonly scale?: number;
  /** How much the mean loss may rise. */
  readonly loss?: number;
  /** The share of answers that may change sides. */
  readonly flips?: number;
  readonly rows: number;
}

export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** What was said to be 20 % probable comes in about 20 % of the cases. */
export interface CalibrationGate extends Judged {
  readonly gate: 'calibration';
  readonly ece?: Bounds;
  readonly slope?: Bounds;
  readonly intercept?: Bounds;
}

/** Whatever comes in, the answer is a number, the same one each time, and in time. */
export interface FuzzGate {
  readonly gate: 'fuzz';
  /** Random combinations beside the systematic cases. */
  readonly rows: number;
  readonly seed: number;
  /** The longest that one answer may take. */
  readonly within: string;
}

export interface PredictionsGate {
  readonly gate: 'predictions';
  readonly file: string;
}

export type GateConfig =
  | MetricGate
  | ChampionGate
  | BiasGate
  | SlicesGate
  | RobustnessGate
  | CalibrationGate
  | FuzzGate
  | PredictionsGate
  | { readonly gate: 'latency'; readonly p99: string }
  | { readonly gate: 'size'; readonly max: string };
export type GatesConfig = readonly GateConfig[];
