import { type Column, columnOf, formatFigure, type Table } from '@twinloop/kernel';
import { groupCodes, intersectGroups, quantile } from '@twinloop/stats';

export interface AttributeGroups {
  /** One column, or several joined by ` × `. */
  readonly attribute: string;
  /** A code a row; −1 where the attribute is missing. */
  readonly codes: Int32Array;
  readonly groups: readonly string[];
}

/** A number with more different values is compared by quarters. */
const MOST_NUMBERS = 10;

function banded(column: Exclude<Column, { type: 'string' }>): {
  codes: Int32Array;
  levels: readonly string[];
} {
  const present = column.values.filter(value => !Number.isNaN(value)).sort();
  const cuts = [...new Set([0.25, 0.5, 0.75].map(level => quantile(present, level)))];
  const codes = Int32Array.from(column.values, value =>
    Number.isNaN(value) ? -1 : cuts.filter(cut => value >= cut).length,
  );
  const levels = Array.from({ length: cuts.length + 1 }, (_, band) =>
    band === 0
      ? `below ${formatFigure(cuts[0]!)}`
      : band === cuts.length
        ? `${formatFigure(cuts.at(-1)!)} and more`
        : `${formatFigure(cuts[band - 1]!)} to ${formatFigure(cuts[band]!)}`,
  );
  return { codes, levels };
}

function codesOf(column: Column): { codes: Int32Array; levels: readonly string[] } {
  if (column.type === 'string') {
    const { codes, levels } = groupCodes(column.values);
    return { codes, levels };
  }
  const { codes, levels } = groupCodes(column.values);
  if (levels.length > MOST_NUMBERS) return banded(column);
  return {
    codes,
    levels: levels.map(level => (column.type === 'boolean' ? String(level !== 0) : formatFigure(level))),
  };
}

/**
 * The groups of an attribute: its values; of a number with more than ten of them the quarters between its quartiles. A list of
 * columns gives their intersections. Null when a column is absent.
 */
export function attributeGroups(table: Table, attribute: string | readonly string[]): AttributeGroups | null {
  const names = typeof attribute === 'string' ? [attribute] : attribute;
  const columns = names.map(name => columnOf(table, name));
  if (!columns.every(column => column !== undefined)) return null;
  const coded = columns.map(codesOf);
  const name = names.join(' × ');
  if (coded.length === 1) return { attribute: name, codes: coded[0]!.codes, groups: coded[0]!.levels };
  const { codes, levels } = intersectGroups(coded);
  return { attribute: name, codes, groups: levels.map(level => level.join(' × ')) };
}
