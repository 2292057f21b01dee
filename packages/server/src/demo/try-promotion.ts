import { type EpochMs, type Evidence, parseDuration } from '@twinloop/kernel';
import { PromotionMonitor, type PromotionWatch, type RolloutConfig } from '@twinloop/loop/delivery';
import type { PastModels, PastScores } from './past-models.js';

const HOUR = 36e5;
const DAY = 24 * HOUR;
/** The shadow phase before a promotion. */
export const SHADOW_DAYS = 14;
/** What was lost, or would have been: mean over that long after the turn. */
export const LOSS_DAYS = 28;

export interface PromotionTrial {
  readonly rolledBack: 'evidence' | 'guardrail' | null;
  readonly evidence: Evidence | null;
  /** Labels that had arrived between the turn (or the promotion) and the rollback, settled or not; NaN without one. */
  readonly labels: number;
  /** Requests between the turn (or the promotion) and the hold; NaN without one. */
  readonly requestsToHold: number;
  readonly held: boolean;
  readonly released: boolean;
  /** It had come before the turn. */
  readonly early: boolean;
}

/** The requests around one promotion, in order of time. */
export class PromotionPeriod {
  readonly promotedAt: EpochMs;
  readonly #past: PastModels;
  readonly #config: RolloutConfig;
  readonly #rows: Uint32Array;
  readonly #arrivals: Uint32Array;
  readonly #shadow: Uint32Array;

  constructor(past: PastModels, config: RolloutConfig, promotedAt: EpochMs) {
    this.promotedAt = promotedAt;
    this.#past = past;
    this.#config = config;
    this.#shadow = past.between(promotedAt - SHADOW_DAYS * DAY, promotedAt);
    this.#rows = past.between(promotedAt, promotedAt + parseDuration(config.rollbackWindow));
    this.#arrivals = this.#rows.slice().sort((a, b) => past.arrived[a]! - past.arrived[b]! || a - b);
  }

  /** Mean of harm(row) over the shadow phase: what the promotion rested on. */
  before(harm: (row: number) => number): number {
    return meanOver(this.#shadow, harm);
  }

  /** Mean of harm(row) over the weeks from `from` on. */
  after(harm: (row: number) => number, from = this.promotedAt): number {
    return meanOver(this.#past.between(from, from + LOSS_DAYS * DAY), harm);
  }

  /** Plays the watch: looks every hour; scores by row of the table. `turned` answers from `turnedAt` on. */
  try(
    previous: PastScores,
    promoted: PastScores,
    turned: PastScores = promoted,
    turnedAt: EpochMs = this.promotedAt,
  ): PromotionTrial {
    const { at, arrived, label } = this.#past;
    const pick = (scores: PastScores): Float64Array => Float64Array.from(this.#shadow, row => scores[row]!);
    let watch = this.#watch();
    const monitor = new PromotionMonitor(this.#config, watch, { a: pick(previous), b: pick(promoted) });
    const seen = { labels: 0, requests: 0, requestsToHold: Number.NaN, held: false, released: false };
    const ended = (
      rolledBack: PromotionTrial['rolledBack'],
      evidence: Evidence | null,
      now: EpochMs,
    ): PromotionTrial => {
      const { held, released, requestsToHold } = seen;
      const labels = rolledBack === null ? Number.NaN : seen.labels;
      return { rolledBack, evidence, labels, requestsToHold, held, released, early: now < turnedAt };
    };
    const last = watch.until + 2 * DAY;
    let asked = 0;
    let known = 0;
    for (let now = this.promotedAt + HOUR; now <= last; now += HOUR) {
      for (; asked < this.#rows.length && at[this.#rows[asked]!]! <= now; asked++) {
        const row = this.#rows[asked]!;
        const time = at[row]!;
        monitor.predicted(String(row), time, previous[row]!, (time < turnedAt ? promoted : turned)[row]!);
        if (time >= turnedAt) seen.requests++;
        const [hold] = monitor.hold(watch, time);
        if (hold?.type !== 'TrafficHeld') continue;
        watch = { ...watch, held: { since: time, evidence: hold.payload.evidence } };
        seen.held = true;
        seen.requestsToHold = seen.requests;
      }
      for (; known < this.#arrivals.length && arrived[this.#arrivals[known]!]! <= now; known++) {
        const row = this.#arrivals[known]!;
        monitor.labelled(String(row), label[row]!, arrived[row]!);
        if (arrived[row]! >= turnedAt) seen.labels++;
      }
      for (const fact of monitor.look(watch, [], now)) {
        if (fact.type === 'ModelRolledBack' && fact.payload.by !== 'operator')
          return ended(fact.payload.by, fact.payload.evidence, now);
        if (fact.type === 'TrafficReleased') {
          watch = { ...watch, held: null, releasedAt: now };
          seen.released = true;
        }
        if (fact.type === 'PromotionObserved') {
          if (fact.payload.status === 'kept') return ended(null, fact.payload.evidence, now);
          watch = { ...watch, observed: { status: 'continue', evidence: fact.payload.evidence, at: now } };
        }
      }
    }
    return ended(null, null, last);
  }

  #watch(): PromotionWatch {
    return {
      rollout: 'rollout-1',
      endpoint: 'endpoint',
      model: 'promoted',
      models: ['promoted'],
      previous: 'previous',
      previousVersion: 1,
      metric: this.#config.metric,
      previousLoss: null,
      since: this.promotedAt,
      until: this.promotedAt + parseDuration(this.#config.rollbackWindow),
      held: null,
      releasedAt: null,
      observed: null,
    };
  }
}

function meanOver(rows: Uint32Array, value: (row: number) => number): number {
  let sum = 0;
  for (const row of rows) sum += value(row);
  return sum / rows.length;
}
