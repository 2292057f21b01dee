import {
  columnOf,
  type Column,
  type ContentHash,
  numbers,
  type Row,
  type Schema,
  type Table,
  takeRows,
} from '@twinloop/kernel';
import { schemaOf } from '@twinloop/loop/data';
import type { LookedUp } from '@twinloop/loop/building';
import { lookedUpColumns, lookupDatasets, lookUpTable, type LookupsSpec } from '@twinloop/model';
import type { ProjectConfig } from '../config/project-config.js';
import { trainingDataset } from '../config/check-project.js';
import type { FeatureSources } from './feature-sources.js';

export interface OfflineFeatures {
  /** The table with its looked-up columns. */
  readonly table: Table;
  readonly schema: Schema;
  /** The versions that they were looked up in. */
  readonly sources: Readonly<Record<string, ContentHash>>;
  readonly lookedUp: LookedUp;
}

/** Rows on which a source is asked whether it holds the row itself. */
const SAMPLE = 5000;

function withColumns(table: Table, columns: readonly Column[]): Table {
  const names = new Set(columns.map(({ name }) => name));
  return { rows: table.rows, columns: [...table.columns.filter(({ name }) => !names.has(name)), ...columns] };
}

const every = (rows: number, most: number): Int32Array =>
  Int32Array.from({ length: Math.min(rows, most) }, (_, i) =>
    rows <= most ? i : Math.floor((i * rows) / most),
  );

/** Without rows of the very moment: as if every source were the dataset's own. */
const strictly = (spec: LookupsSpec): LookupsSpec => ({
  ...spec,
  joins: spec.joins.map(join => ({ ...join, own: true })),
  aggregates: spec.aggregates.map(one => ({ ...one, own: true })),
});

/** A table of the past with what each row would have been told by whole sources. */
export function withLookups(
  { lookups, datasets, train }: Pick<ProjectConfig, 'lookups' | 'datasets' | 'train'>,
  table: Table,
  sources: Readonly<Record<string, Table>>,
): Table {
  const training = trainingDataset({ datasets, train })!;
  const rows = Object.fromEntries(
    lookupDatasets(lookups).map(name => [name, name === training ? table : (sources[name] ?? [])]),
  );
  return withColumns(table, lookUpTable(lookups, table, datasets[training]!.time!, rows));
}

/** What the rows of a version brought in from outside would have been told, each at its own time. */
export async function lookUpVersion(
  config: ProjectConfig,
  sources: FeatureSources,
  table: Table,
): Promise<OfflineFeatures> {
  const { lookups, datasets } = config;
  const dataset = datasets[trainingDataset(config)!]!;
  const rows: Record<string, Table | readonly Row[]> = {};
  for (const name of lookupDatasets(lookups))
    rows[name] = name === sources.own ? table : ((await sources.table(name)) ?? []);
  const time = dataset.time!;
  const columns = lookUpTable(lookups, table, time, rows);
  const full = withColumns(table, columns);
  const picked = takeRows(table, every(table.rows, SAMPLE));
  const label = columnOf(picked, dataset.label!.column);
  const known =
    label === undefined || label.type === 'string'
      ? picked
      : takeRows(
          picked,
          [...label.values.keys()].filter(row => !Number.isNaN(label.values[row]!)),
        );
  const names = new Set(lookedUpColumns(lookups));
  const before = lookUpTable(strictly(lookups), known, time, rows);
  return {
    table: full,
    schema: schemaOf(full),
    sources: await sources.versions(),
    lookedUp: {
      spec: lookups,
      at: withColumns(known, lookUpTable(lookups, known, time, rows)),
      before: { rows: known.rows, columns: before.filter(({ name }) => names.has(name)) },
    },
  };
}

/** The looked-up columns that requests are logged with. */
export function loggedSchema(lookups: LookupsSpec, full: Schema): Schema {
  const names = new Set(lookedUpColumns(lookups));
  return full.filter(({ name }) => names.has(name));
}

/**
 * Logged requests keep the values that the model saw: what was known in fact, a late feed included. Requests from before
 * a lookup was declared have none at all; theirs are made from the past as it is known to have been.
 */
export async function fillUndeclared(
  config: ProjectConfig,
  sources: FeatureSources,
  logged: Table,
  time: string,
): Promise<Table> {
  const names = lookedUpColumns(config.lookups);
  const columns = names.map(name => columnOf(logged, name)!);
  const missing = (column: Column, row: number): boolean =>
    column.type === 'string' ? column.values[row] == null : Number.isNaN(column.values[row]!);
  const without: number[] = [];
  for (let row = 0; row < logged.rows; row++)
    if (columns.every(column => missing(column, row))) without.push(row);
  if (without.length === 0) return logged;
  const found = await recompute(config, sources, takeRows(logged, without), time);
  return withColumns(
    logged,
    columns.map((column): Column => {
      const made = found.find(({ name }) => name === column.name)!;
      if (column.type === 'string') {
        const values = [...column.values];
        if (made.type === 'string') without.forEach((row, i) => (values[row] = made.values[i] ?? null));
        return { ...column, values };
      }
      const values = column.values.slice();
      if (made.type !== 'string') without.forEach((row, i) => (values[row] = made.values[i]!));
      return { ...column, values };
    }),
  );
}

/** What requests of the past would have been told, from all that is known of the past now. */
export async function recompute(
  config: ProjectConfig,
  sources: FeatureSources,
  rows: Table,
  time: string,
): Promise<readonly Column[]> {
  const first = numbers(rows, time).reduce(
    (least, at) => (at < least ? at : least),
    Number.POSITIVE_INFINITY,
  );
  return lookUpTable(config.lookups, rows, time, await sources.all(first));
}
