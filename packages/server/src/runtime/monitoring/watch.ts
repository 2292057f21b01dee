import {
  TwinloopError,
  type AnyNewFact,
  type BlobStore,
  type Clock,
  type DatasetQuery,
  type EpochMs,
  type MetadataStore,
  type PredictionLog,
  type ProjectId,
  type Schema,
  type Signal,
} from '@twinloop/kernel';
import {
  calibrationSignals,
  observeWindow,
  qualitySignals,
  signalsOf,
  windowAt,
  type QualityBaseline,
} from '@twinloop/loop/monitoring';
import { columnsOf, parseExpression } from '@twinloop/model';
import { lossOfShown, meanLoss, shownLoss, type LossName } from '@twinloop/stats';
import { watchedLoss } from '../../config/by-task.js';
import type { EndpointLearning } from '@twinloop/loop/learning';
import { servedElsewhere } from '../../config/check-project.js';
import type { ProjectConfig } from '../../config/project-config.js';
import { firstWindowBaseline, referenceBaseline } from './elsewhere-baseline.js';
import { type DriftLook, DriftWatch, type HeldAgainst } from './drift-watch.js';
import type { DriftHistory } from './drift-history.js';
import { availabilityOf, caveated, labelOf, lookAtLabels } from './labels.js';
import type { ShelvedModel } from '../serving/shelved-model.js';

export interface WatchPorts {
  readonly project: ProjectId;
  readonly config: ProjectConfig;
  readonly clock: Clock;
  readonly log: PredictionLog;
  readonly datasets: DatasetQuery;
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
  readonly history: DriftHistory;
}

/** What a champion's inputs and losses were like when it was trained. */
export interface ChampionReference {
  readonly drift: HeldAgainst;
  readonly quality: QualityBaseline;
  readonly schema: Schema;
  /** What the tolerance of the calibration counts in: 1 for rates, the label's standard deviation for regression. */
  readonly calibrationScale: number;
}

export interface WindowLoss {
  readonly loss: LossName;
  readonly mean: number;
  readonly n: number;
}

/** Reads the monitors' windows of one endpoint and says what departed, as facts; it decides nothing. */
export class Watch {
  readonly #ports: WatchPorts;
  readonly #drift: DriftWatch;
  /** Mean loss of the champion's answers in the quality window that was read last. */
  lastLoss: WindowLoss | null = null;
  readonly #firstWindows = new Map<string, QualityBaseline>();
  readonly #references = new Map<string, Promise<ChampionReference>>();

  constructor(ports: WatchPorts) {
    this.#ports = ports;
    this.#drift = new DriftWatch(ports);
  }

  /** The reference of a model: made once from its dataset version, then kept. */
  async reference(champion: ShelvedModel): Promise<ChampionReference> {
    const model = servedElsewhere(this.#ports.config) ? await this.#heldAgainstNewest(champion) : champion;
    // Recalibrations share body and training data with the model they came from.
    const key = `${model.record.datasetVersion}/${model.record.run}`;
    let reference = this.#references.get(key);
    if (reference === undefined) {
      reference = this.#makeReference(model);
      this.#references.set(key, reference);
    }
    return reference;
  }

  /** A model served elsewhere is held against the newest accepted version of the reference dataset. */
  async #heldAgainstNewest(champion: ShelvedModel): Promise<ShelvedModel> {
    const { project, metadata } = this.#ports;
    const { dataset } = champion.record;
    const newest = (await metadata.datasets.list(project, dataset)).find(
      version => version.status === 'accepted',
    );
    if (newest === undefined)
      throw new TwinloopError('not_found', {
        values: { what: `A version of the reference dataset ${dataset}` },
      });
    return { ...champion, record: { ...champion.record, datasetVersion: newest.version } };
  }

