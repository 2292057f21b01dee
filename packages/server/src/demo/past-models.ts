import { join } from 'node:path';
import { trainModel } from '@twinloop/engines';
import {
  numbers,
  parseDuration,
  seededRng,
  shuffle,
  takeRows,
  type Column,
  type EpochMs,
  type Table,
} from '@twinloop/kernel';
import { bindModel, lookupDatasets, type ModelDocument } from '@twinloop/model';
import { mean } from '@twinloop/stats';
import { trainingDataset } from '../config/check-project.js';
import { looksUp } from '../config/lookups.js';
import { withLookups } from '../features/offline-features.js';
import type { LoadedProject, ProjectConfig } from '../config/project-config.js';
import { parseTime } from '../runtime/zoned-time.js';
import { readTable } from './read-table.js';

export interface ModelRecipe {
  readonly algorithm: 'linear' | 'gbt';
  /** How much of the past it learns from: a duration, or `all`. */
  readonly window: string;
  /** It learns from labels that had arrived by then. */
  readonly at: EpochMs;
  /** Train on labels that are dealt out at random: a model that knows nothing. */
  readonly shuffled?: boolean;
  /** The same model reads this numeric input with its sign turned around the mean that it learnt from: x → 2·mean − x. */
  readonly turned?: string;
}

/** Scores by row of the table; NaN for rows before `at`, which it may have learnt from. */
export type PastScores = Float64Array;

/** A project's rows in time order, and the models that it would have had at some moment of the past. */
export class PastModels {
  readonly config: ProjectConfig;
  readonly at: Float64Array;
  readonly arrived: Float64Array;
  readonly label: Float64Array;
  /** End of the first dataset version, whose labels are all known from the start. */
  readonly first: EpochMs;
  readonly #table: Table;
  readonly #labelColumn: string;
  readonly #documents = new Map<string, ModelDocument>();
  readonly #made = new Map<string, PastScores>();

  constructor(config: ProjectConfig, table: Table) {
    const { time, label, until } = config.datasets[trainingDataset(config)!]!;
    const order = numbers(table, time!)
      .map((_, row) => row)
      .sort((a, b) => numbers(table, time!)[a]! - numbers(table, time!)[b]! || a - b);
    this.config = config;
    this.#table = takeRows(table, order);
    this.#labelColumn = label!.column;
    this.at = numbers(this.#table, time!);
    this.arrived = numbers(this.#table, label!.arrives ?? time!);
    this.label = numbers(this.#table, label!.column);
    this.first = parseTime(until!, config.timezone);
  }

  static async open({ config, directory }: LoadedProject): Promise<PastModels> {
    const read = (dataset: string): Promise<Table> =>
      readTable(join(directory, config.datasets[dataset]!.source), config.timezone);
    const training = trainingDataset(config)!;
    const table = await read(training);
    if (!looksUp(config.lookups)) return new PastModels(config, table);
    const sources: Record<string, Table> = {};
    for (const name of lookupDatasets(config.lookups))
      if (name !== training) sources[name] = await read(name);
    return new PastModels(config, withLookups(config, table, sources));
  }

  /** Rows whose label had arrived at `now`, the newest `window` of them. */
  known(now: EpochMs, window = 'all'): Uint32Array {
    const since = window === 'all' ? Number.NEGATIVE_INFINITY : now - parseDuration(window);
    const rows: number[] = [];
    for (let row = 0; row < this.at.length && this.at[row]! < now; row++) {
      if (this.at[row]! >= since && (this.at[row]! < this.first || this.arrived[row]! <= now)) rows.push(row);
    }
    return Uint32Array.from(rows);
  }

  /** Rows that happened from `from` to before `until`. */
  between(from: EpochMs, until: EpochMs): Uint32Array {
    const rows: number[] = [];
    for (let row = 0; row < this.at.length; row++)
      if (this.at[row]! >= from && this.at[row]! < until) rows.push(row);
    return Uint32Array.from(rows);
  }

  /** Trains by the project's own features, parameters and seed; the same recipe is trained once. */
  train(recipe: ModelRecipe): PastScores {
    const { algorithm, window, at, shuffled = false, turned } = recipe;
    const key = JSON.stringify([algorithm, window, at, shuffled]);
    let document = this.#documents.get(key);
    if (document === undefined) {
      document = this.#train(recipe);
      this.#documents.set(key, document);
    }
    const scoresKey = `${key} ${turned ?? ''}`;
    let scores = this.#made.get(scoresKey);
    if (scores === undefined) {
      scores = this.#score(document, recipe);
      this.#made.set(scoresKey, scores);
    }
    return scores;
  }

  #train({ algorithm, window, at, shuffled }: ModelRecipe): ModelDocument {
    const { features, train } = this.config;
    const past = takeRows(this.#table, this.known(at, window));
    return trainModel({
      algorithm,
      task: 'binary',
      table: shuffled === true ? this.#shuffleLabels(past, at) : past,
      label: this.#labelColumn,
      features,
      parameters: train.parameters[algorithm] ?? {},
      seed: train.seed,
    }).document;
  }

  #score(document: ModelDocument, { at, window, turned }: ModelRecipe): PastScores {
    const later = this.between(at, Number.POSITIVE_INFINITY);
    const asked = takeRows(this.#table, later);
    const read = turned === undefined ? asked : turn(asked, turned, this.#meanOf(turned, at, window));
    const scores = new Float64Array(this.at.length).fill(Number.NaN);
    scores.set(bindModel(document).predictTable(read), later[0]);
    return scores;
  }

  #meanOf(column: string, at: EpochMs, window: string): number {
    const values = numbers(this.#table, column);
    return mean(Float64Array.from(this.known(at, window), row => values[row]!).filter(Number.isFinite));
  }

  #shuffleLabels({ rows, columns }: Table, seed: number): Table {
    const deal = (column: Column): Column =>
      column.name === this.#labelColumn && column.type !== 'string'
        ? { ...column, values: shuffle(Float64Array.from(column.values), seededRng(seed)) }
        : column;
    return { rows, columns: columns.map(deal) };
  }
}

function turn({ rows, columns }: Table, name: string, middle: number): Table {
  return {
    rows,
    columns: columns.map(column =>
      column.name === name && column.type !== 'string'
        ? { ...column, values: Float64Array.from(column.values, x => 2 * middle - x) }
        : column,
    ),
  };
}
