import type { Row, Table } from '@twinloop/kernel';
import type { Calibration, GbtBody, LinearBody, ModelDocument, SoftmaxBody } from '../documents/document.js';
import { bindFeatures, type FeatureBinding } from '../features/bind.js';
import type { PlannedFeature } from '../features/spec.js';
import { compileLinear } from './linear.js';
import { compileQuickScorer, fitsQuickScorer } from './quick-scorer.js';
import { compileTrees, type RawScore } from './trees.js';

/** A model ready to answer. Synchronous; one row costs microseconds. */
export interface BoundModel {
  readonly features: FeatureBinding;
  /** In the order of a row's outputs; empty for models of one score. */
  readonly classes: readonly string[];
  /** Numbers that a row is answered with: 1, or one probability a class. */
  readonly outputs: number;
  /** Probability of the positive class, the predicted value, or the largest of the classes' probabilities. @throws input_missing · input_type */
  predictRow(row: Row): number;
  /** All outputs of a row into `out[offset … offset + outputs)`. @throws as {@link predictRow} */
  predictInto(row: Row, out: Float64Array, offset: number): void;
  /** Row-major rows × outputs. @throws dataset_column_missing · input_type */
  predictTable(table: Table): Float64Array;
  /** Answers encoded rows (row-major rows × width), as the ONNX export does: rows × outputs. */
  predictEncoded(x: Float64Array, rows: number): Float64Array;
}

/** Numerically stable on both sides: exp never overflows. */
export function sigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
}

/** Body → score: calibration, then the link. */
function linked(raw: RawScore, task: ModelDocument['task'], calibration: Calibration | undefined): RawScore {
  const { intercept, slope } = calibration ?? { intercept: 0, slope: 1 };
  const score: RawScore = calibration === undefined ? raw : (x, offset) => intercept + slope * raw(x, offset);
  return task === 'binary' ? (x, offset) => sigmoid(score(x, offset)) : score;
}

function rawScore(body: LinearBody | GbtBody, features: readonly PlannedFeature[]): RawScore {
  if (body.kind === 'linear') return compileLinear(body);
  if (!fitsQuickScorer(body)) return compileTrees(body);
  return compileQuickScorer(body, features.length, f => {
    const feature = features[f]!;
    return feature.type === 'categorical' ? feature.categories.length : 0;
  });
}

/**
 * Makes a document executable. One scratch row is reused, so a bound model serves one caller at a time (calls are
 * synchronous, so on one thread that is always so).
 * @throws expression_invalid · model_invalid
 */
export function bindModel(document: ModelDocument): BoundModel {
  const features = bindFeatures(document.features);
  if (document.body.kind === 'softmax') return bindSoftmax(document.body, document, features);
  const raw = rawScore(document.body, document.features.features);
  const score = linked(raw, document.task, document.calibration);
  const scratch = new Float64Array(features.width);
  const predictEncoded = (x: Float64Array, rows: number): Float64Array => {
    const out = new Float64Array(rows);
    for (let row = 0; row < rows; row++) out[row] = score(x, row * features.width);
    return out;
  };
  return {
    features,
    classes: [],
    outputs: 1,
    predictInto(row, out, offset) {
      features.encodeRow(row, scratch);
      out[offset] = score(scratch, 0);
    },
    predictRow(row) {
      features.encodeRow(row, scratch);
      return score(scratch, 0);
    },
    predictTable: table => predictEncoded(features.encodeTable(table), table.rows),
    predictEncoded,
  };
}

/** Turns raw scores `out[at … at + k)` into probabilities in place; the largest is subtracted, so exp never overflows. */
export function softmax(out: Float64Array, at: number, k: number): void {
  let top = out[at]!;
  for (let c = at + 1; c < at + k; c++) if (out[c]! > top) top = out[c]!;
  let sum = 0;
  for (let c = at; c < at + k; c++) sum += out[c] = Math.exp(out[c]! - top);
  for (let c = at; c < at + k; c++) out[c]! /= sum;
}

function bindSoftmax(body: SoftmaxBody, document: ModelDocument, features: FeatureBinding): BoundModel {
  const { width } = features;
  const scores = body.perClass.map(one => rawScore(one, document.features.features));
  const k = scores.length;
  const answer = (x: Float64Array, offset: number, out: Float64Array, at: number): void => {
    for (let c = 0; c < k; c++) out[at + c] = scores[c]!(x, offset);
    softmax(out, at, k);
  };
  const scratch = new Float64Array(width);
  const single = new Float64Array(k);
  const predictEncoded = (x: Float64Array, rows: number): Float64Array => {
    const out = new Float64Array(rows * k);
    for (let row = 0; row < rows; row++) answer(x, row * width, out, row * k);
    return out;
  };
  const predictInto = (row: Row, out: Float64Array, offset: number): void => {
    features.encodeRow(row, scratch);
    answer(scratch, 0, out, offset);
  };
  return {
    features,
    classes: document.classes!,
    outputs: k,
    predictRow(row) {
      predictInto(row, single, 0);
      return Math.max(...single);
    },
    predictInto,
    predictTable: table => predictEncoded(features.encodeTable(table), table.rows),
    predictEncoded,
  };
}
