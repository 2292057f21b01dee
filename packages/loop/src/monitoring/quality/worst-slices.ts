import { type Column, type Table } from '@twinloop/kernel';
import { shownLoss, type LossName, worstSlices as search } from '@twinloop/stats';
import { quarters } from './bands.js';
import { type Figure, lossFigure } from './quality-windows.js';

export interface WorstSlices {
  readonly rows: number;
  /** Slices that were looked at; the correction counts them all. */
  readonly searched: number;
  readonly alpha: number;
  readonly overall: Figure;
  /** Worst first. */
  readonly found: readonly {
    readonly text: string;
    readonly predicates: readonly { readonly column: string; readonly value: string }[];
    readonly loss: Figure;
    readonly rest: number;
    readonly adjustedP: number;
  }[];
}

const ALPHA = 0.05;
/** A column with more levels is searched by its most frequent ones. */
const MOST_LEVELS = 40;

interface Coded {
  readonly name: string;
  readonly codes: Int32Array;
  readonly levels: readonly string[];
}

/** A column as slices see it: the quarters of a number, the frequent levels of a category. Times and free text are none. */
function coded(column: Column): Coded | null {
  const { name } = column;
  if (column.type === 'time') return null;
  if (column.type === 'number') {
    const { codes, names } = quarters(column.values);
    return names.length < 2 ? null : { name, codes, levels: names };
  }
  const counts = new Map<string, number>();
  const levelOf = (row: number): string | null => {
    const value = column.values[row]!;
    if (value === null || typeof value === 'string') return value;
    return Number.isNaN(value) ? null : String(value !== 0);
  };
  for (let row = 0; row < column.values.length; row++) {
    const level = levelOf(row);
    if (level !== null) counts.set(level, (counts.get(level) ?? 0) + 1);
  }
  const levels = [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_LEVELS)
    .map(([level]) => level);
  if (levels.length < 2) return null;
  const numbers = new Map(levels.map((level, code) => [level, code]));
  return {
    name,
    codes: Int32Array.from(
      { length: column.values.length },
      (_, row) => numbers.get(levelOf(row) ?? '') ?? -1,
    ),
    levels,
  };
}

/**
 * The parts of the answers that do worst by a loss: every value of every input, and every pair. What is returned is worse
 * than the rest beyond chance, although it was picked from so many (Holm over all that were searched). Null with fewer
 * than 200 losses: then nothing can be said.
 */
export function worstSlices(inputs: Table, losses: Float64Array, loss: LossName): WorstSlices | null {
  const rows = losses.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
  if (rows < 200) return null;
  const columns = inputs.columns.flatMap(column => coded(column) ?? []);
  const { slices, searched } = search(
    losses,
    columns.map(({ codes }) => codes),
    { alpha: ALPHA },
  );
  const shown = (value: number): number => shownLoss(loss, Math.max(0, value)).value;
  return {
    rows,
    searched,
    alpha: ALPHA,
    overall: lossFigure(
      loss,
      losses.filter(value => !Number.isNaN(value)),
    ),
    found: slices.map(slice => {
      const predicates = slice.predicates.map(({ feature, code }) => ({
        column: columns[feature]!.name,
        value: columns[feature]!.levels[code]!,
      }));
      const inside = losses.filter(
        (value, row) =>
          !Number.isNaN(value) &&
          slice.predicates.every(({ feature, code }) => columns[feature]!.codes[row] === code),
      );
      return {
        text: predicates.map(({ column, value }) => `${column} ${value}`).join(', '),
        predicates,
        loss: lossFigure(loss, inside),
        rest: shown(slice.restMeanLoss),
        adjustedP: slice.adjustedP,
      };
    }),
  };
}
