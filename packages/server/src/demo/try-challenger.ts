import { parseDuration, type EpochMs, type Evidence, type PairedRows } from '@twinloop/kernel';
import { compareLosses, type RolloutConfig } from '@twinloop/loop/delivery';
import { nextLook } from '../runtime/schedule.js';
import type { PastModels, PastScores } from './past-models.js';

const DAY = 864e5;
/** A challenger's true advantage is its mean over that long, when a rollout that goes its full length ends. */
export const TRUTH_DAYS = 28;

export interface Trial {
  /** `better` is promoted; everything else leaves the champion where it is. */
  readonly status: 'better' | 'worse' | 'equivalent' | 'inconclusive';
  readonly evidence: Evidence;
  readonly days: number;
  /** Mean loss(champion) − loss(challenger) over the next {@link TRUTH_DAYS} days, all labels known. */
  readonly truth: number;
}

/** What was asked from a moment on, in the order in which its labels arrived. */
export class TrialPeriod {
  readonly startedAt: EpochMs;
  readonly #past: PastModels;
  readonly #rollout: RolloutConfig;
  readonly #rows: Uint32Array;
  readonly #columns: Pick<PairedRows, 'predictedAt' | 'arrivedAt' | 'label'>;

  /** `arrived`: when each label came, by row of the table; infinite for one that never does. */
  constructor(past: PastModels, startedAt: EpochMs, arrived: Float64Array = past.arrived) {
    this.startedAt = startedAt;
    this.#past = past;
    this.#rollout = past.config.endpoint!.rollout;
    const longest = Math.max(TRUTH_DAYS * DAY, parseDuration(this.#rollout.timeout));
    // The look that times out may come up to a day late.
    this.#rows = past
      .between(startedAt, startedAt + longest + DAY)
      .sort((a, b) => arrived[a]! - arrived[b]! || a - b);
    this.#columns = {
      predictedAt: this.pick(past.at),
      arrivedAt: this.pick(arrived),
      label: this.pick(past.label),
    };
  }

  /** Values by row of the table → values by row of the period. */
  pick(values: Float64Array): Float64Array {
    return Float64Array.from(this.#rows, row => values[row]!);
  }

  /** The advantage of `challenger`, known only afterwards. Scores are by row of the period. */
  truth(champion: Float64Array, challenger: Float64Array): number {
    const now = this.startedAt + TRUTH_DAYS * DAY + parseDuration(this.#rollout.settle);
    return this.#compare(champion, challenger, this.#rows.length, now).evidence.value;
  }

  /** Plays one rollout: looks as the server looks, at labels that had arrived, until it is decided. Scores are by row of the table. */
  try(championScores: PastScores, challengerScores: PastScores): Trial {
    const { timezone, monitors } = this.#past.config;
    const every = parseDuration(monitors.every);
    const champion = this.pick(championScores);
    const challenger = this.pick(challengerScores);
    const { arrivedAt } = this.#columns;
    let arrived = 0;
    for (let now = nextLook(this.startedAt, every, timezone); ; now = nextLook(now, every, timezone)) {
      while (arrived < arrivedAt.length && arrivedAt[arrived]! <= now) arrived++;
      const { status, evidence } = this.#compare(champion, challenger, arrived, now);
      if (status === 'continue') continue;
      const days = (now - this.startedAt) / DAY;
      return { status, evidence, days, truth: this.truth(champion, challenger) };
    }
  }

  #compare(a: Float64Array, b: Float64Array, count: number, now: EpochMs) {
    const { predictedAt, arrivedAt, label } = this.#columns;
    const paired: PairedRows = {
      ids: [],
      predictedAt: predictedAt.subarray(0, count),
      arrivedAt: arrivedAt.subarray(0, count),
      label: label.subarray(0, count),
      a: a.subarray(0, count),
      b: b.subarray(0, count),
    };
    return compareLosses(this.#rollout, paired, { startedAt: this.startedAt, now });
  }
}
