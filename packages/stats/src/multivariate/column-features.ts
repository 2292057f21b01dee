import { sortAscending } from '../common/sort.js';

/** A column as the caller holds it: numbers with NaN for missing, or values with null for missing. */
export type ColumnData = ArrayLike<number> | readonly (string | null)[];

/** Columns by name, all of the same length. */
export type SampleColumns = Readonly<Record<string, ColumnData>>;

/** One number a row made of one column, mean 0 and variance 1 over all rows. */
interface Atom {
  readonly column: number;
  /** Smaller is kept first where there is no room for all. */
  readonly order: number;
  readonly values: Float64Array;
}

/** An atom, or the product of two of different columns; standardised. */
export interface Feature {
  readonly left: Atom;
  readonly right: Atom | undefined;
  readonly centre: number;
  readonly scale: number;
}

const LEVELS = 12;
const RAREST_LEVEL = 5;
/** Of each categorical column, so many levels take part in products. */
const PAIRED_LEVELS = 3;

/** Reference rows first, then current ones, column by column. */
export function pooledColumns(
  reference: SampleColumns,
  current: SampleColumns,
): { names: string[]; pool: ColumnData[] } {
  const names = Object.keys(reference).sort();
  if (names.length !== Object.keys(current).length || names.some(name => current[name] === undefined)) {
    throw new RangeError('both samples need the same columns');
  }
  return { names, pool: names.map(name => concat(name, reference[name]!, current[name]!)) };
}

function concat(name: string, a: ColumnData, b: ColumnData): ColumnData {
  const kinds = new Set([kindOf(a), kindOf(b)]);
  if (kinds.has('number') && kinds.has('string')) {
    throw new RangeError(`column ${name} holds numbers in one sample and text in the other`);
  }
  const all = [...Array.from(a as ArrayLike<unknown>), ...Array.from(b as ArrayLike<unknown>)];
  if (kinds.has('string')) return all as (string | null)[];
  return Float64Array.from(all, value => (value === null ? NaN : (value as number)));
}

function kindOf(data: ColumnData): 'number' | 'string' | 'nothing' {
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (typeof value === 'number') return 'number';
    if (typeof value === 'string') return 'string';
  }
  return 'nothing';
}

/**
 * Features of the pooled rows, made without a look at which sample a row belongs to (so that labels may be permuted
 * over them). A number: Legendre polynomials of degree 1 to 3 of its pooled mid-rank, and whether it is missing.
 * A category: its frequent levels one by one. Then products of the first-degree terms and levels of two columns, which
 * see a change of dependence that no single column shows. At most `budget`; products that do not fit are drawn.
 */
export function buildFeatures(pool: readonly ColumnData[], budget: number, random: () => number): Feature[] {
  const atoms = pool.map((data, column) =>
    data instanceof Float64Array ? numericAtoms(data, column) : levelAtoms(data as (string | null)[], column),
  );
  const singles = atoms
    .flat()
    .sort((a, b) => a.order - b.order || a.column - b.column)
    .slice(0, budget);
  const features = singles.map((left): Feature => ({ left, right: undefined, centre: 0, scale: 1 }));
  const pairs: (readonly [Atom, Atom])[] = [];
  atoms.forEach((ofA, i) => {
    for (const ofB of atoms.slice(i + 1)) {
      for (const a of ofA) for (const b of ofB) if (isPaired(a) && isPaired(b)) pairs.push([a, b]);
    }
  });
  const room = budget - features.length;
  const chosen = pairs.length <= room ? pairs : drawn(pairs, room, random);
  for (const [left, right] of chosen) {
    const feature = product(left, right);
    if (feature !== undefined) features.push(feature);
  }
  return features;
}

function isPaired(atom: Atom): boolean {
  return Number.isInteger(atom.order) && atom.order <= 0;
}

function drawn<T>(items: T[], howMany: number, random: () => number): T[] {
  for (let i = 0; i < howMany; i++) {
    const j = i + Math.floor(random() * (items.length - i));
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items.slice(0, Math.max(0, howMany));
}

/** First-degree terms have order 0, their higher degrees and the missing flag come later. */
function numericAtoms(values: Float64Array, column: number): Atom[] {
  const sorted = sortAscending(values);
  const n = sorted.length;
  const rank = values.map(value =>
    Number.isNaN(value) ? NaN : (bound(sorted, value, false) + bound(sorted, value, true)) / (2 * n),
  );
  const degrees: ((u: number) => number)[] = [
    u => 2 * u - 1,
    u => 6 * u * u - 6 * u + 1,
    u => 20 * u ** 3 - 30 * u * u + 12 * u - 1,
  ];
  const terms = degrees.map((term, degree) =>
    atom(
      column,
      degree,
      rank.map(u => (Number.isNaN(u) ? NaN : term(u))),
    ),
  );
  const missing =
    n === values.length
      ? undefined
      : atom(
          column,
          0.5,
          values.map(v => Number(Number.isNaN(v))),
        );
  return [...terms, missing].filter(each => each !== undefined);
}

/** The most frequent levels take part in products: order 0; the rest come later. */
function levelAtoms(values: readonly (string | null)[], column: number): Atom[] {
  const counts = new Map<string | null, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= RAREST_LEVEL)
    .sort(([a, x], [b, y]) => y - x || (String(a) < String(b) ? -1 : 1))
    .slice(0, LEVELS)
    .map(([level], i) =>
      atom(
        column,
        i < PAIRED_LEVELS ? 0 : 0.25,
        Float64Array.from(values, v => Number(v === level)),
      ),
    )
    .filter(each => each !== undefined);
}

/** Missing entries take the mean; undefined when nothing varies. */
function atom(column: number, order: number, raw: Float64Array): Atom | undefined {
  const { centre, scale } = spread(raw);
  if (!(scale > 0)) return undefined;
  return { column, order, values: raw.map(v => (Number.isNaN(v) ? 0 : (v - centre) / scale)) };
}

function product(left: Atom, right: Atom): Feature | undefined {
  const { centre, scale } = spread(left.values.map((value, i) => value * right.values[i]!));
  return scale > 1e-9 ? { left, right, centre, scale } : undefined;
}

function spread(values: Float64Array): { centre: number; scale: number } {
  let n = 0;
  let sum = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    n++;
    sum += value;
  }
  const centre = sum / n;
  let squares = 0;
  for (const value of values) if (!Number.isNaN(value)) squares += (value - centre) ** 2;
  return { centre, scale: Math.sqrt(squares / n) };
}

function bound(sorted: Float64Array, value: number, inclusive: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = sorted[middle]!;
    if (other < value || (inclusive && other === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Value of a feature in a row, where `column` (if any) is taken from another row. */
export function featureValue(feature: Feature, row: number, column: number, from: number): number {
  const { left, right, centre, scale } = feature;
  const a = left.values[left.column === column ? from : row]!;
  if (right === undefined) return a;
  return (a * right.values[right.column === column ? from : row]! - centre) / scale;
}
