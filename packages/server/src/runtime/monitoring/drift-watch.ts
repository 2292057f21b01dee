import {
  columnOf,
  parseDuration,
  takeRows,
  type Column,
  type BlobStore,
  type Clock,
  type DatasetQuery,
  type DatasetVersionRecord,
  type EpochMs,
  type Interval,
  type PredictionLog,
  type ProjectId,
  type Schema,
  type Table,
  TwinloopError,
} from '@twinloop/kernel';
import {
  buildReference,
  driftReport,
  driftTools,
  keptTable,
  sketchedReference,
  sketchedSample,
  unsketched,
  windowAt,
  type DriftFinding,
  type DriftReference,
} from '@twinloop/loop/monitoring';
import { lossesOf, shownLoss, type TableSketch } from '@twinloop/stats';
import { watchedLoss } from '../../config/by-task.js';
import type { ProjectConfig } from '../../config/project-config.js';
import type { ShelvedModel } from '../serving/shelved-model.js';
import { localTime } from '../zoned-time.js';
import type { DriftHistory } from './drift-history.js';
import { profileStore } from '../building/profile-store.js';
import { availabilityOf, labelOf } from './labels.js';

export interface DriftPorts {
  readonly project: ProjectId;
  readonly config: ProjectConfig;
  readonly clock: Clock;
  readonly log: PredictionLog;
  readonly datasets: DatasetQuery;
  readonly blobs: BlobStore;
  readonly history: DriftHistory;
}

/** What the drift of a champion's traffic is held against. */
export interface HeldAgainst {
  readonly reference: DriftReference;
  /** The label column of training; absent for several classes and when there is none. */
  readonly labels?: driftTools.SampleReference;
  /** The model's loss by what a column said; absent when it cannot be scored. */
  readonly losses?: driftTools.LossProfile;
  /** Kept for a seasonal reference: the training rows and where each lies in the week. */
  readonly seasonal?: { readonly table: Table; readonly times: readonly driftTools.WeekTime[] };
  readonly importance: Readonly<Record<string, number>>;
}

export interface DriftLook {
  readonly window: Interval;
  readonly inputs: Table;
  /** What it was held against in this look. */
  readonly reference: DriftReference;
  readonly held: string;
  readonly expected: driftTools.ExpectedLoss | null;
  readonly findings: readonly DriftFinding[] | null;
}

/** The drift monitor of one endpoint: inputs, missing values, answers, labels and all of them together. */
export class DriftWatch {
  readonly #ports: DriftPorts;
  readonly #answers = new Map<string, driftTools.SampleReference>();

  constructor(ports: DriftPorts) {
    this.#ports = ports;
  }

  /**
   * What a champion is held against: from the profile of its version where that tells enough, else from its rows (a
   * seasonal reference picks among all of them; an earlier release kept no sketches).
   */
  async heldAgainst(
    champion: ShelvedModel,
    version: DatasetVersionRecord,
    importance: Readonly<Record<string, number>>,
  ): Promise<HeldAgainst> {
    const { project, config, blobs } = this.#ports;
    const { inputs } = config.features;
    const known = new Set(version.schema.map(({ name }) => name));
    const { time } = config.datasets[champion.record.dataset] ?? {};
    const label = labelOf(config);
    const extras = [label, ...(time === undefined ? [] : [time])].filter(
      name => known.has(name) && !inputs.includes(name),
    );
    const sketch = (await profileStore(project, blobs).sketch(version.profile))?.table;
    const seasonally = config.monitors.drift.reference === 'seasonal';
    const rows =
      seasonally || sketch === undefined
        ? await this.#rows(version, [...inputs, ...extras], sketch)
        : undefined;
    const table = rows ?? keptTable(sketch!, version.schema);
    const reference =
      rows === undefined
        ? await this.#sketched(version, sketch!, importance)
        : buildReference(rows, inputs, importance);
    const labels = numbersOf(table, label);
    const sample =
      labels === undefined || config.train.task === 'multiclass'
        ? undefined
        : rows === undefined
          ? sketchedSample(sketch!, label)
          : driftTools.sampleReference(labels);
    const sought = time === undefined ? undefined : numbersOf(table, time);
    const seasonal =
      seasonally && sought !== undefined ? { table, times: weekTimes(sought, config.timezone) } : undefined;
    const losses = labels === undefined ? undefined : await this.#losses(champion, reference, table, labels);
    return {
      reference,
      importance,
      ...(sample === undefined ? {} : { labels: sample }),
      ...(losses === undefined ? {} : { losses }),
      ...(seasonal === undefined ? {} : { seasonal }),
    };
  }