  /** The reference's own figures; for a version served elsewhere without any, those of its first settled window. */
  async #baseline(
    version: string,
    { quality }: ChampionReference,
    since: EpochMs,
    now: EpochMs,
  ): Promise<QualityBaseline> {
    const { config, log } = this.#ports;
    if (!servedElsewhere(config) || !Number.isNaN(quality.loss)) return quality;
    const known = this.#firstWindows.get(version);
    if (known !== undefined) return known;
    const first = await firstWindowBaseline(config, log, version, since, now);
    if (first !== undefined) this.#firstWindows.set(version, first);
    return first ?? quality;
  }

  async #makeReference(champion: ShelvedModel): Promise<ChampionReference> {
    const { project, config, metadata, datasets } = this.#ports;
    const { record, importance } = champion;
    const loss = watchedLoss(config);
    const version = await metadata.datasets.get(project, record.dataset, record.datasetVersion);
    return {
      drift: await this.#drift.heldAgainst(
        champion,
        version!,
        onInputs(importance, config.features.derive ?? {}),
      ),
      quality: servedElsewhere(config)
        ? await referenceBaseline(config, datasets, version!)
        : {
            loss: lossOfShown(loss, record.metrics[shownLoss(loss, 0).metric] ?? Number.NaN),
            n: record.metrics['n'] ?? 0,
            baseRate: record.metrics['base_rate'] ?? record.metrics['label_mean'] ?? Number.NaN,
          },
      schema: version!.schema.filter(column => config.features.inputs.includes(column.name)),
      calibrationScale: config.train.task === 'regression' ? (record.metrics['label_sd'] ?? Number.NaN) : 1,
    };
  }

  /** After a restart: the figure that the last look left behind. */
  async recall(champion: ShelvedModel): Promise<void> {
    const { project, config, clock, log } = this.#ports;
    const now = clock.now();
    const rows = await log.scored({
      project,
      endpoint: config.endpoint!.name,
      metric: labelOf(config),
      predicted: windowAt(config.monitors.quality, now),
      arrived: { until: now },
      version: champion.record.model,
    });
    this.#remember(rows);
  }

  #remember({ label, score }: Scored): void {
    const loss = watchedLoss(this.#ports.config);
    if (label.length > 0) this.lastLoss = { loss, mean: meanLoss(loss, label, score), n: label.length };
  }

  /** One look at the inputs as they are now; writes nothing. */
  async driftNow(champion: ShelvedModel, since: EpochMs): Promise<DriftLook> {
    const { drift, schema } = await this.reference(champion);
    return this.#drift.look(champion, since, drift, schema);
  }

  /** One look at every monitor of the endpoint. */
  async look(
    champion: ShelvedModel,
    since: EpochMs,
    learning: EndpointLearning,
  ): Promise<readonly AnyNewFact[]> {
    const { project, config, clock, log } = this.#ports;
    const endpoint = config.endpoint!.name;
    const now = clock.now();
    const { quality, calibration } = config.monitors;
    const { task } = config.train;
    const reference = await this.reference(champion);

    const { window, inputs, findings } = await this.driftNow(champion, since);
    if (findings !== null) await this.#drift.remember(findings);
    const facts = [
      ...observeWindow({
        monitor: 'drift',
        endpoint,
        now,
        window,
        n: inputs.rows,
        signals: findings === null ? null : signalsOf(findings),
      }),
    ];

    if (availabilityOf(config) === 'never') return facts;
    const baseline = await this.#baseline(champion.record.model, reference, since, now);
    const label = labelOf(config);
    let read: { key: string; rows: Scored } | undefined;
    for (const [monitor, settings, judge] of [
      [
        'quality',
        quality,
        (rows: Scored): readonly Signal[] | null => qualitySignals(quality, rows, baseline, task),
      ],
      [
        'calibration',
        calibration,
        (rows: Scored): readonly Signal[] | null =>
          calibrationSignals(calibration, rows, label, reference.calibrationScale),
      ],
    ] as const) {
      // The log gives the probability of the class that came, not of each: whether every class is predicted as often as it
      // comes cannot be asked of it.
      if (task === 'multiclass' && monitor === 'calibration') continue;
      const window = windowAt(settings, now);
      // Both monitors usually read the same window; then it is read once.
      const key = `${window.from}/${window.until}`;
      if (read?.key !== key) {
        read = {
          key,
          rows: await log.scored({
            project,
            endpoint,
            metric: label,
            predicted: window,
            arrived: { until: now },
            version: champion.record.model,
          }),
        };
      }
      const { rows } = read;
      if (monitor === 'quality') this.#remember(rows);
      facts.push(
        ...observeWindow({
          monitor,
          endpoint,
          now,
          window,
          n: rows.label.length,
          signals: caveated(config, judge(rows)),
        }),
      );
    }
    facts.push(...(await lookAtLabels(this.#ports, learning, now)));
    return facts;
  }
}

type Scored = Parameters<typeof qualitySignals>[1];

/** A derived feature's importance belongs to the columns that its expression reads, in equal parts. */
function onInputs(
  importance: Readonly<Record<string, number>>,
  derive: Readonly<Record<string, string>>,
): Readonly<Record<string, number>> {
  const reads = (feature: string): readonly string[] => {
    const expression = derive[feature];
    return expression === undefined ? [feature] : [...columnsOf(parseExpression(expression))].flatMap(reads);
  };
  const shares: Record<string, number> = {};
  for (const [feature, share] of Object.entries(importance)) {
    const columns = reads(feature);
    for (const name of columns) shares[name] = (shares[name] ?? 0) + share / columns.length;
  }
  return shares;
}
