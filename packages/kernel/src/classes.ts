import type { Column } from './scalar.js';

/** A class's name: texts as they are, numbers as JavaScript writes them, truth values as `true` and `false`. */
function className(column: Column, row: number): string | null {
  if (column.type === 'string') return column.values[row] ?? null;
  const value = column.values[row]!;
  if (Number.isNaN(value)) return null;
  return column.type === 'boolean' ? String(value !== 0) : String(value);
}

/** The distinct values of a label column as texts: numbers in order of size, texts by code unit; missing ones left out. */
export function classesOf(column: Column): readonly string[] {
  if (column.type === 'string') {
    const found = new Set<string>();
    for (const value of column.values) if (value !== null) found.add(value);
    return [...found].sort();
  }
  const found = new Set<number>();
  for (const value of column.values) if (!Number.isNaN(value)) found.add(value);
  return column.type === 'boolean'
    ? [...found].sort((a, b) => a - b).map(value => String(value !== 0))
    : [...found].sort((a, b) => a - b).map(String);
}

/** Each row's index into `classes`; -1 when its value is missing or not among them. */
export function classIndices(column: Column, classes: readonly string[]): Float64Array {
  const index = new Map(classes.map((name, i) => [name, i]));
  return Float64Array.from({ length: column.values.length }, (_, row) => {
    const name = className(column, row);
    return name === null ? -1 : (index.get(name) ?? -1);
  });
}

/**
 * What counts as given to a class that a model does not know: the bound to which comparisons clip every probability, so
 * that the rows of a new class are told apart from a hopeless model.
 */
export const UNKNOWN_CLASS = 0.005;

/** Row by row the probability that was given to the class that came; {@link UNKNOWN_CLASS} for one that is not among `classes`. @param probabilities row-major rows × classes */
export function probabilityOfTruth(
  probabilities: Float64Array,
  classes: readonly string[],
  truth: Column,
): Float64Array {
  return classIndices(truth, classes).map((index, row) =>
    index < 0 ? UNKNOWN_CLASS : probabilities[row * classes.length + index]!,
  );
}