  /** Stored rows; undefined when they are gone and a sketch can stand in for them. */
  async #rows(
    version: DatasetVersionRecord,
    columns: readonly string[],
    sketch: TableSketch | undefined,
  ): Promise<Table | undefined> {
    const { project, datasets } = this.#ports;
    try {
      return await datasets.load(project, version.blob, columns);
    } catch (error) {
      if (sketch !== undefined && error instanceof TwinloopError && error.code === 'not_found')
        return undefined;
      throw error;
    }
  }

  async #sketched(
    version: DatasetVersionRecord,
    sketch: TableSketch,
    importance: Readonly<Record<string, number>>,
  ): Promise<DriftReference> {
    const { inputs } = this.#ports.config.features;
    const unknown = unsketched(sketch, inputs);
    const read = unknown.length === 0 ? undefined : await this.#rows(version, unknown, sketch);
    return sketchedReference(sketch, version.schema, inputs, importance, read);
  }

  async #losses(
    champion: ShelvedModel,
    reference: DriftReference,
    table: Table,
    labels: Float64Array,
  ): Promise<driftTools.LossProfile | undefined> {
    // Models from outside may want columns that their training data lack: then nothing is said of the loss.
    if (champion.document === undefined || this.#ports.config.train.task === 'multiclass') return undefined;
    const scores = await champion.scoreTable(table);
    if (scores.length !== labels.length) return undefined;
    return driftTools.lossProfile(
      reference,
      table,
      lossesOf(watchedLoss(this.#ports.config), labels, scores),
    );
  }

  /** The live requests of the window at `now`: by time, or the newest `rows`. */
  async window(now: EpochMs, schema: Schema, since: EpochMs): Promise<{ window: Interval; inputs: Table }> {
    const { project, config, log } = this.#ports;
    const { drift } = config.monitors;
    const endpoint = config.endpoint!.name;
    let window = windowAt(drift, now);
    let inputs = await log.inputs({ project, endpoint, schema, predicted: window });
    if (drift.rows === 0) return { window, inputs };
    // Twice as far back until there are enough of them, or nothing older was answered by this model.
    while (inputs.rows < drift.rows && window.from > since) {
      window = { from: now - 2 * (now - window.from), until: now };
      inputs = await log.inputs({ project, endpoint, schema, predicted: window });
    }
    if (inputs.rows > drift.rows) {
      const first = inputs.rows - drift.rows;
      inputs = takeRows(
        inputs,
        Array.from({ length: drift.rows }, (_, i) => first + i),
      );
      window = { from: numbersOf(inputs, '$at')?.[0] ?? window.from, until: now };
    }
    return { window, inputs };
  }

  /** One look: reads the window and tests everything in it. Writes nothing. */
  async look(
    champion: ShelvedModel,
    since: EpochMs,
    against: HeldAgainst,
    schema: Schema,
  ): Promise<DriftLook> {
    const { config, clock } = this.#ports;
    const now = clock.now();
    const { drift } = config.monitors;
    const { window, inputs } = await this.window(now, schema, since);
    const { reference, held } = this.#seasonal(against, inputs);
    const others = await this.#others(champion, since, against, inputs, now);
    const expected = this.#expected(against, inputs);
    return {
      window,
      inputs,
      reference,
      held,
      expected,
      findings: driftReport(drift, reference, inputs, others, expected),
    };
  }

  /** Keeps what a look found; a second look at the same moment changes nothing. */
  async remember(findings: readonly DriftFinding[]): Promise<void> {
    const { config, clock, history } = this.#ports;
    await history.remember(config.endpoint!.name, clock.now(), findings);
  }

  #seasonal(against: HeldAgainst, inputs: Table): { reference: DriftReference; held: string } {
    const { config } = this.#ports;
    const whole = { reference: against.reference, held: 'training' };
    const at = numbersOf(inputs, '$at');
    if (against.seasonal === undefined || at === undefined || inputs.rows === 0) return whole;
    const { table, times } = against.seasonal;
    const { rows, held } = driftTools.seasonalRows(
      times,
      weekTimes(at, config.timezone),
      config.monitors.drift.minRows,
    );
    if (held === 'training') return whole;
    return {
      reference: buildReference(takeRows(table, rows), config.features.inputs, against.importance),
      held,
    };
  }

  async #others(
    champion: ShelvedModel,
    since: EpochMs,
    { labels }: HeldAgainst,
    inputs: Table,
    now: EpochMs,
  ): Promise<readonly driftTools.Shift[]> {
    const { project, config, log } = this.#ports;
    const { drift, quality } = config.monitors;
    const endpoint = config.endpoint!.name;
    const version = champion.record.model;
    const shifts: driftTools.Shift[] = [];
    const answers = await this.#firstAnswers(version, since, now);
    if (answers !== undefined) {
      const scores = answersOf(inputs, version);
      if (scores.length >= drift.minRows)
        shifts.push(driftTools.predictionShift(answers, scores, drift.tolerance));
    }
    if (labels !== undefined && labels.rows > 0 && availabilityOf(config) !== 'never') {
      const { label, score } = await log.scored({
        project,
        endpoint,
        metric: labelOf(config),
        predicted: windowAt(quality, now),
        arrived: { until: now },
        version,
      });
      if (label.length >= quality.minLabels)
        shifts.push(
          driftTools.labelShift(
            labelOf(config),
            labels,
            { label, score },
            config.train.task === 'binary',
            drift.tolerance,
          ),
        );
    }
    return shifts;
  }

  /**
   * What the model answered in its first window: answers on its own training rows would look better than any to come. Undefined
   * until a second window, which shares no row with the first, is over.
   */
  async #firstAnswers(
    version: string,
    since: EpochMs,
    now: EpochMs,
  ): Promise<driftTools.SampleReference | undefined> {
    const { project, config, log } = this.#ports;
    const { window, minRows } = config.monitors.drift;
    const length = parseDuration(window);
    if (now < since + 2 * length) return undefined;
    const known = this.#answers.get(version);
    if (known !== undefined) return known;
    const first = await log.inputs({
      project,
      endpoint: config.endpoint!.name,
      schema: [],
      predicted: { from: since, until: since + length },
    });
    const scores = answersOf(first, version);
    if (scores.length < minRows) return undefined;
    const sample = driftTools.sampleReference(scores);
    this.#answers.set(version, sample);
    return sample;
  }

  #expected({ losses, reference }: HeldAgainst, inputs: Table): driftTools.ExpectedLoss | null {
    if (losses === undefined || inputs.rows === 0) return null;
    const loss = watchedLoss(this.#ports.config);
    const change: Record<string, number> = {};
    for (const column of reference.columns) {
      const by = driftTools.expectedLossChange(losses, column, inputs);
      // In the unit that is shown (a root is no sum).
      if (Number.isFinite(by))
        change[column.name] =
          shownLoss(loss, Math.max(0, losses.mean + by)).value - shownLoss(loss, losses.mean).value;
    }
    return { metric: shownLoss(loss, 0).metric, change };
  }
}

function numbersOf(table: Table, name: string): Float64Array | undefined {
  const column: Column | undefined = columnOf(table, name);
  return column === undefined || column.type === 'string' ? undefined : column.values;
}

/** The scores that this version gave in the window. */
function answersOf(inputs: Table, version: string): Float64Array {
  const scores = numbersOf(inputs, '$score');
  const versions = columnOf(inputs, '$version');
  if (scores === undefined || versions?.type !== 'string') return new Float64Array(0);
  return scores.filter((_, row) => versions.values[row] === version);
}

const HOUR = 3_600_000;

/** Local weekday and hour; times of one hour are asked once. */
function weekTimes(times: Float64Array, timezone: string): readonly driftTools.WeekTime[] {
  const known = new Map<number, driftTools.WeekTime>();
  return Array.from(times, at => {
    if (Number.isNaN(at)) return { weekday: -1, hour: -1 };
    const hour = Math.floor(at / HOUR);
    const found = known.get(hour);
    if (found !== undefined) return found;
    const local = localTime(at, timezone);
    const weekday = new Date(Date.UTC(local.year, local.month - 1, local.day)).getUTCDay();
    const made = { weekday, hour: local.hour };
    known.set(hour, made);
    return made;
  });
}
