import { type Column, columnOf, type Table } from '@twinloop/kernel';
import { quantile } from '@twinloop/stats';
import type { ColumnReference, DriftReference } from '../reference.js';
import { levelOf, MISSING, OTHER } from '../reference.js';

/** The model's mean loss on its training rows, by what a column said: deciles or levels. */
export interface LossProfile {
  readonly mean: number;
  /** Nine rows in ten lost no more. */
  readonly high: number;
  readonly columns: Readonly<Record<string, ColumnProfile>>;
}
interface ColumnProfile {
  /** Inner edges of the bins; null for levels. */
  readonly edges: readonly number[] | null;
  readonly bins: Readonly<Record<string, { readonly share: number; readonly loss: number }>>;
}

const BINS = 10;
/** A bin's loss leans on the overall mean like on so many more rows. */
const PRIOR_ROWS = 20;

/** `losses` by row of `training`; rows without a loss (NaN) are left out. */
export function lossProfile(
  reference: DriftReference,
  training: Table,
  losses: ArrayLike<number>,
): LossProfile {
  let [rows, sum] = [0, 0];
  for (let r = 0; r < losses.length; r++) {
    if (Number.isNaN(losses[r]!)) continue;
    rows++;
    sum += losses[r]!;
  }
  const mean = sum / rows;
  const columns: Record<string, ColumnProfile> = {};
  for (const column of reference.columns) {
    const found = columnOf(training, column.name);
    if (found === undefined || column.type === 'text') continue;
    const edges = edgesOf(column);
    const keys = keysOf(found, edges, column);
    const bins = new Map<string, { n: number; sum: number }>();
    for (let r = 0; r < losses.length; r++) {
      if (Number.isNaN(losses[r]!)) continue;
      const bin = bins.get(keys[r]!) ?? { n: 0, sum: 0 };
      bins.set(keys[r]!, { n: bin.n + 1, sum: bin.sum + losses[r]! });
    }
    columns[column.name] = {
      edges,
      bins: Object.fromEntries(
        [...bins].map(([key, bin]) => [
          key,
          { share: bin.n / rows, loss: (bin.sum + PRIOR_ROWS * mean) / (bin.n + PRIOR_ROWS) },
        ]),
      ),
    };
  }
  const present = Float64Array.from(losses).filter(loss => !Number.isNaN(loss));
  return { mean, high: present.length === 0 ? Number.NaN : quantile(present.sort(), 0.9), columns };
}

/**
 * How much larger the mean loss would be if this column alone were distributed as in the window: Σ (q − p)·loss over its bins.
 * That is the training rows re-weighted by the density ratio of the column, and holds as far as the label depends on the inputs as
 * before. No label is needed. What training never saw counts with the mean loss: unknown, not harmless. NaN when it
 * cannot be said.
 */
export function expectedLossChange(
  { mean, columns }: LossProfile,
  reference: ColumnReference,
  current: Table,
): number {
  const profile = Object.hasOwn(columns, reference.name) ? columns[reference.name] : undefined;
  const column = columnOf(current, reference.name);
  if (profile === undefined || column === undefined || current.rows === 0) return Number.NaN;
  if (profile.edges !== null && column.type === 'string') return Number.NaN;
  const keys = keysOf(column, profile.edges, reference);
  let now = 0;
  for (const key of keys) now += Object.hasOwn(profile.bins, key) ? profile.bins[key]!.loss : mean;
  let then = 0;
  for (const { share, loss } of Object.values(profile.bins)) then += share * loss;
  return now / keys.length - then;
}

function edgesOf(column: ColumnReference): readonly number[] | null {
  if (column.type !== 'number') return null;
  const edges = Array.from({ length: BINS - 1 }, (_, i) => quantile(column.values, (i + 1) / BINS));
  return [...new Set(edges)];
}

function keysOf(column: Column, edges: readonly number[] | null, reference: ColumnReference): string[] {
  if (edges === null || column.type === 'string') {
    const known = reference.type === 'category' ? reference.counts : {};
    const rows = Array.from({ length: column.values.length }, (_, r) => levelOf(column.values[r]!));
    return Object.hasOwn(known, OTHER)
      ? rows.map(level => (Object.hasOwn(known, level) ? level : OTHER))
      : rows;
  }
  return Array.from(column.values, value => {
    if (Number.isNaN(value)) return MISSING;
    let bin = 0;
    while (bin < edges.length && value >= edges[bin]!) bin++;
    return String(bin);
  });
}
