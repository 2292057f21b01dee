import type { VerdictStatus } from '@twinloop/kernel';
import type { Bounds, Decide } from './config.js';

/** A figure with its interval; without one `low` and `high` are NaN. */
export interface Figure {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Holds a figure against its limits. Monotone: a wider limit never makes the verdict worse. A figure that is not defined
 * is inconclusive; so is one without an interval where the interval is to decide.
 */
export function decide({ value, low, high }: Figure, { min, max }: Bounds, how: Decide): VerdictStatus {
  const floor = min ?? Number.NEGATIVE_INFINITY;
  const roof = max ?? Number.POSITIVE_INFINITY;
  if (Number.isNaN(value)) return 'inconclusive';
  if (how === 'estimate') return value >= floor && value <= roof ? 'pass' : 'fail';
  if (Number.isNaN(low) || Number.isNaN(high)) return 'inconclusive';
  if (low > roof || high < floor) return 'fail';
  if (how === 'harm') return 'pass';
  return low >= floor && high <= roof ? 'pass' : 'inconclusive';
}

const RANK: Readonly<Record<VerdictStatus, number>> = { pass: 0, inconclusive: 1, fail: 2 };

/** The verdict over several figures: one that fails fails all, one that is unsure leaves the rest unsure. */
export function worst(statuses: readonly VerdictStatus[]): VerdictStatus {
  return statuses.reduce<VerdictStatus>((most, one) => (RANK[one] > RANK[most] ? one : most), 'pass');
}

/** Worst first; equal ones keep their order. */
export function byStatus<T extends { readonly status: VerdictStatus }>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => RANK[b.status] - RANK[a.status]);
}
