import { type Column, columnOf, formatFigure, type Table } from '@twinloop/kernel';
import { groupCodes, intersectGroups } from '@twinloop/stats';
import { quarters } from './bands.js';

export interface AttributeGroups {
  /** One column, or several joined by ` × `. */
  readonly attribute: string;
  /** A code a row; −1 where the attribute is missing. */
  readonly codes: Int32Array;
  readonly groups: readonly string[];
}

/** A number with more different values is compared by quarters. */
const MOST_NUMBERS = 10;

function codesOf(column: Column): { codes: Int32Array; levels: readonly string[] } {
  if (column.type === 'string') {
    const { codes, levels } = groupCodes(column.values);
    return { codes, levels };
  }
  const { codes, levels } = groupCodes(column.values);
  if (levels.length > MOST_NUMBERS) {
    const bands = quarters(column.values);
    return { codes: bands.codes, levels: bands.names };
  }
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
