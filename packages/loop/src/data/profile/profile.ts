import type { ColumnType, Table } from '@twinloop/kernel';
import { profileCategorical, profileNumeric } from '@twinloop/stats';
import { type NumberTraits, numberTraits, type TextTraits, textTraits } from './profile-traits.js';

interface Base {
  readonly name: string;
  /** All rows, missing ones included. */
  readonly count: number;
  readonly missing: number;
  /** Different present values. */
  readonly distinct: number;
}

export interface NumericColumnProfile extends Base {
  readonly type: Exclude<ColumnType, 'string'>;
  /** Null where there is nothing to say: no values, or not a finite figure. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly std: number | null;
  readonly quantiles: readonly (readonly [level: number, value: number | null])[];
  /** counts[i] belongs to [edges[i], edges[i+1]); the last bin is closed. */
  readonly histogram: { readonly edges: readonly (number | null)[]; readonly counts: readonly number[] };
  /** Absent in profiles of an earlier release. */
  readonly traits?: NumberTraits;
}

export interface TextColumnProfile extends Base {
  readonly type: 'string';
  /** The most frequent values. */
  readonly top: readonly (readonly [value: string, count: number])[];
  /** Present rows whose value is not in `top`. */
  readonly other: number;
  /** Absent in profiles of an earlier release. */
  readonly traits?: TextTraits;
}

/** What a dataset version looks like, column by column in table order. Plain JSON. */
export interface DatasetProfile {
  readonly rows: number;
  readonly columns: readonly (NumericColumnProfile | TextColumnProfile)[];
}

/** JSON has neither NaN nor infinity. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

export function profileTable(table: Table): DatasetProfile {
  const columns = table.columns.map((column): NumericColumnProfile | TextColumnProfile => {
    if (column.type === 'string')
      return {
        name: column.name,
        type: 'string',
        ...profileCategorical(column.values),
        traits: textTraits(column.values),
      };
    const { count, missing, distinct, quantiles, histogram, ...figures } = profileNumeric(column.values);
    return {
      name: column.name,
      type: column.type,
      count,
      missing,
      distinct,
      min: finite(figures.min),
      max: finite(figures.max),
      mean: finite(figures.mean),
      std: finite(figures.std),
      quantiles: quantiles.map(([level, value]) => [level, finite(value)] as const),
      histogram: { edges: histogram.edges.map(finite), counts: histogram.counts },
      traits: numberTraits(column.values),
    };
  });
  return { rows: table.rows, columns };
}
