import { type Column, columnOf, type Schema, type Table } from '@twinloop/kernel';
import { CategoricalColumnSketch, NumericColumnSketch, type TableSketch } from '@twinloop/stats';
import { isText } from './drift/text-shift.js';
import {
  assembleReference,
  type ColumnReference,
  type DriftReference,
  keepFrequent,
  MAX_VALUES,
  MISSING,
  missingColumn,
  OTHER,
  referenceOf,
} from './reference.js';

/** The rows that a sketch keeps, as a table of their own. */
export function keptTable(sketch: TableSketch, schema: Schema): Table {
  const columns = schema.flatMap(({ name, type }): readonly Column[] => {
    const values = sketch.kept(name);
    if (values === undefined) return [];
    if (values instanceof Float64Array) return type === 'string' ? [] : [{ name, type, values }];
    return type === 'string' ? [{ name, type, values }] : [];
  });
  return { rows: sketch.keptRows, columns };
}

/** Inputs whose rows are worth reading: texts, whose words are in no sketch, and levels too long to be kept. */
export function unsketched(sketch: TableSketch, inputs: readonly string[]): readonly string[] {
  return inputs.filter(name => {
    const column = sketch.column(name);
    const kept = sketch.kept(name);
    if (!(column instanceof CategoricalColumnSketch) || kept instanceof Float64Array) return false;
    return column.levels() === undefined || isText(kept ?? []);
  });
}

/** Levels by their counts; numbers by evenly spaced order statistics. Undefined when the sketch does not tell. */
function sketchedColumn(
  sketch: TableSketch,
  name: string,
  type: Column['type'],
): ColumnReference | undefined {
  const column = sketch.column(name)!;
  const {
    count: rows,
    missing,
    mean,
  } = column instanceof NumericColumnSketch ? column.summary() : { ...column.summary(), mean: 0 };
  const gone: Record<string, number> = missing > 0 ? { [MISSING]: missing } : {};
  if (column instanceof NumericColumnSketch) {
    if (type !== 'boolean')
      return { name, type: 'number', values: Array.from(column.orderStatistics(MAX_VALUES)), missing, rows };
    const yes = rows === missing ? 0 : Math.round(mean * (rows - missing));
    const no = rows - missing - yes;
    const counts = { ...(no > 0 ? { false: no } : {}), ...(yes > 0 ? { true: yes } : {}), ...gone };
    return { name, type: 'category', counts, rows };
  }
  const found = column.levels();
  if (found === undefined) return undefined;
  const rest: Record<string, number> = found.other > 0 ? { [OTHER]: found.other } : {};
  return {
    name,
    type: 'category',
    counts: keepFrequent({ ...Object.fromEntries(found.counts), ...gone, ...rest }),
    rows,
  };
}

/**
 * The reference of {@link buildReference} from the sketch of the training rows, within the sketch's errors: ranks to
 * ± 0.3 %, levels to 5 % of themselves or counted with the rest. What columns show together is taken from the rows that the sketch
 * keeps; so are the columns of {@link unsketched}, unless `read` has them.
 * @throws dataset_column_missing when an input is not in the sketch
 */
export function sketchedReference(
  sketch: TableSketch,
  schema: Schema,
  inputs: readonly string[],
  importance: Readonly<Record<string, number>>,
  read?: Table,
): DriftReference {
  const kept = keptTable(sketch, schema);
  const rows = unsketched(sketch, inputs);
  const columns = inputs.flatMap((name): readonly ColumnReference[] => {
    const column = columnOf(kept, name);
    if (column === undefined) throw missingColumn(name, sketch.names);
    if (column.type === 'time') return [];
    const told = rows.includes(name) ? undefined : sketchedColumn(sketch, name, column.type);
    return [told ?? referenceOf((read && columnOf(read, name)) ?? column)];
  });
  return assembleReference(columns, sketch.rows, importance, kept);
}

/** Numbers of a column by the sketch, as a sample that stands for so many; undefined for texts and unknown columns. */
export function sketchedSample(
  sketch: TableSketch,
  name: string,
): { readonly values: readonly number[]; readonly rows: number } | undefined {
  const column = sketch.column(name);
  if (!(column instanceof NumericColumnSketch)) return undefined;
  return { values: Array.from(column.orderStatistics(MAX_VALUES)), rows: column.quantiles.n };
}
