import {
  columnOf,
  type BlobStore,
  type ContentHash,
  type DatasetQuery,
  type DatasetVersionRecord,
  type MetadataStore,
  type PredictionLog,
  type ProjectId,
  type Interval,
  rowAt,
  type Row,
  type Scalar,
  type Schema,
  type Table,
} from '@twinloop/kernel';
import { lookupDatasets, reachOf } from '@twinloop/model';
import { trainingDataset } from '../config/check-project.js';
import type { ProjectConfig } from '../config/project-config.js';
import { isDerived } from '../runtime/building/derived.js';
import { labelOf } from '../runtime/monitoring/labels.js';
import type { ClassBook } from '../runtime/serving/class-book.js';
import { ownRow } from './own-rows.js';
import { PushedRows } from './pushed-rows.js';

export interface FeatureSourcePorts {
  readonly project: ProjectId;
  readonly config: ProjectConfig;
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
  readonly datasets: DatasetQuery;
  readonly log: PredictionLog;
  readonly classes: ClassBook;
}

/** The rows that features are looked up in: versions of datasets, what was pushed since, and the endpoint's own past. */
export class FeatureSources {
  readonly #ports: FeatureSourcePorts;
  readonly #pushed: ReadonlyMap<string, PushedRows>;

  private constructor(ports: FeatureSourcePorts, pushed: ReadonlyMap<string, PushedRows>) {
    this.#ports = ports;
    this.#pushed = pushed;
  }

  static async open(ports: FeatureSourcePorts): Promise<FeatureSources> {
    const { project, config, metadata, blobs } = ports;
    const pushed = new Map<string, PushedRows>();
    for (const dataset of lookupDatasets(config.lookups))
      if (dataset !== trainingDataset(config))
        pushed.set(dataset, await PushedRows.open(project, dataset, metadata, blobs));
    return new FeatureSources(ports, pushed);
  }

  /** The dataset that is trained on, where lookups read it. */
  get own(): string | undefined {
    const training = trainingDataset(this.#ports.config);
    return lookupDatasets(this.#ports.config.lookups).find(dataset => dataset === training);
  }

  pushed(dataset: string): PushedRows | undefined {
    return this.#pushed.get(dataset);
  }

  /** The newest accepted version that was brought in from outside. */
  async newest(dataset: string): Promise<DatasetVersionRecord | undefined> {
    const versions = await this.#ports.metadata.datasets.list(this.#ports.project, dataset);
    return versions.find(({ status, source }) => status === 'accepted' && !isDerived(source));
  }

  /** The newest version's rows; none before the first version. */
  async table(dataset: string): Promise<Table | undefined> {
    const version = await this.newest(dataset);
    return version === undefined ? undefined : this.#ports.datasets.load(this.#ports.project, version.blob);
  }

  /** Versions of the sources that are not trained on, by name. */
  async versions(): Promise<Readonly<Record<string, ContentHash>>> {
    const found: Record<string, ContentHash> = {};
    for (const dataset of lookupDatasets(this.#ports.config.lookups)) {
      if (dataset === this.own) continue;
      const version = await this.newest(dataset);
      if (version !== undefined) found[dataset] = version.version;
    }
    return found;
  }

  /** Every row of a source that is not trained on: of its newest version, then those pushed since. */
  async rows(dataset: string): Promise<readonly Row[]> {
    const table = await this.table(dataset);
    const rows = table === undefined ? [] : Array.from({ length: table.rows }, (_, i) => rowAt(table, i));
    return [...rows, ...((await this.#pushed.get(dataset)?.read()) ?? [])];
  }

  /** The endpoint's requests of `predicted`, without what became of them. */
  async requests(predicted: Partial<Interval>): Promise<readonly Row[]> {
    const { log } = this.#ports;
    const query = await this.#query();
    return query === undefined ? [] : this.#asRows(await log.inputs({ ...query, predicted }), query.schema);
  }

  /** Requests whose outcome arrived in `arrived`, with it. */
  async outcomes(arrived: Partial<Interval>): Promise<readonly Row[]> {
    const { log, config } = this.#ports;
    const query = await this.#query();
    if (query === undefined) return [];
    return this.#asRows(await log.labelled({ ...query, metric: labelOf(config), arrived }), query.schema);
  }

  async #query() {
    const { project, config } = this.#ports;
    if (this.own === undefined || config.endpoint === undefined) return undefined;
    const version = await this.newest(this.own);
    const schema: Schema = (version?.schema ?? []).filter(({ name }) => config.lookups.inputs.includes(name));
    return { project, endpoint: config.endpoint.name, schema };
  }

  #asRows(table: Table, schema: Schema): readonly Row[] {
    const { config, classes } = this.#ports;
    const names = config.datasets[this.own!]!;
    const inputs: Table = {
      rows: table.rows,
      columns: table.columns.filter(({ name }) => schema.some(column => column.name === name)),
    };
    const labelled = columnOf(table, '$label') !== undefined;
    const cell = (name: string, row: number): Scalar => columnOf(table, name)?.values[row] ?? null;
    return Array.from({ length: table.rows }, (_, row) => {
      const asked = {
        id: String(cell('$id', row)),
        at: cell('$at', row) as number,
        inputs: rowAt(inputs, row),
      };
      if (!labelled) return ownRow(names, asked);
      const value = labelValue(config, classes, cell('$label', row) as number);
      return ownRow(names, { ...asked, outcome: { value, at: cell('$arrived', row) as number } });
    });
  }

  /** All rows of every source by dataset; as far as they matter to moments from `moment` on. Of the own dataset those of the base version and what was logged: a request with an outcome stands there twice, the outcome later. */
  async all(moment: number): Promise<Readonly<Record<string, readonly Row[]>>> {
    const found: Record<string, readonly Row[]> = {};
    const { lookups } = this.#ports.config;
    const from = this.own === undefined ? moment : moment - reachOf(lookups, this.own);
    for (const dataset of lookupDatasets(lookups)) {
      const rows = await this.rows(dataset);
      const since = Number.isFinite(from) ? { from } : {};
      found[dataset] =
        dataset === this.own
          ? [...rows, ...(await this.requests(since)), ...(await this.outcomes(since))]
          : rows;
    }
    return found;
  }
}

/** An outcome as the dataset says it: of several classes the name instead of the number. */
export function labelValue(config: ProjectConfig, classes: ClassBook, value: number): Scalar {
  return config.train.task === 'multiclass' ? (classes.names[value] ?? null) : value;
}
