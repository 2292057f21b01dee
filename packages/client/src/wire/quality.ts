/** Wire types of model quality over late labels, of slices, fairness and edge cases. */
import type { Json, Scalar, Task } from '@twinloop/kernel';

/** A figure with its confidence interval and what it rests on. */
export interface Estimated {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** `GET /endpoints/:endpoint/quality`: figures are of the answers that clients got, on labels that have arrived. */
export interface QualityView {
  readonly endpoint: string;
  readonly task: Task;
  readonly now: number;
  /** In the order in which people want to see them; the first is the watched loss. */
  readonly metrics: readonly QualityMetricView[];
  readonly windows: readonly QualityWindowView[];
  /** Null where there are no probabilities, or too few labels. */
  readonly calibration: CalibrationView | null;
  readonly baseRate: BaseRateView | null;
  readonly slices: SlicesView | null;
  /** How the estimates without labels compare with what the labels said later. */
  readonly estimator: EstimatorView | null;
  /** How labels that came twice with other values were treated. */
  readonly labels: {
    readonly policy: 'last' | 'first' | 'reject';
    readonly corrected: number;
    readonly rejected: number;
  };
}
export interface QualityMetricView {
  readonly metric: string;
  readonly title: string;
  readonly unit: string | null;
  readonly higherIsBetter: boolean;
  /** On the champion's hold-out. */
  readonly training: number | null;
}
export interface QualityWindowView {
  readonly from: number;
  readonly until: number;
  readonly predictions: number;
  readonly labelled: number;
  /** Versions that answered in it. */
  readonly versions: readonly string[];
  /** By metric name; absent where it cannot be said (no labels, one class). */
  readonly realised: Readonly<Record<string, Estimated>>;
  /** Estimated from the answers alone, by metric name. */
  readonly estimated: Readonly<Record<string, Estimated>>;
}
export interface CalibrationView {
  readonly n: number;
  readonly error: Estimated;
  readonly slope: number;
  readonly intercept: number;
  readonly bins: readonly {
    readonly low: number;
    readonly high: number;
    readonly predicted: number;
    readonly observed: Estimated;
  }[];
}
/** Of the last settled window against training: a mean label far from it asks whether the world or the labels changed. */
export interface BaseRateView {
  readonly training: number;
  readonly observed: Estimated;
  readonly predicted: number;
  readonly sentence: string;
}
export interface SlicesView {
  readonly from: number;
  readonly until: number;
  readonly rows: number;
  /** Slices that were looked at; the correction counts them all. */
  readonly searched: number;
  readonly alpha: number;
  readonly overall: Estimated;
  /** Worst first; none is a result, too. */
  readonly found: readonly {
    readonly text: string;
    readonly predicates: readonly { readonly column: string; readonly value: string }[];
    readonly loss: Estimated;
    readonly rest: number;
    readonly adjustedP: number;
  }[];
}
export interface EstimatorView {
  readonly metric: string;
  readonly windows: number;
  /** Windows whose realised figure lay within the estimate's interval. */
  readonly inside: number;
  readonly bias: number;
  readonly sentence: string;
}

/** `GET /endpoints/:endpoint/fairness`: of the champion on labelled live answers, and of its gates. */
export interface FairnessView {
  readonly endpoint: string;
  readonly from: number;
  readonly until: number;
  readonly rows: number;
  /** The probability from which an answer counts as positive. */
  readonly threshold: number;
  /** Groups with fewer labels are shown, but not compared. */
  readonly minGroup: number;
  readonly attributes: readonly FairnessAttributeView[];
}
export interface FairnessAttributeView {
  /** One column, or several joined by ` × `. */
  readonly attribute: string;
  readonly metrics: readonly string[];
  readonly groups: readonly {
    readonly group: string;
    readonly n: number;
    readonly metrics: Readonly<Record<string, Estimated>>;
  }[];
  readonly disparities: readonly {
    readonly metric: string;
    readonly title: string;
    /** Null where fewer than two groups can be compared. */
    readonly value: number | null;
    readonly low: number | null;
    readonly high: number | null;
    /** The two groups that are furthest apart. */
    readonly between: readonly [string, string] | null;
    /** The limit of a gate or monitor, if one is declared. */
    readonly limit: number | null;
    readonly status: 'pass' | 'fail' | 'inconclusive' | null;
    readonly sentence: string;
  }[];
}

/** `GET /endpoints/:endpoint/edge-cases`: requests unlike anything in training, strangest first. */
export interface EdgeCasesView {
  readonly endpoint: string;
  readonly from: number;
  readonly until: number;
  readonly requests: number;
  /** Share of training rows that score at least as high as the limit. */
  readonly expected: number;
  readonly limit: number;
  readonly outside: number;
  readonly kinds: readonly {
    readonly kind: EdgeCaseKind;
    readonly column: string | null;
    readonly count: number;
  }[];
  readonly cases: readonly EdgeCaseView[];
  /** Prediction tests that were made of edge cases. */
  readonly tests: readonly EdgeTestView[];
}
export type EdgeCaseKind = 'out-of-distribution' | 'out-of-range' | 'unseen-category' | 'missing';
export interface EdgeCaseView {
  readonly id: string;
  readonly at: number;
  /** How unlike training: the share of training rows that are less strange. */
  readonly strangeness: number;
  readonly reasons: readonly {
    readonly kind: EdgeCaseKind;
    readonly column: string | null;
    readonly text: string;
  }[];
  readonly inputs: Readonly<Record<string, Scalar>>;
  readonly score: number;
  readonly label: number | null;
  /** The prediction test as it would stand in a file. */
  readonly test: string;
  readonly tested: boolean;
}
export interface EdgeTestView {
  readonly name: string;
  readonly prediction: string;
  readonly addedAt: number;
  readonly by: string;
  readonly test: Json;
}
/** `POST /endpoints/:endpoint/edge-cases/:id/test`; all is optional. */
export interface EdgeTestInput {
  readonly name?: string;
  readonly min?: number;
  readonly max?: number;
}
