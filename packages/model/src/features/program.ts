import { type ColumnType, type Row, type Scalar, TwinloopError } from '@twinloop/kernel';
import { columnsOf, type Expression } from '../expressions/ast.js';
import { compileOver, typeOfExpression, type Evaluate } from '../expressions/compile.js';
import { parseExpression } from '../expressions/parse.js';
import type { FeatureSpec, InputColumn } from './spec.js';

/** All values of one row by slot: inputs, then derived ones. */
export type Slots = Scalar[];

export interface CandidateFeature {
  readonly name: string;
  readonly type: ColumnType;
  readonly slot: number;
}

/** A compiled spec: fills the slots of a row. Fitting and both ways of encoding run it, so they cannot differ. */
export interface FeatureProgram {
  readonly inputs: readonly InputColumn[];
  /** What may become a feature, in order: not dropped, not a time, not read as text. */
  readonly candidates: readonly CandidateFeature[];
  /** Columns that are read word by word, in the spec's order. */
  readonly texts: readonly CandidateFeature[];
  newSlots(): Slots;
  /** Reads and checks the inputs of a row. @throws input_missing · input_type */
  readRow(row: Row, slots: Slots): void;
  /** Fills derived slots from the inputs. */
  run(slots: Slots): void;
}

function reader(input: InputColumn): (row: Row) => Scalar {
  const { name, type } = input;
  const wrong = (value: Scalar): never => {
    throw new TwinloopError('input_type', {
      field: name,
      values: { input: name, actual: typeof value, expected: type },
    });
  };
  const missing = (): never => {
    throw new TwinloopError('input_missing', { field: name, values: { input: name } });
  };
  return row => {
    const value = row[name];
    if (value === undefined) return missing();
    if (value === null) return null;
    if (type === 'string') return typeof value === 'string' ? value : wrong(value);
    if (typeof value === 'string') return wrong(value);
    if (type === 'boolean')
      return typeof value === 'boolean' ? value : Number.isNaN(value) ? null : value !== 0;
    const number = Number(value);
    return Number.isFinite(number) ? number : null;
  };
}

function refuse(field: string, reason: string): never {
  throw new TwinloopError('invalid_request', { field, values: { reason } });
}

/** Derived features in an order in which each comes after those it uses. @throws expression_invalid on a circle */
function inOrder(derived: ReadonlyMap<string, Expression>): readonly string[] {
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (name: string): void => {
    if (state.get(name) === 'done') return;
    if (state.get(name) === 'open') {
      throw new TwinloopError('expression_invalid', {
        field: `features/derive/${name}`,
        values: { expression: name, reason: 'it depends on itself' },
      });
    }
    state.set(name, 'open');
    for (const used of columnsOf(derived.get(name)!)) if (derived.has(used)) visit(used);
    state.set(name, 'done');
    order.push(name);
  };
  for (const name of derived.keys()) visit(name);
  return order;
}

/**
 * Compiles a spec over inputs of known types.
 * @throws expression_invalid · invalid_request (unknown names, names given twice)
 */
export function compileFeatures(spec: FeatureSpec, inputs: readonly InputColumn[]): FeatureProgram {
  const slotOf = new Map<string, number>();
  const types = new Map<string, ColumnType>();
  const declare = (name: string, type: ColumnType, field: string): number => {
    if (slotOf.has(name)) refuse(field, `"${name}" is declared twice`);
    slotOf.set(name, slotOf.size);
    types.set(name, type);
    return slotOf.size - 1;
  };
  for (const input of inputs) declare(input.name, input.type, 'features/inputs');
  const readers = inputs.map(reader);
  const steps: ((slots: Slots) => void)[] = [];
  const derived = new Map<string, Expression>();
  for (const [name, text] of Object.entries(spec.derive ?? {})) derived.set(name, parseExpression(text));
  for (const name of inOrder(derived)) {
    const expression = derived.get(name)!;
    const field = `features/derive/${name}`;
    const typeOf = (column: string): ColumnType =>
      types.get(column) ??
      refuse(field, `${field} uses "${column}", which is neither an input, looked up nor derived`);
    for (const column of columnsOf(expression)) typeOf(column);
    const type = typeOfExpression(expression, typeOf) ?? 'number';
    const read = (column: string): Evaluate<Slots> => {
      const slot = slotOf.get(column)!;
      return slots => slots[slot]!;
    };
    const evaluate = compileOver<Slots>(expression, read, { timezone: spec.timezone ?? 'UTC' });
    const slot = declare(name, type, field);
    steps.push(slots => {
      slots[slot] = evaluate(slots);
    });
  }
  const texts = (spec.text ?? []).map(({ column }, i) => {
    const field = `features/text/${i}`;
    if (!slotOf.has(column)) refuse(field, `"${column}" is not a feature`);
    if (types.get(column) !== 'string') refuse(field, `"${column}" is ${types.get(column)}, not text`);
    return { name: column, type: 'string', slot: slotOf.get(column)! } as const;
  });
  const dropped = new Set([...(spec.drop ?? []), ...texts.map(({ name }) => name)]);
  for (const name of [...dropped, ...(spec.categorical ?? [])])
    if (!slotOf.has(name)) refuse('features', `"${name}" is not a feature`);
  const candidates = [...inputs.map(({ name }) => name), ...derived.keys()]
    .map(name => ({ name, type: types.get(name)!, slot: slotOf.get(name)! }))
    .filter(candidate => !dropped.has(candidate.name) && candidate.type !== 'time');
  if (candidates.length + texts.length === 0) refuse('features', 'no feature is left');
  return {
    inputs,
    candidates,
    texts,
    newSlots: () => new Array<Scalar>(slotOf.size).fill(null),
    readRow(row, slots) {
      for (let i = 0; i < readers.length; i++) slots[i] = readers[i]!(row);
    },
    run(slots) {
      for (const step of steps) step(slots);
    },
  };
}
