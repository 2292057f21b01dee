import {
  type AnyNewFact,
  type EpochMs,
  type Evidence,
  fact,
  type FactPayloads,
  type GuardrailReading,
  parseDuration,
} from '@twinloop/kernel';
import { compareLosses } from './compare-losses.js';
import type { RolloutConfig } from './config.js';
import { coverageKnown, overallCoverage, unequalCoverage } from './guardrails/coverage.js';
import { readGuardrails } from './guardrails/read-guardrails.js';
import type { RolloutReading } from './reading.js';
import { championOf, type OpenRollout } from './state.js';
import { canaryHarm } from './watch/canary-harm.js';

const ACTOR = 'policy:loop';
const DAY = 86_400_000;

/**
 * One look at an open rollout, whatever its stage. Looking is free (the evidence is valid at every look) but writing is
 * not: a look is written when it decides, or a day of domain time after the last one that was. A deciding look is
 * followed by `RolloutAdvanced`, `ModelPromoted` or `ModelRejected`. Looking twice at the same time writes the same
 * idempotency keys. `metric`, `alpha` and the weights of the steps are those the rollout started with; a changed project
 * file does not move the goal posts.
 */
export function observeRollout(
  config: RolloutConfig,
  rollout: OpenRollout,
  reading: RolloutReading,
  now: EpochMs,
): readonly AnyNewFact[] {
  const fixed = { ...config, metric: rollout.metric, alpha: rollout.alpha };
  return new Look(fixed, rollout, reading, now).decide();
}

type Status = FactPayloads['RolloutObserved']['status'];

/** What one look needs at hand; lives as long as the look. */
class Look {
  readonly #config: RolloutConfig;
  readonly #rollout: OpenRollout;
  readonly #reading: RolloutReading;
  readonly #now: EpochMs;

  constructor(config: RolloutConfig, rollout: OpenRollout, reading: RolloutReading, now: EpochMs) {
    this.#config = config;
    this.#rollout = rollout;
    this.#reading = reading;
    this.#now = now;
  }

  decide(): readonly AnyNewFact[] {
    const { stage } = this.#rollout;
    return stage.kind === 'shadow' ? this.#shadow() : this.#live(stage);
  }

