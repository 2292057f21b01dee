import type {
  AnyNewFact,
  EpochMs,
  GuardrailReading,
  OutcomeRecord,
  PairedRows,
  PredictionRecord,
} from '@twinloop/kernel';
import { type ArmService, PromotionMonitor, type PromotionWatch } from '@twinloop/loop/delivery';
import { labelOf, labelsDecide } from '../monitoring/labels.js';
import { joinPaired } from './join-paired.js';
import type { ArmStats } from '../serving/arm-stats.js';
import type { RolloutPorts } from './read-rollout.js';

interface Row {
  readonly id: string;
  readonly at: EpochMs;
  readonly key: string | null;
  readonly previous: number;
  readonly promoted: number;
}

/** How much of the shadow phase tells what the two models' answers usually differ by. */
const BASELINE_MS = 28 * 864e5;
/** Ids kept to pass over repeats, and keys to find predictions by. */
const REMEMBERED = 200_000;

/**
 * Keeps one promotion under watch while requests and labels come in: in memory, so that a look costs no query. Made anew
 * from the log after a restart; what the log holds twice counts once.
 */
export class PromotionGuard {
  readonly #ports: RolloutPorts;
  readonly #arms: ArmStats;
  #watch: PromotionWatch | null = null;
  #monitor: PromotionMonitor | null = null;
  /** Requests that came while the log was being read. */
  #queue: Row[] | null = null;
  #seen = new Set<string>();
  #byKey = new Map<string, Row[]>();
  /** A label came by a key from before the last start: only the log knows whose it is. */
  #stale = false;

  constructor(ports: RolloutPorts, arms: ArmStats) {
    this.#ports = ports;
    this.#arms = arms;
  }

  get #severalClasses(): boolean {
    return this.#ports.config.train.task === 'multiclass';
  }

  /** Takes over the watch of the facts; reads the log when it is another promotion than before. */
  async follow(watch: PromotionWatch | null, now: EpochMs): Promise<void> {
    const same =
      watch !== null && this.#watch?.rollout === watch.rollout && this.#watch.since === watch.since;
    this.#watch = watch;
    if (same) return;
    this.#monitor = null;
    this.#seen = new Set();
    this.#byKey = new Map();
    this.#stale = false;
    if (watch === null) return;
    this.#queue = [];
    const monitor = new PromotionMonitor(
      this.#ports.config.endpoint!.rollout,
      watch,
      await this.#pairs(watch, { from: watch.since - BASELINE_MS, until: watch.since }, now),
    );
    const rows = await this.#pairs(watch, { from: watch.since, until: now + 1 }, now);
    const arrivals: number[] = [];
    rows.ids.forEach((id, i) => {
      monitor.predicted(id, rows.predictedAt[i]!, rows.a[i]!, rows.b[i]!);
      this.#seen.add(id);
      if (rows.arrivedAt[i]! <= now) arrivals.push(i);
    });
    arrivals.sort((i, k) => rows.arrivedAt[i]! - rows.arrivedAt[k]! || i - k);
    for (const i of arrivals) monitor.labelled(rows.ids[i]!, rows.label[i]!, rows.arrivedAt[i]!);
    // Another promotion may have come while the log was being read.
    if (this.#watch?.rollout !== watch.rollout) return;
    this.#monitor = monitor;
    for (const row of this.#queue.splice(0)) this.#add(row);
    this.#queue = null;
  }

  /** The records of one answer. @returns the facts of a hold, when the answers have jumped */
  predicted(records: readonly PredictionRecord[], now: EpochMs): readonly AnyNewFact[] {
    const watch = this.#watch;
    if (watch === null) return [];
    // Of several classes a row's score is another one once its label is known: only the log tells them.
    if (this.#severalClasses) {
      this.#stale = true;
      return [];
    }
    // The records of one request stand together, the live one first.
    for (let i = 0; i < records.length; ) {
      const { id, at, key } = records[i]!;
      let previous: number | undefined;
      let promoted: number | undefined;
      for (; i < records.length && records[i]!.id === id; i++) {
        const { version, score } = records[i]!;
        if (version === watch.previous) previous = score;
        else if (watch.models.includes(version)) promoted = score;
      }
      if (at >= watch.since && previous !== undefined && promoted !== undefined)
        this.#add({ id, at, key, previous, promoted });
    }
    return this.#monitor?.hold(watch, now) ?? [];
  }

  labelled(records: readonly OutcomeRecord[], now: EpochMs): void {
    if (this.#monitor === null || !labelsDecide(this.#ports.config)) return;
    if (this.#severalClasses) {
      this.#stale = true;
      return;
    }
    const metric = labelOf(this.#ports.config);
    for (const { predictionId, key, time, metric: said, value, at } of records) {
      if (said !== metric) continue;
      const id = predictionId ?? this.#idOf(key, time);
      if (id !== undefined) this.#monitor.labelled(id, value, Math.min(at, now));
      else this.#stale = true;
    }
  }

  /** One look at what is known at `now`. */
  async look(now: EpochMs): Promise<readonly AnyNewFact[]> {
    const watch = this.#watch;
    if (this.#stale && watch !== null) {
      this.#watch = null;
      await this.follow(watch, now);
    }
    if (watch === null || this.#monitor === null) return [];
    return this.#monitor.look(watch, this.#service(watch), now);
  }

  /** What the guardrails of the watch read now. */
  guardrails(): readonly GuardrailReading[] {
    return this.#watch === null ? [] : (this.#monitor?.guardrails(this.#service(this.#watch)) ?? []);
  }

  #service({ previous, model }: PromotionWatch): readonly ArmService[] {
    return [this.#arms.service('previous', previous), this.#arms.service('promoted', model)];
  }

  #add(row: Row): void {
    if (this.#queue !== null) {
      this.#queue.push(row);
      return;
    }
    if (this.#monitor === null || this.#seen.has(row.id)) return;
    if (this.#seen.size >= REMEMBERED) this.#forget();
    this.#seen.add(row.id);
    if (row.key !== null) this.#byKey.set(row.key, [...(this.#byKey.get(row.key) ?? []), row]);
    this.#monitor.predicted(row.id, row.at, row.previous, row.promoted);
  }

  /** Drops the older half. */
  #forget(): void {
    this.#seen = new Set([...this.#seen].slice(REMEMBERED / 2));
    for (const [key, rows] of this.#byKey) if (!this.#seen.has(rows.at(-1)!.id)) this.#byKey.delete(key);
  }

  /** The latest prediction with this key at or before the outcome's time. */
  #idOf(key: string | null, time: EpochMs | null): string | undefined {
    if (key === null || time === null) return undefined;
    return this.#byKey.get(key)?.findLast(row => row.at <= time)?.id;
  }

  /** Requests of an interval that both models answered, in order of prediction. */
  async #pairs(
    watch: PromotionWatch,
    predicted: { readonly from: EpochMs; readonly until: EpochMs },
    now: EpochMs,
  ): Promise<PairedRows> {
    const { project, config, log } = this.#ports;
    const parts: PairedRows[] = [];
    for (const model of watch.models) {
      parts.push(
        await log.paired({
          project,
          endpoint: watch.endpoint,
          metric: labelOf(config),
          a: watch.previous,
          b: model,
          predicted,
          // Labels that may not decide are as good as absent.
          arrived: { until: labelsDecide(config) ? now : Number.NEGATIVE_INFINITY },
          unlabelled: true,
        }),
      );
    }
    return joinPaired(parts, 'predictedAt');
  }
}
