import type { Row, Table } from '@twinloop/kernel';
import type { Calibration, ModelDocument } from '../documents/document.js';
import { bindFeatures, type FeatureBinding } from '../features/bind.js';
import type { Lookups } from '../features/lookup.js';
import { compileLinear } from './linear.js';
import { compileQuickScorer, fitsQuickScorer } from './quick-scorer.js';
import { compileTrees, type RawScore } from './trees.js';

/** A model ready to answer. Synchronous; one row costs microseconds. */
export interface BoundModel {
  readonly features: FeatureBinding;
  /** Probability of the positive class, or the predicted value. @throws input_missing · input_type · feature_leak */
  predictRow(row: Row): number;
  /** @throws dataset_column_missing · input_type · feature_leak */
  predictTable(table: Table): Float64Array;
  /** Scores encoded rows (row-major rows × width), as the ONNX export does. */
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

function rawScore({ body, features: { features } }: ModelDocument): RawScore {
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
 * @throws invalid_request when a join's lookup is missing · expression_invalid · model_invalid
 */
export function bindModel(document: ModelDocument, options: { readonly lookups?: Lookups } = {}): BoundModel {
  const features = bindFeatures(document.features, options);
  const raw = rawScore(document);
  const score = linked(raw, document.task, document.calibration);
  const scratch = new Float64Array(features.width);
  const predictEncoded = (x: Float64Array, rows: number): Float64Array => {
    const out = new Float64Array(rows);
    for (let row = 0; row < rows; row++) out[row] = score(x, row * features.width);
    return out;
  };
  return {
    features,
    predictRow(row) {
      features.encodeRow(row, scratch);
      return score(scratch, 0);
    },
    predictTable: table => predictEncoded(features.encodeTable(table), table.rows),
    predictEncoded,
  };
}
