import { type AnyNewFact, type EpochMs, fact, type PairedRows, parseDuration } from '@twinloop/kernel';
import { compareLosses } from './compare-losses.js';
import type { RolloutConfig } from './config.js';
import { championOf, type OpenRollout } from './state.js';

const ACTOR = 'policy:loop';
const DAY = 86_400_000;

/**
 * One look at an open rollout. Looking is free (the evidence is valid at every look) but writing is not: a look is
 * written when it decides, or a day of domain time after the last one that was. A deciding look is followed by
 * `ModelPromoted` or `ModelRejected`. Looking twice at the same time writes the same idempotency keys.
 * `metric` and `alpha` are those the rollout started with; a changed project file does not move the goal posts.
 */
export function observeRollout(
  config: RolloutConfig,
  rollout: OpenRollout,
  paired: PairedRows,
  now: EpochMs,
): readonly AnyNewFact[] {
  const fixed = { ...config, metric: rollout.metric, alpha: rollout.alpha };
  const { status, evidence } = compareLosses(fixed, paired, { startedAt: rollout.startedAt, now });
  const lastWritten = rollout.observed?.at ?? rollout.startedAt;
  if (status === 'continue' && now - lastWritten < DAY) return [];
  const { endpoint } = rollout;
  const observed = fact(
    'RolloutObserved',
    { rollout: rollout.rollout, endpoint, evidence, status },
    {
      at: now,
      actor: ACTOR,
      correlation: rollout.rollout,
      idempotencyKey: `rollout/${rollout.rollout}/observed/${now}`,
    },
  );
  if (status === 'continue') return [observed];
  const rest = {
    at: now,
    actor: ACTOR,
    correlation: rollout.rollout,
    idempotencyKey: `rollout/${rollout.rollout}/decided`,
  };
  if (status === 'better') {
    return [
      observed,
      fact(
        'ModelPromoted',
        {
          endpoint,
          rollout: rollout.rollout,
          model: rollout.challenger,
          previous: championOf(rollout),
          version: rollout.nextVersion,
          evidence,
          by: 'evidence',
          watchUntil: now + parseDuration(config.rollbackWindow),
        },
        rest,
      ),
    ];
  }
  return [
    observed,
    fact(
      'ModelRejected',
      {
        endpoint,
        rollout: rollout.rollout,
        model: rollout.challenger,
        kept: championOf(rollout),
        reason: status,
        evidence,
      },
      rest,
    ),
  ];
}
