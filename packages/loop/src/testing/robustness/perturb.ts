import { type Column, type Rng, type Table } from '@twinloop/kernel';
import type { RobustnessGate } from '../config.js';
import type { ModelInput } from '../gate-context.js';

/** One way of damaging the inputs. */
export interface Perturbation {
  /** As people read it: `temp missing`. */
  readonly name: string;
  apply(rows: Table): Table;
}

/** A category that no training data holds. */
export const UNSEEN = '\u2370 never seen before';

function change(rows: Table, names: ReadonlySet<string>, make: (column: Column) => Column): Table {
  return {
    rows: rows.rows,
    columns: rows.columns.map(column => (names.has(column.name) ? make(column) : column)),
  };
}

function missing(column: Column): Column {
  return column.type === 'string'
    ? { ...column, values: new Array<null>(column.values.length).fill(null) }
    : { ...column, values: new Float64Array(column.values.length).fill(Number.NaN) };
}

function unseen(column: Column): Column {
  return column.type === 'string' ? { ...column, values: column.values.map(() => UNSEEN) } : column;
}

function scaled(factor: number): (column: Column) => Column {
  return column =>
    column.type === 'string' ? column : { ...column, values: column.values.map(value => value * factor) };
}

/** A standard normal number (Box & Muller 1958). */
function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
}

function deviation(values: Float64Array): number {
  let n = 0;
  let mean = 0;
  let squares = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    n++;
    const step = value - mean;
    mean += step / n;
    squares += step * (value - mean);
  }
  return n < 2 ? 0 : Math.sqrt(squares / (n - 1));
}

function noisy(share: number, rng: Rng): (column: Column) => Column {
  return column => {
    if (column.type === 'string') return column;
    const size = share * deviation(column.values);
    return { ...column, values: column.values.map(value => value + size * normal(rng)) };
  };
}

/** What a gate asks to be tried, in the order in which it is told. Standard deviations are those of the rows themselves. */
export function perturbations(
  gate: RobustnessGate,
  inputs: readonly ModelInput[],
  rng: Rng,
): readonly Perturbation[] {
  const numbers = inputs.filter(({ type }) => type === 'number').map(({ name }) => name);
  const texts = inputs.filter(({ type }) => type === 'string').map(({ name }) => name);
  const found: Perturbation[] = [];
  if (gate.noise > 0 && numbers.length > 0) {
    const all = new Set(numbers);
    found.push({
      name: `noise of ${gate.noise} standard deviations`,
      apply: rows => change(rows, all, noisy(gate.noise, rng)),
    });
  }
  const each = (names: readonly string[], how: string, make: (column: Column) => Column): void => {
    for (const name of names)
      found.push({ name: `${name} ${how}`, apply: rows => change(rows, new Set([name]), make) });
  };
  if (gate.missing)
    each(
      inputs.map(({ name }) => name),
      'missing',
      missing,
    );
  if (gate.unseen) each(texts, 'never seen', unseen);
  if (gate.scale !== undefined) each(numbers, `times ${gate.scale}`, scaled(gate.scale));
  return found;
}
