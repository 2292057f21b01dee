import type { Json, Task } from '@twinloop/kernel';
import type { FeaturePlan, InputColumn } from '../features/spec.js';

/** A linear model over encoded features: `intercept + Σ weight·(x − mean)/scale + Σ weights[category]`. */
export interface LinearBody {
  readonly kind: 'linear';
  readonly intercept: number;
  /** A missing number counts as the mean. */
  readonly numeric: readonly {
    readonly feature: number;
    readonly mean: number;
    readonly scale: number;
    readonly weight: number;
  }[];
  /** `unknown` is the weight of missing, rare and unseen categories. */
  readonly categorical: readonly {
    readonly feature: number;
    readonly weights: readonly number[];
    readonly unknown: number;
  }[];
}

/**
 * One tree as parallel lists over its inner nodes (root first); a child ≥ 0 is a node, a child < 0 is leaf `~child`.
 * A number goes left when `x ≤ threshold`, a category when it is listed in `categories`; a missing value where
 * `missingLeft` says. A tree without inner nodes is its first leaf.
 */
export interface Tree {
  readonly feature: readonly number[];
  readonly threshold: readonly (number | null)[];
  readonly categories: readonly (readonly number[] | null)[];
  readonly missingLeft: readonly boolean[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Leaf values, learning rate included. */
  readonly leaves: readonly number[];
}

/** Gradient-boosted trees: `base + Σ leaf` over all trees, in order. */
export interface GbtBody {
  readonly kind: 'gbt';
  readonly base: number;
  readonly trees: readonly Tree[];
}

/** Several classes: one body of the document's algorithm a class, in the order of `classes`; probabilities are their softmax. */
export interface SoftmaxBody {
  readonly kind: 'softmax';
  readonly perClass: readonly (LinearBody | GbtBody)[];
}

/** Applied to the raw score: `intercept + slope · z`. On the logit scale for binary models. */
export interface Calibration {
  readonly intercept: number;
  readonly slope: number;
}

/** A built-in model, complete: features, encoders, body. Binary models end in a sigmoid, multi-class ones in a softmax. */
export interface ModelDocument {
  readonly format: 'twinloop-model/1';
  readonly task: Task;
  readonly algorithm: 'linear' | 'gbt';
  readonly label: string;
  /** Of multi-class models only: the label's values as text, at least two, each once. */
  readonly classes?: readonly string[];
  readonly features: FeaturePlan;
  readonly body: LinearBody | GbtBody | SoftmaxBody;
  /** Single-score models only. */
  readonly calibration?: Calibration;
  readonly training: { readonly rows: number; readonly seed: number; readonly parameters: Json };
  /** Feature → share, summing to 1 (all 0 when the model uses none). */
  readonly importance: Readonly<Record<string, number>>;
}

export interface Signature {
  readonly inputs: readonly InputColumn[];
  readonly outputs: readonly SignatureOutput[];
}

export interface SignatureOutput {
  readonly name: string;
  readonly type: 'number' | 'string';
  /** Names of the columns, when there are several. */
  readonly classes?: readonly string[];
}

/** What a model asks for and gives: its raw inputs, and one score a row; or the probabilities of all classes and the likeliest. */
export function signatureOf(document: ModelDocument): Signature {
  if (document.task === 'multiclass') {
    return {
      inputs: document.features.inputs,
      outputs: [
        { name: 'probabilities', type: 'number', classes: document.classes! },
        { name: 'class', type: 'string' },
      ],
    };
  }
  const output = document.task === 'binary' ? 'probability' : 'value';
  return { inputs: document.features.inputs, outputs: [{ name: output, type: 'number' }] };
}

/** The same model with its scores corrected; replaces an earlier calibration. */
export function withCalibration(document: ModelDocument, calibration: Calibration): ModelDocument {
  const { intercept, slope } = calibration;
  return { ...document, calibration: { intercept, slope } };
}
