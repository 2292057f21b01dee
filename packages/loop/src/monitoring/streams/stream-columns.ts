import { type Column, columnOf, type Table } from '@twinloop/kernel';
import { type CategoryReference, type DriftReference, levelOf, OTHER } from '../reference.js';

/** A column with a smaller share of the model's importance is not watched: what moves there moves no answer. */
const MATTERS = 0.02;
/** The heaviest so many are watched. */
const MOST = 16;

/** One input as a stream of numbers. */
export interface WatchedInput {
  readonly name: string;
  /** Share of training by level, for a category; a level that training never saw has none of it. Absent for numbers. */
  readonly shares?: Readonly<Record<string, number>>;
}

/**
 * The inputs that are worth watching, heaviest first: numbers as they are, categories by the share that their level had
 * in training. Texts are left to the windows.
 */
export function watchedInputs({ columns, importance }: DriftReference): readonly WatchedInput[] {
  return columns
    .filter(({ name, type }) => type !== 'text' && (importance[name] ?? 0) >= MATTERS)
    .sort((a, b) => importance[b.name]! - importance[a.name]! || (a.name < b.name ? -1 : 1))
    .slice(0, MOST)
    .map(column =>
      column.type === 'category' ? { name: column.name, shares: sharesOf(column) } : { name: column.name },
    );
}

/** The watched inputs of a table's rows, a list of numbers each; missing numbers are NaN. */
export function streamsOf(inputs: readonly WatchedInput[], table: Table): readonly Float64Array[] {
  return inputs.map(({ name, shares }) => {
    const column = columnOf(table, name);
    if (column === undefined) return new Float64Array(table.rows).fill(Number.NaN);
    if (shares === undefined) return numbers(column);
    const rest = Object.hasOwn(shares, OTHER) ? shares[OTHER]! : 0;
    const coded = new Float64Array(table.rows);
    for (let row = 0; row < table.rows; row++) {
      const level = levelOf(column.values[row]!);
      coded[row] = Object.hasOwn(shares, level) ? shares[level]! : rest;
    }
    return coded;
  });
}

function sharesOf({ counts, rows }: CategoryReference): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counts).map(([level, count]) => [level, count / rows]));
}

function numbers(column: Column): Float64Array {
  if (column.type === 'string') return new Float64Array(column.values.length).fill(Number.NaN);
  return column.values.map(value => (Number.isFinite(value) ? value : Number.NaN));
}
