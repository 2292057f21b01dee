import {
  type AnyNewFact,
  type EpochMs,
  type Evidence,
  fact,
  parseDuration,
  TwinloopError,
} from '@twinloop/kernel';
import type { RolloutConfig } from './config.js';
import { championOf, type DeliveryState, endpointState, type OpenRollout } from './state.js';

export interface OperatorDecision {
  readonly endpoint: string;
  readonly now: EpochMs;
  readonly actor: string;
  /** Why, in the person's words. */
  readonly note?: string;
}

function openRollout(state: DeliveryState, endpoint: string): OpenRollout {
  const { rollout } = endpointState(state, endpoint);
  if (rollout === null) throw new TwinloopError('rollout_none', { values: { endpoint } });
  return rollout;
}

/** What was known when a person decided: the last written look, or nothing. */
function known(rollout: OpenRollout): Evidence {
  return (
    rollout.observed?.evidence ?? {
      statistic: `paired ${rollout.metric} difference, champion − challenger`,
      value: 0,
      n: 0,
      method: 'none: decided before the first look',
    }
  );
}

/** A person promotes the challenger, whatever the evidence says; it is kept beside the decision. @throws rollout_none */
export function promoteByOperator(
  state: DeliveryState,
  config: Pick<RolloutConfig, 'rollbackWindow'>,
  { endpoint, now, actor, note }: OperatorDecision,
): readonly AnyNewFact[] {
  const rollout = openRollout(state, endpoint);
  return [
    fact(
      'ModelPromoted',
      {
        endpoint,
        rollout: rollout.rollout,
        model: rollout.challenger,
        previous: championOf(rollout),
        version: rollout.nextVersion,
        evidence: known(rollout),
        by: 'operator',
        watchUntil: now + parseDuration(config.rollbackWindow),
        ...(note === undefined ? {} : { note }),
      },
      {
        at: now,
        actor,
        correlation: rollout.rollout,
        idempotencyKey: `rollout/${rollout.rollout}/decided`,
      },
    ),
  ];
}

/** A person ends the trial, or a newer challenger replaces this one. @throws rollout_none */
export function rejectByOperator(
  state: DeliveryState,
  { endpoint, now, actor, note }: OperatorDecision,
  reason: 'operator' | 'superseded' = 'operator',
): readonly AnyNewFact[] {
  const rollout = openRollout(state, endpoint);
  return [
    fact(
      'ModelRejected',
      {
        endpoint,
        rollout: rollout.rollout,
        model: rollout.challenger,
        kept: championOf(rollout),
        reason,
        evidence: known(rollout),
        ...(note === undefined ? {} : { note }),
      },
      {
        at: now,
        actor,
        correlation: rollout.rollout,
        idempotencyKey: `rollout/${rollout.rollout}/decided`,
      },
    ),
  ];
}
