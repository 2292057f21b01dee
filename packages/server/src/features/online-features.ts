import type { OutcomeRecord, PredictionLog, PredictionRecord, Row, Scalar } from '@twinloop/kernel';
import { LookupEngine, type LookupFigures } from '@twinloop/model';
import { looksUp } from '../config/lookups.js';
import type { ProjectConfig } from '../config/project-config.js';
import { labelOf } from '../runtime/monitoring/labels.js';
import type { ClassBook } from '../runtime/serving/class-book.js';
import { type FeatureSources, labelValue } from './feature-sources.js';
import { type OwnRow, ownRow } from './own-rows.js';

export interface OnlineFeaturePorts {
  readonly config: ProjectConfig;
  readonly sources: FeatureSources;
  readonly clock: { now(): number };
  readonly log: Pick<PredictionLog, 'find'>;
  readonly classes: ClassBook;
  readonly monotonic: () => number;
}

/** Requests without an outcome that are remembered; older ones are found in the log. */
const WAITING = 50_000;

/** What the engine knows at this moment: rebuilt from versions and the log on start, then moved on by what comes. */
export class OnlineFeatures {
  readonly #ports: OnlineFeaturePorts;
  readonly active: boolean;
  /** Every column, undefined: an input that does not come is missed as ever. */
  readonly #shape: Row;
  #engine: LookupEngine;
  readonly #waiting = new Map<string, Omit<OwnRow, 'outcome'>>();
  /** Own rows that came while the state is rebuilt. */
  #meanwhile: Row[] | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  /** How long the last rebuild took, in milliseconds. */
  rebuildMs = 0;

  private constructor(ports: OnlineFeaturePorts) {
    this.#ports = ports;
    this.active = looksUp(ports.config.lookups);
    this.#engine = new LookupEngine(ports.config.lookups);
    const { lookups } = ports.config;
    this.#shape = Object.fromEntries(
      [...lookups.inputs, ...this.#engine.columns].map(name => [name, undefined]),
    ) as unknown as Row;
  }

  static async open(ports: OnlineFeaturePorts): Promise<OnlineFeatures> {
    const features = new OnlineFeatures(ports);
    await features.rebuild();
    return features;
  }

  /** Begins anew with what versions and the log hold; what comes meanwhile goes into both states. */
  rebuild(): Promise<void> {
    return this.alone(() => this.#rebuild());
  }

  async #rebuild(): Promise<void> {
    if (!this.active) return;
    const { config, sources, clock, monotonic } = this.#ports;
    const started = monotonic();
    const engine = new LookupEngine(config.lookups);
    this.#meanwhile = [];
    try {
      for (const [dataset, rows] of Object.entries(await sources.all(clock.now())))
        for (const row of rows) engine.add(dataset, row);
      for (const row of this.#meanwhile) engine.add(sources.own!, row);
      engine.advance(clock.now());
      this.#engine = engine;
    } finally {
      this.#meanwhile = undefined;
    }
    this.rebuildMs = monotonic() - started;
  }

  /** One after the other: a row that is pushed while the state is rebuilt must not count twice. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #add(row: Row, live: boolean): void {
    this.#engine.add(this.#ports.sources.own!, row, live);
    this.#meanwhile?.push(row);
  }

  /** The rows with what was looked up for them. */
  enrich(rows: readonly Row[], at: number): readonly Row[] {
    if (!this.active) return rows;
    return rows.map(row => {
      // Of one shape for all requests: adding columns to a copy one by one costs twenty times as much.
      const seen: Record<string, Scalar> = { ...this.#shape };
      for (const name in row) seen[name] = row[name]!;
      this.#engine.read(row, at, seen);
      return seen;
    });
  }

  /** What was answered belongs to the past from now on. */
  answered(records: readonly PredictionRecord[]): void {
    const { own } = this.#ports.sources;
    if (!this.active || own === undefined) return;
    const names = this.#ports.config.datasets[own]!;
    for (const { role, id, at, inputs } of records) {
      if (role !== 'live' || inputs === null) continue;
      const asked = { id, at, inputs };
      this.#waiting.set(id, asked);
      this.#add(ownRow(names, asked), false);
    }
    for (const id of this.#waiting.keys()) {
      if (this.#waiting.size <= WAITING) break;
      this.#waiting.delete(id);
    }
  }

  /** Outcomes complete the rows of their requests; those by key and time are looked for in the log. */
  async reported(records: readonly OutcomeRecord[]): Promise<void> {
    const { config, sources, log, classes } = this.#ports;
    const { own } = sources;
    if (!this.active || own === undefined) return;
    const label = labelOf(config);
    const mine = records.filter(({ metric, predictionId }) => metric === label && predictionId !== null);
    const unknown = mine.flatMap(({ predictionId: id }) => (this.#waiting.has(id!) ? [] : [id!]));
    const found = new Map<string, Omit<OwnRow, 'outcome'>>();
    if (unknown.length > 0)
      for (const { id, at, inputs, role } of await log.find(config.project, config.endpoint!.name, unknown))
        if (role === 'live' && inputs !== null) found.set(id, { id, at, inputs });
    for (const { predictionId, value, at } of mine) {
      const asked = this.#waiting.get(predictionId!) ?? found.get(predictionId!);
      if (asked === undefined) continue;
      this.#waiting.delete(predictionId!);
      const outcome = { value: labelValue(config, classes, value), at };
      this.#add(ownRow(config.datasets[own]!, { ...asked, outcome }), true);
    }
    const keyed = records.filter(({ metric, predictionId }) => metric === label && predictionId === null);
    if (keyed.length === 0) return;
    const times = keyed.map(({ at }) => at);
    // Only the log can tell which request a key and a time mean.
    const arrived = { from: Math.min(...times), until: Math.max(...times) + 1 };
    for (const row of await sources.outcomes(arrived)) this.#add(row, true);
  }

  /** Rows of a source that came just now. */
  came(dataset: string, rows: readonly Row[]): void {
    for (const row of rows) this.#engine.add(dataset, row, true);
  }

  /** What a request of this entity would be told now; asking is not counted as a request. */
  current(entity: Row): Row {
    const told: Record<string, Scalar> = {};
    this.#engine.look(entity, this.#ports.clock.now(), told);
    return told;
  }

  figures(): readonly LookupFigures[] {
    if (this.active) this.#engine.advance(this.#ports.clock.now());
    return this.active ? this.#engine.figures() : [];
  }
}
