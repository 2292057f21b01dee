import type { ColumnType, Table } from '@twinloop/kernel';
import { CategoricalColumnSketch, equalWidthEdges, type NumericColumnSketch } from '@twinloop/stats';
import { type ProfileSketch, sketchTable } from './profile-sketch.js';
import { type NumberTraits, numberTraits, type TextTraits, textTraits } from './profile-traits.js';

interface Base {
  readonly name: string;
  /** All rows, missing ones included. */
  readonly count: number;
  readonly missing: number;
  /** Different present values. */
  readonly distinct: number;
  /** Relative standard error of `distinct`; absent when it is exact. */
  readonly distinctError?: number;
  /** Whether no present value comes twice; absent when that is not known, and in profiles of an earlier release. */
  readonly unique?: boolean;
}

export interface NumericColumnProfile extends Base {
  readonly type: Exclude<ColumnType, 'string'>;
  /** Null where there is nothing to say: no values, or not a finite figure. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly std: number | null;
  readonly quantiles: readonly (readonly [level: number, value: number | null])[];
  /** Share of the rows that quantiles and histogram may be off by, at 99 %; absent when they are exact. */
  readonly rankError?: number;
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
  /** The blob with the sketches that this was read from; absent in profiles of an earlier release, and of tables that are not stored. */
  readonly sketch?: string;
}

/** JSON has neither NaN nor infinity. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

const BINS = 30;
const MOST_TOP = 50;

/** The profile of a table in memory. */
export const profileTable = (table: Table): DatasetProfile => profileOf(sketchTable(table));

/** What people are shown of a sketch. Exact for small tables; see the errors for others. */
export function profileOf({ table, columns }: ProfileSketch): DatasetProfile {
  return {
    rows: table.rows,
    columns: columns.map(({ type, number, text, unique }, i): NumericColumnProfile | TextColumnProfile => {
      const sketch = table.at(i);
      const { count, missing, distinct, distinctError } = sketch.summary();
      const present = count - missing;
      const estimate = unique === true ? present : Math.min(Math.round(distinct), present);
      const base = {
        name: table.names[i]!,
        count,
        missing,
        distinct: unique === false && distinctError > 0 ? Math.min(estimate, present - 1) : estimate,
        ...(distinctError === 0 || unique === true ? {} : { distinctError }),
        ...(unique === null ? {} : { unique }),
      };
      if (sketch instanceof CategoricalColumnSketch) {
        const top = sketch.values.top(MOST_TOP).map(({ value, atLeast }) => [value, atLeast] as const);
        const covered = top.reduce((sum, [, rows]) => sum + rows, 0);
        return { ...base, type: 'string', top, other: present - covered, traits: textTraits(text!) };
      }
      return {
        ...base,
        type: type as NumericColumnProfile['type'],
        ...figuresOf(sketch),
        traits: numberTraits(number!, present),
      };
    }),
  };
}

function figuresOf(
  sketch: NumericColumnSketch,
): Pick<NumericColumnProfile, 'min' | 'max' | 'mean' | 'std' | 'quantiles' | 'rankError' | 'histogram'> {
  const { count, missing, min, max, mean, std, quantiles, rankError } = sketch.summary();
  return {
    min: finite(min),
    max: finite(max),
    mean: finite(mean),
    std: finite(std),
    quantiles: quantiles.map(([level, value]) => [level, finite(value)] as const),
    ...(rankError === 0 ? {} : { rankError }),
    histogram:
      count === missing ? { edges: [], counts: [] } : binned(sketch, equalWidthEdges(min, max, BINS)),
  };
}

function binned(sketch: NumericColumnSketch, edges: readonly number[]): NumericColumnProfile['histogram'] {
  const counts = new Array<number>(edges.length - 1).fill(0);
  const { values, weights } = sketch.quantiles.points();
  let bin = 0;
  values.forEach((value, i) => {
    while (bin < counts.length - 1 && value >= edges[bin + 1]!) bin++;
    counts[bin]! += weights[i]!;
  });
  return { edges: edges.map(finite), counts };
}