  /** Nobody hears the challenger yet: is it better? */
  #shadow(): readonly AnyNewFact[] {
    const { startedAt, strategy, approval, steps } = this.#rollout;
    const now = this.#now;
    const { status, evidence } = compareLosses(this.#config, this.#reading.paired, { startedAt, now });
    const guardrails = this.#guardrails(null);
    if (guardrails.some(({ tripped }) => tripped))
      return [this.#observed('continue', evidence), this.#trip(guardrails)];
    if (status === 'continue') return this.#quiet(evidence);
    if (status !== 'better') return [this.#observed(status, evidence), this.#reject(status, evidence)];
    const coverage = overallCoverage(this.#reading.coverage);
    if (coverage < this.#config.minCoverage) {
      if (now - startedAt < parseDuration(this.#config.timeout)) return this.#quiet(evidence);
      const note = `Only ${(100 * coverage).toFixed(0)} % of the settled requests have a label.`;
      return [
        this.#observed('inconclusive', evidence),
        this.#reject('inconclusive', evidence, undefined, note),
      ];
    }
    const observed = this.#observed('better', evidence);
    if (strategy === 'canary' && steps.length > 0)
      return [observed, this.#advance('canary', 0, steps[0]!, evidence, guardrails)];
    if (approval) return [observed, this.#advance('approval', 0, 0, evidence, guardrails)];
    return [observed, this.#promote(evidence)];
  }

  /** The challenger answers clients, or waits for a person: does anything speak against it? */
  #live(stage: Exclude<OpenRollout['stage'], { kind: 'shadow' }>): readonly AnyNewFact[] {
    const { steps, approval } = this.#rollout;
    const now = this.#now;
    const { harmful, evidence, gap } = canaryHarm(this.#config, this.#rollout, this.#reading.paired, now);
    if (harmful) return [this.#observed('worse', evidence), this.#reject('worse', evidence)];
    const guardrails = this.#guardrails(gap);
    if (guardrails.some(({ tripped }) => tripped))
      return [this.#observed('continue', evidence), this.#trip(guardrails)];
    const uneven = stage.weight > 0 ? unequalCoverage(this.#reading.coverage) : null;
    const timedOut = now - stage.since >= parseDuration(this.#config.timeout);
    if (uneven !== null || timedOut) {
      return [
        this.#observed('inconclusive', evidence),
        this.#reject('inconclusive', evidence, undefined, uneven ?? this.#waited(stage)),
      ];
    }
    if (stage.kind === 'approval') return this.#quiet(evidence);
    const floors = this.#config.steps[stage.step] ?? this.#config.steps.at(-1)!;
    const served = this.#reading.service.find(({ variant }) => variant === 'challenger')?.requests ?? 0;
    if (now - stage.since < parseDuration(floors.for) || served < floors.requests)
      return this.#quiet(evidence);
    const next = steps[stage.step + 1];
    const observed = this.#observed('continue', evidence);
    if (next !== undefined)
      return [observed, this.#advance('canary', stage.step + 1, next, evidence, guardrails)];
    // All traffic moves only when it is known that the labels of both arms come.
    if (!coverageKnown(this.#reading.coverage, floors.requests)) return this.#quiet(evidence);
    if (approval)
      return [observed, this.#advance('approval', stage.step, stage.weight, evidence, guardrails)];
    return [observed, this.#promote(this.#rollout.better ?? evidence)];
  }

  #waited(stage: OpenRollout['stage']): string {
    return stage.kind === 'approval'
      ? `Nobody approved within ${this.#config.timeout}.`
      : `The step did not reach its floors within ${this.#config.timeout}.`;
  }

  #guardrails(gap: Parameters<typeof readGuardrails>[1]['gap']): readonly GuardrailReading[] {
    const { metric } = this.#rollout;
    return readGuardrails(this.#config, {
      metric,
      gap,
      service: this.#reading.service,
      arms: ['challenger', 'champion'],
    });
  }

  #trip(guardrails: readonly GuardrailReading[]): AnyNewFact {
    const { evidence } = guardrails.find(({ tripped }) => tripped)!;
    return this.#reject('guardrail', evidence, guardrails);
  }

  #quiet(evidence: Evidence): readonly AnyNewFact[] {
    const lastWritten = this.#rollout.observed?.at ?? this.#rollout.startedAt;
    return this.#now - lastWritten < DAY ? [] : [this.#observed('continue', evidence)];
  }

  #observed(status: Status, evidence: Evidence): AnyNewFact {
    const { rollout, endpoint } = this.#rollout;
    return fact(
      'RolloutObserved',
      { rollout, endpoint, evidence, status },
      this.#rest(`observed/${this.#now}`),
    );
  }

  #advance(
    stage: 'canary' | 'approval',
    step: number,
    weight: number,
    evidence: Evidence,
    guardrails: readonly GuardrailReading[],
  ): AnyNewFact {
    const { rollout, endpoint, challenger } = this.#rollout;
    return fact(
      'RolloutAdvanced',
      { rollout, endpoint, challenger, stage, step, weight, evidence, guardrails },
      this.#rest(stage === 'approval' ? 'approval' : `step/${step}`),
    );
  }

  #promote(evidence: Evidence): AnyNewFact {
    const { rollout, endpoint, challenger, nextVersion } = this.#rollout;
    return fact(
      'ModelPromoted',
      {
        endpoint,
        rollout,
        model: challenger,
        previous: championOf(this.#rollout),
        version: nextVersion,
        evidence,
        by: 'evidence',
        watchUntil: this.#now + parseDuration(this.#config.rollbackWindow),
      },
      this.#rest('decided'),
    );
  }

  #reject(
    reason: FactPayloads['ModelRejected']['reason'],
    evidence: Evidence,
    guardrails?: readonly GuardrailReading[],
    note?: string,
  ): AnyNewFact {
    const { rollout, endpoint, challenger } = this.#rollout;
    return fact(
      'ModelRejected',
      {
        endpoint,
        rollout,
        model: challenger,
        kept: championOf(this.#rollout),
        reason,
        evidence,
        ...(guardrails === undefined ? {} : { guardrails }),
        ...(note === undefined ? {} : { note }),
      },
      this.#rest('decided'),
    );
  }

  #rest(key: string) {
    const { rollout } = this.#rollout;
    return {
      at: this.#now,
      actor: ACTOR,
      correlation: rollout,
      idempotencyKey: `rollout/${rollout}/${key}`,
    };
  }
}
