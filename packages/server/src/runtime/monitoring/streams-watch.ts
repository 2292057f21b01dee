import {
  columnOf,
  parseDuration,
  type AnyNewFact,
  type Clock,
  type EpochMs,
  type Json,
  type MetadataStore,
  type PredictionLog,
  type ProjectId,
  type Signal,
} from '@twinloop/kernel';
import type { EndpointLearning } from '@twinloop/loop/learning';
import { streamTools } from '@twinloop/loop/monitoring';
import { lossFunction } from '@twinloop/stats';
import { watchedLoss } from '../../config/by-task.js';
import type { ProjectConfig } from '../../config/project-config.js';
import type { FactStream } from '../fact-stream.js';
import { nextLook } from '../schedule.js';
import type { ShelvedModel } from '../serving/shelved-model.js';
import { availabilityOf, caveated, labelOf } from './labels.js';
import type { ChampionReference } from './watch.js';

export interface StreamsPorts {
  readonly project: ProjectId;
  readonly config: ProjectConfig;
  readonly clock: Clock;
  readonly log: PredictionLog;
  readonly metadata: MetadataStore;
  readonly facts: FactStream;
  reference(champion: ShelvedModel): Promise<ChampionReference>;
}

const CURSOR = 'streams';
/** Of one block the newest so many rows are taken: a step must not hold up the event loop. */
const MOST_ROWS = 5000;
/** Blocks that are caught up with after a long stop, or when a project with a past is watched for the first time. */
const MOST_BLOCKS = 60;
/** Clean blocks after a warning that are written down when an alarm may rest on it. */
const CLEAN = 2;

/**
 * The stream monitor of one endpoint. A step reads what came since the last one from the log, block by block, folds it,
 * and keeps the memory after the facts are written: a crash between the two reads the block again, to the same facts.
 */
export class StreamsWatch {
  readonly #ports: StreamsPorts;
  #memory: streamTools.StreamsMemory | undefined;

  constructor(ports: StreamsPorts) {
    this.#ports = ports;
  }

  /** `lookedAt`: when the policy last looked; a warning is not cleared before it did. */
  async step(
    champion: { readonly model: string; readonly since: EpochMs },
    load: () => Promise<ShelvedModel>,
    policy: { readonly learning: EndpointLearning; readonly lookedAt: EpochMs },
  ): Promise<void> {
    const { config, clock, facts, metadata, project } = this.#ports;
    const { every, alarms } = config.monitors.streams;
    const now = clock.now();
    const length = parseDuration(every);
    let memory = await this.#recall(champion);
    const earliest = now - MOST_BLOCKS * length;
    if (memory.position < earliest) memory = { ...memory, position: earliest };
    let until = nextLook(memory.position, length, config.timezone);
    if (until > now) return;
    const model = await load();
    const reference = await this.#ports.reference(model);
    const inputs = streamTools.watchedInputs(reference.drift.reference);
    const watch = {
      endpoint: config.endpoint!.name,
      inputs: { inputs, averageRunLength: config.monitors.streams.averageRunLength },
      errors: errorRule(config, reference),
    };
    const news: AnyNewFact[] = [];
    const { looks, streaks } = policy.learning;
    const streak = Object.values(streaks).findLast(({ signal }) => signal.monitor.startsWith('stream/'));
    const waits =
      alarms &&
      streak !== undefined &&
      streak.at <= policy.lookedAt &&
      (looks['stream'] ?? 0) - streak.look < CLEAN;
    for (; until <= now; until = nextLook(until, length, config.timezone)) {
      const block = await this.#read(model, memory, until, watch, reference);
      const folded = streamTools.foldStreams(watch, memory, block);
      news.push(
        ...streamTools.streamFacts(
          {
            endpoint: watch.endpoint,
            memory,
            n: block.predictions.streams[0]!.length,
            signals: withCaveat(config, folded.signals),
            now,
          },
          waits && nextLook(until, length, config.timezone) > now,
        ),
      );
      memory = folded.memory;
    }
    await facts.append(news);
    await metadata.cursors.put(project, CURSOR, memory as unknown as Json);
    this.#memory = memory;
  }

  async #recall(champion: {
    readonly model: string;
    readonly since: EpochMs;
  }): Promise<streamTools.StreamsMemory> {
    const { metadata, project } = this.#ports;
    const known =
      this.#memory ??
      ((await metadata.cursors.get(project, CURSOR)) as unknown as streamTools.StreamsMemory | undefined);
    const { model, since } = champion;
    return known?.model === model && known.since === since
      ? known
      : streamTools.newStreams(model, since, since);
  }

  async #read(
    model: ShelvedModel,
    { position, since }: streamTools.StreamsMemory,
    until: EpochMs,
    watch: {
      readonly inputs: { readonly inputs: readonly streamTools.WatchedInput[] };
      readonly errors: streamTools.ErrorRule | null;
    },
    reference: ChampionReference,
  ): Promise<streamTools.StreamsBlock> {
    const { project, config, log } = this.#ports;
    const endpoint = config.endpoint!.name;
    const version = model.record.model;
    const wanted = new Set(watch.inputs.inputs.map(({ name }) => name));
    const table = await log.inputs({
      project,
      endpoint,
      schema: reference.schema.filter(({ name }) => wanted.has(name)),
      predicted: { from: position, until },
      newest: MOST_ROWS,
    });
    const scores = columnOf(table, '$score');
    const versions = columnOf(table, '$version');
    const answers = Float64Array.from({ length: table.rows }, (_, row) => {
      const score = scores === undefined || scores.type === 'string' ? Number.NaN : scores.values[row]!;
      // Another variant's answer beside it says nothing of this model.
      return versions?.values[row] === version && Number.isFinite(score) ? score : Number.NaN;
    });
    const predictions = {
      from: position,
      streams: [...streamTools.streamsOf(watch.inputs.inputs, table), answers],
    };
    if (watch.errors === null) return { until, predictions, labels: null };
    const { label, score } = await log.scored({
      project,
      endpoint,
      metric: labelOf(config),
      predicted: { from: since },
      arrived: { from: position, until },
      version,
    });
    return {
      until,
      predictions,
      labels: { label: label.slice(-MOST_ROWS), score: score.slice(-MOST_ROWS) },
    };
  }
}

/** What is an error in this project; null when labels never come, or nothing is known of the losses in training. */
function errorRule(config: ProjectConfig, { drift }: ChampionReference): streamTools.ErrorRule | null {
  const { task } = config.train;
  if (availabilityOf(config) === 'never') return null;
  if (task === 'binary') return { task, threshold: config.monitors.fairness.threshold };
  if (task === 'multiclass') return { task };
  const limit = drift.losses?.high ?? Number.NaN;
  if (Number.isNaN(limit)) return null;
  return { task: 'regression', limit, loss: lossFunction(watchedLoss(config)) };
}

function withCaveat(config: ProjectConfig, signals: readonly Signal[]): readonly Signal[] {
  return signals.flatMap(signal =>
    signal.kind === 'model-drift' ? (caveated(config, [signal]) ?? []) : [signal],
  );
}
