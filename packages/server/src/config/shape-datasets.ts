import type { DatasetConfig, DatasetsConfig } from '@twinloop/loop/data';

/** A dataset as the file may say it: source and time have more than one form there. */
export type WrittenDataset = Omit<DatasetConfig, 'source' | 'time' | 'postgres' | 'compose' | 'undated'> & {
  readonly source: string | { readonly postgres: string; readonly query: string };
  readonly time?:
    | string
    | { readonly date: string; readonly hour: string; readonly as?: string }
    | { readonly order: 'rows' };
};

/** What reads the query in lists and facts; the query itself stands in the file. */
export const queryOf = (url: string): string => `query of ${url}`;

function shape({ source, time, ...rest }: WrittenDataset): DatasetConfig {
  const from =
    typeof source === 'string'
      ? { source }
      : { source: queryOf(source.postgres), postgres: { url: source.postgres, query: source.query } };
  if (time === undefined) return { ...rest, ...from };
  if (typeof time === 'string') return { ...rest, ...from, time };
  if ('order' in time) return { ...rest, ...from, undated: true };
  const { date, hour, as = 'time' } = time;
  return { ...rest, ...from, time: as, compose: { as, date, hour } };
}

/** The one form in which everything after the loader sees datasets. */
export function shapeDatasets(written: unknown): DatasetsConfig {
  return Object.fromEntries(
    Object.entries(written as Readonly<Record<string, WrittenDataset>>).map(([name, dataset]) => [
      name,
      shape(dataset),
    ]),
  );
}
