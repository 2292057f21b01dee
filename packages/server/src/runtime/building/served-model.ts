import { columnOf, tableFromRows, type Row, type Schema, type Table } from '@twinloop/kernel';
import type { FittedModel } from '@twinloop/loop/building';
import type { GateContext } from '@twinloop/loop/testing';
import { bindModel, decodeDocument } from '@twinloop/model';

type Served = NonNullable<GateContext['served']>;

/** A model as clients would meet it, beside what tests ask of it. */
export interface ServedModel extends Served {
  readonly classes: readonly string[];
  /** One score of one row, for timing. */
  readonly score: (row: Row) => number | Promise<number>;
}

/** Inputs with the types of the data that the model learned from; text where the data does not have the column. */
function typedInputs(names: readonly string[], rows: Table): Served['inputs'] {
  return names.map(name => ({ name, type: columnOf(rows, name)?.type ?? 'string' }));
}

/**
 * Makes the fit that would serve answer as it would: built-in models row by row through the evaluator that serves them,
 * batches through the one that scores files.
 */
export function servedModel(
  { format, bytes, model }: FittedModel,
  ports: { readonly inputs: readonly string[]; readonly rows: Table },
): ServedModel {
  if (format !== 'twinloop-model') {
    const inputs = typedInputs(ports.inputs, ports.rows);
    const schema: Schema = inputs.map(input => ({ ...input, nullable: true }));
    const many = (rows: readonly Row[]): Promise<Float64Array> => model.predict(tableFromRows(schema, rows));
    const one = (row: Row): Promise<Float64Array> => many([row]);
    return { inputs, classes: [], one, many, score: async row => (await one(row))[0]! };
  }
  const bound = bindModel(decodeDocument(bytes));
  const { inputs } = bound.features;
  const schema: Schema = inputs.map(input => ({ ...input, nullable: true }));
  const out = new Float64Array(bound.outputs);
  return {
    inputs,
    classes: bound.classes,
    one(row) {
      bound.predictInto(row, out, 0);
      return out;
    },
    many: rows => bound.predictTable(tableFromRows(schema, rows)),
    score: row => bound.predictRow(row),
  };
}
