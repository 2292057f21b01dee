import { DURATION_PATTERN, parseDuration } from '@twinloop/kernel';
import type {
  WrittenAggregate,
  WrittenAvailability,
  WrittenFeatures,
  WrittenJoin,
} from '@twinloop/loop/data';
import type { DatasetsConfig } from '@twinloop/loop/data';
import {
  type Availability,
  lookedUpColumns,
  type AggregateSpec,
  type FeatureSpec,
  type JoinSpec,
  type LookupsSpec,
} from '@twinloop/model';

/** Names a request among the rows of a dataset without a key; rows of a file have none. */
export const OWN_ID = '$id';

/** What is looked up of a case at the moment of its prediction, and what its request has to bring. */
export interface ProjectLookups extends LookupsSpec {
  /** The columns that a request carries. */
  readonly inputs: readonly string[];
}

const isDuration = (text: string): boolean => new RegExp(DURATION_PATTERN).test(text);

function availability(written: WrittenAvailability | undefined): Availability {
  if (written === undefined) return { lag: 0 };
  if (typeof written === 'string')
    return isDuration(written) ? { lag: parseDuration(written) } : { column: written, lag: 0 };
  return {
    ...(written.column === undefined ? {} : { column: written.column }),
    ...(written.every === undefined ? {} : { every: parseDuration(written.every) }),
    lag: written.lag === undefined ? 0 : parseDuration(written.lag),
  };
}

const keys = (by: WrittenJoin['by']): Readonly<Record<string, string>> =>
  Array.isArray(by)
    ? Object.fromEntries((by as readonly string[]).map(name => [name, name]))
    : (by as Readonly<Record<string, string>>);

const duration = <K extends string>(name: K, text: string | undefined): { readonly [key in K]?: number } =>
  (text === undefined ? {} : { [name]: parseDuration(text) }) as { readonly [key in K]?: number };

/**
 * Splits `features` as written into what models see (requests' columns and looked-up ones alike, so that everything after
 * the loader knows one kind of column) and how the looked-up ones come about.
 */
export function resolveFeatures(
  written: WrittenFeatures,
  datasets: DatasetsConfig,
  training: string | undefined,
  timezone: string,
): { readonly features: FeatureSpec; readonly lookups: ProjectLookups } {
  const { joins = [], aggregates = [], ...features } = written;
  const common = (one: WrittenJoin | WrittenAggregate, at: string | undefined) => {
    const dataset = datasets[one.dataset];
    return {
      name: one.name,
      dataset: one.dataset,
      by: keys(one.by),
      at: at ?? dataset?.time ?? '',
      available: availability(one.available),
      ...(one.dataset === training
        ? { own: true, id: dataset?.key ?? OWN_ID }
        : dataset?.key === undefined
          ? {}
          : { id: dataset.key }),
      ...duration('fresh', one.fresh),
    };
  };
  const zone = features.timezone ?? timezone;
  const lookups: ProjectLookups = {
    inputs: features.inputs,
    joins: joins.map(
      (join): JoinSpec => ({
        ...common(join, join.asof?.right),
        ...duration('within', join.asof?.within),
        columns: join.columns,
        ...(join.default === undefined ? {} : { default: join.default }),
      }),
    ),
    aggregates: aggregates.map((one): AggregateSpec => {
      const { value, filter } = one;
      return {
        ...common(one, one.asof),
        over: parseDuration(one.over),
        function: one.function,
        ...(value === undefined ? {} : { value }),
        ...(filter === undefined ? {} : { filter }),
        ...(one.default === undefined ? {} : { default: one.default }),
      };
    }),
    timezone: zone,
  };
  return {
    features: { ...features, inputs: [...features.inputs, ...lookedUpColumns(lookups)], timezone: zone },
    lookups,
  };
}

/** Whether models see anything that requests do not bring. */
export function looksUp({ joins, aggregates }: LookupsSpec): boolean {
  return joins.length + aggregates.length > 0;
}
