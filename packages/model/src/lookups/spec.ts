import type { Scalar } from '@twinloop/kernel';

/**
 * When a row of a source came to be known: the time in `column` (without it the row's own time), on the next full
 * `every` (UTC) where a feed delivers by the clock, and `lag` later. Durations in milliseconds.
 */
export interface Availability {
  readonly column?: string;
  readonly every?: number;
  readonly lag: number;
}

interface LookupBase {
  readonly name: string;
  readonly dataset: string;
  /** Our column → theirs. */
  readonly by: Readonly<Record<string, string>>;
  /** Their time column: when a row happened. */
  readonly at: string;
  readonly available: Availability;
  /** Their column that names a row: a row with the same name is a correction. */
  readonly id?: string;
  /** The rows are those of the dataset that is trained on: a row must not see itself, nor another of the same moment. */
  readonly own?: boolean;
  /** The newest row of the whole source may be that old, in milliseconds; beyond that its values are stale. */
  readonly fresh?: number;
}

/** To each row the latest row of another dataset with the same key. Its columns are called `<name>.<column>`. */
export interface JoinSpec extends LookupBase {
  /** Greatest age in milliseconds of a row that still counts; without it any age does. */
  readonly within?: number;
  readonly columns: readonly string[];
  /** What stands where no row is found, or where it is stale, by column; without it null. */
  readonly default?: Readonly<Record<string, Scalar>>;
}

export const AGGREGATE_FUNCTIONS = ['count', 'sum', 'mean', 'min', 'max', 'last', 'distinct'] as const;
export type AggregateFunction = (typeof AGGREGATE_FUNCTIONS)[number];

/** One figure over the rows of a key that happened within the last `over` milliseconds. */
export interface AggregateSpec extends LookupBase {
  readonly over: number;
  readonly function: AggregateFunction;
  /** Expression over their columns; rows where it is missing do not count. Absent (`count` alone): every row counts. */
  readonly value?: string;
  /** Only rows for which this expression is true. */
  readonly filter?: string;
  /** What stands where there is nothing to aggregate (but counts and sums are 0), and where the source is stale; without it null. */
  readonly default?: Scalar;
}

/** What is looked up of a row besides what a request carries. */
export interface LookupsSpec {
  readonly joins: readonly JoinSpec[];
  readonly aggregates: readonly AggregateSpec[];
  /** IANA zone of `hour`, … in values and filters. Default UTC. */
  readonly timezone?: string;
}

/** The columns that lookups add to a row, in order. */
export function lookedUpColumns({ joins, aggregates }: LookupsSpec): readonly string[] {
  return [
    ...joins.flatMap(({ name, columns }) => columns.map(column => `${name}.${column}`)),
    ...aggregates.map(({ name }) => name),
  ];
}

/** The datasets that lookups read, each once. */
export function lookupDatasets({ joins, aggregates }: LookupsSpec): readonly string[] {
  return [...new Set([...joins, ...aggregates].map(({ dataset }) => dataset))];
}

/** How old a row of a dataset may be, in milliseconds, and still matter to any lookup. */
export function reachOf({ joins, aggregates }: LookupsSpec, dataset: string): number {
  const mine = <T extends { readonly dataset: string }>(all: readonly T[]): readonly T[] =>
    all.filter(one => one.dataset === dataset);
  return Math.max(
    0,
    ...mine(joins).map(({ within }) => within ?? Number.POSITIVE_INFINITY),
    ...mine(aggregates).map(({ over }) => over),
    ...[...mine(joins), ...mine(aggregates)].map(({ fresh }) => fresh ?? 0),
  );
}
