import { columnOf, formatFigure, type Table } from '@twinloop/kernel';
import { groupCodes, quantileCodes, worstSlices as search } from '@twinloop/stats';
import type { Slice, Slices } from './slices-by.js';

/** A column of the inputs with a code a row, and what each code stands for. */
interface Coded {
  readonly codes: Int32Array;
  readonly words: (code: number) => string;
}

/** Numbers are cut into so many bins of equal counts. */
const BINS = 6;
const MOST_VALUES = 20;
/** So many slices are told. */
const LIMIT = 5;

function coded(rows: Table, name: string): Coded | undefined {
  const column = columnOf(rows, name);
  if (column === undefined) return undefined;
  if (column.type === 'string') {
    const { codes, levels } = groupCodes(column.values);
    return { codes, words: code => `${name} ${levels[code]}` };
  }
  const { codes, levels } = groupCodes(column.values);
  if (levels.length <= MOST_VALUES)
    return { codes, words: code => `${name} ${formatFigure(Number(levels[code]))}` };
  const { codes: bins, cuts } = quantileCodes(column.values, BINS);
  return {
    codes: bins,
    words(bin) {
      if (bin === 0) return `${name} < ${formatFigure(cuts[0]!)}`;
      if (bin === cuts.length) return `${name} ≥ ${formatFigure(cuts.at(-1)!)}`;
      return `${name} ${formatFigure(cuts[bin - 1]!)} to ${formatFigure(cuts[bin]!)}`;
    },
  };
}

/**
 * The slices of the inputs, single columns and pairs, whose values stand out above the rest, corrected over all that were
 * searched; the most significant first. None is a result, too.
 * @param values one a row: the loss, or how much worse than the champion's it is
 */
export function worstSlices(
  rows: Table,
  inputs: readonly string[],
  values: Float64Array,
  { minRows, alpha }: { readonly minRows: number; readonly alpha: number },
): Slices {
  const features = inputs.flatMap(name => coded(rows, name) ?? []);
  const { slices, searched } = search(
    values,
    features.map(({ codes }) => codes),
    { minimumSize: minRows, alpha, limit: LIMIT },
  );
  const found = slices.map(({ predicates }): Slice => {
    const members: number[] = [];
    for (let row = 0; row < rows.rows; row++)
      if (predicates.every(({ feature, code }) => features[feature]!.codes[row] === code)) members.push(row);
    return {
      text: predicates.map(({ feature, code }) => features[feature]!.words(code)).join(' and '),
      rows: members,
    };
  });
  return { slices: found, looked: searched, small: 0 };
}
