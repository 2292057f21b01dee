import { type Column, columnOf, type Table } from '@twinloop/kernel';
import { categoricalDrift, numericDrift } from '@twinloop/stats';
import { percent } from '../format.js';
import {
  type CategoryReference,
  type ColumnReference,
  levelCounts,
  type NumericReference,
  OTHER,
} from '../reference.js';
import { type Shift, shiftOf } from './shift.js';
import { textShift } from './text-shift.js';
import { levelWords, numberWords } from './words.js';

/**
 * Every test of one input: numbers by {@link numericDrift} and by their share of missing values, categories by
 * {@link categoricalDrift} (missing is a level), texts by {@link textShift}. A column that the window lacks, or that has become
 * another type, counts as missing in every row.
 */
export function columnShifts(
  reference: ColumnReference,
  current: Table,
  tolerance: number,
): readonly Shift[] {
  const found = columnOf(current, reference.name);
  if (reference.type === 'number') {
    const values =
      found === undefined || found.type === 'string'
        ? new Float64Array(current.rows).fill(Number.NaN)
        : found.values;
    return numericShifts(reference, values, tolerance);
  }
  const column: Column = found ?? {
    name: reference.name,
    type: 'string',
    values: new Array<null>(current.rows).fill(null),
  };
  if (reference.type === 'text')
    return textShift(
      reference,
      column.type === 'string' ? column.values : new Array<null>(current.rows).fill(null),
      tolerance,
    );
  return [categoryShift(reference, column, tolerance)];
}

/** Tests of a numeric column: its present values, and how many are missing. */
export function numericShifts(
  reference: Omit<NumericReference, 'values' | 'type'> & { readonly values: ArrayLike<number> },
  values: Float64Array,
  tolerance: number,
): Shift[] {
  const { name } = reference;
  let missing = 0;
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i]!)) missing++;
  const shifts: Shift[] = [];
  const present = reference.rows - reference.missing;
  if (missing < values.length && present > 0) {
    const drift = numericDrift(reference.values, values, {
      tolerance,
      // A whole column, missing values and all, stands for itself.
      ...(reference.values.length < reference.rows ? { referenceRows: present } : {}),
    });
    shifts.push(shiftOf({ subject: name, kind: 'input', column: name }, drift, numberWords(name, drift)));
  }
  if (missing + reference.missing > 0) {
    const before = { missing: reference.missing, present: reference.rows - reference.missing };
    const now = { missing, present: values.length - missing };
    const words = `${name} is missing in ${percent(missing / values.length)}, was in ${percent(reference.missing / reference.rows)}`;
    shifts.push(
      shiftOf(
        { subject: `${name} missing`, kind: 'missing', column: name },
        categoricalDrift(before, now, { tolerance }),
        { moved: words, still: words },
      ),
    );
  }
  return shifts;
}

function categoryShift(reference: CategoryReference, column: Column, tolerance: number): Shift {
  const { name, counts: before } = reference;
  const now: Record<string, number> = Object.create(null) as Record<string, number>;
  for (const [level, found] of Object.entries(levelCounts(column))) {
    const kept = Object.hasOwn(before, OTHER) && !Object.hasOwn(before, level) ? OTHER : level;
    now[kept] = (now[kept] ?? 0) + found;
  }
  return levelShift(name, before, now, tolerance);
}

/** Test of a column of levels by their counts, missing being one of them. */
export function levelShift(
  name: string,
  before: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
  tolerance: number,
): Shift {
  const drift = categoricalDrift(before, now, { tolerance });
  return shiftOf({ subject: name, kind: 'input', column: name }, drift, levelWords(name, drift));
}
