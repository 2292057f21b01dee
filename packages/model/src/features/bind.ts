import { type Row, type Scalar, type Table, TwinloopError } from '@twinloop/kernel';
import { compileFeatures } from './program.js';
import type { FeaturePlan, InputColumn, PlannedWord } from './spec.js';
import { tableReader } from './table-reader.js';
import { textEncoder } from '../text/encode-text.js';

export interface FeatureBinding {
  /** Features a row is encoded to. */
  readonly width: number;
  readonly names: readonly string[];
  readonly inputs: readonly InputColumn[];
  /**
   * Encodes a row into `out[offset … offset + width)`. Numbers stay (missing or infinite is NaN), a category becomes
   * its index in the plan (missing or unknown is NaN), a text the weights of the plan's words.
   * @throws input_missing · input_type
   */
  encodeRow(row: Row, out: Float64Array, offset?: number): void;
  /** Row-major rows × width, equal to {@link encodeRow} to the last bit. @throws dataset_column_missing · input_type */
  encodeTable(table: Table): Float64Array;
}

function encoder(categories: readonly string[] | undefined): (value: Scalar) => number {
  if (categories === undefined) {
    return value => {
      if (typeof value === 'number') return Number.isFinite(value) ? value : Number.NaN;
      return typeof value === 'boolean' ? Number(value) : Number.NaN;
    };
  }
  const index = new Map(categories.map((category, i) => [category, i]));
  return value => {
    if (value === null) return Number.NaN;
    return index.get(typeof value === 'string' ? value : String(value)) ?? Number.NaN;
  };
}

/**
 * Makes a plan executable. Not reentrant but cheap to call: one set of slots is reused between rows.
 * @throws expression_invalid · model_invalid when plan and spec disagree
 */
export function bindFeatures(plan: FeaturePlan): FeatureBinding {
  const program = compileFeatures(plan.spec, plan.inputs);
  const width = plan.features.length;
  // The plan's order holds: a stored spec has its keys sorted, and derived features stand in the order of the keys.
  const slotNamed = new Map(program.candidates.map(({ name, slot }) => [name, slot]));
  const names = plan.features.map(feature => feature.name);
  const planned = plan.features.map(f => (f.type === 'numeric' && f.text !== undefined ? f.text : undefined));
  const plain = planned.findIndex(word => word !== undefined);
  const count = plain < 0 ? width : plain;
  // Each text column's words stand together, in the spec's order.
  let next = count;
  const texts = program.texts.map(({ name, slot }) => {
    const at = next;
    while (planned[next]?.column === name) next++;
    const words = planned.slice(at, next) as PlannedWord[];
    return { slot, at, encode: textEncoder(words) };
  });
  const own = names.slice(0, count);
  if (slotNamed.size !== count || !own.every(name => slotNamed.has(name)) || next !== width) {
    throw new TwinloopError('model_invalid', {
      field: 'features',
      values: { file: 'the document', reason: 'its features are not those of its feature spec' },
    });
  }
  const slotOf = Int32Array.from(own, name => slotNamed.get(name)!);
  const encoders = plan.features
    .slice(0, count)
    .map(f => encoder(f.type === 'categorical' ? f.categories : undefined));
  const slots = program.newSlots();
  const encode = (out: Float64Array, offset: number): void => {
    program.run(slots);
    for (let f = 0; f < count; f++) out[offset + f] = encoders[f]!(slots[slotOf[f]!]!);
    for (const { slot, at, encode: write } of texts) write(slots[slot]!, out, offset + at);
  };
  return {
    width,
    names,
    inputs: plan.inputs,
    encodeRow(row, out, offset = 0) {
      program.readRow(row, slots);
      encode(out, offset);
    },
    encodeTable(table) {
      const read = tableReader(table, plan.inputs);
      const out = new Float64Array(table.rows * width);
      for (let row = 0; row < table.rows; row++) {
        read(row, slots);
        encode(out, row * width);
      }
      return out;
    },
  };
}
