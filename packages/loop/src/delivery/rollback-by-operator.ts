import { type AnyNewFact, type Evidence, fact, TwinloopError } from '@twinloop/kernel';
import type { OperatorDecision } from './decide-by-operator.js';
import { type DeliveryState, type EndpointState, endpointState } from './state.js';

export interface OperatorRollback extends OperatorDecision {
  /** The model that the person wants to leave. When another one is in charge by now, somebody was faster. */
  readonly leave?: string;
}

const NO_EVIDENCE: Evidence = {
  statistic: 'none',
  value: 0,
  n: 0,
  method: 'none: a person decided',
};

/**
 * A person takes the model in charge out of traffic. During a watch the promotion is undone; else the last other model
 * that served comes back, under the version number that it had. Two people at once make one step: the second one is told.
 * @throws rollback_nothing when no other model has served · rollback_done when `leave` is not in charge any more, or,
 *         without `leave`, when the last change already was a rollback
 */
export function rollbackByOperator(state: DeliveryState, request: OperatorRollback): readonly AnyNewFact[] {
  const { endpoint, now, actor, note, leave } = request;
  const found = endpointState(state, endpoint);
  const { champion, watch } = found;
  const target = targetOf(found);
  const already = leave === undefined ? justRolledBack(found) : leave !== champion?.model;
  if (champion !== null && already)
    throw new TwinloopError('rollback_done', { values: { endpoint, model: champion.model } });
  if (champion === null || target === null)
    throw new TwinloopError('rollback_nothing', { values: { endpoint } });
  return [
    fact(
      'ModelRolledBack',
      {
        endpoint,
        rollout: target.rollout,
        model: champion.model,
        restored: target.model,
        version: target.version,
        evidence: watch?.observed?.evidence ?? NO_EVIDENCE,
        by: 'operator',
        ...(note === undefined ? {} : { note }),
      },
      {
        at: now,
        actor,
        correlation: target.rollout,
        // In a watch: the key of the rollback by evidence, so that a person and the evidence make one step together.
        idempotencyKey:
          watch === null
            ? `rollback/${endpoint}/${champion.version}/${champion.since}`
            : rollbackKey(watch.rollout),
      },
    ),
  ];
}

export function rollbackKey(rollout: string): string {
  return `rollout/${rollout}/rolled-back`;
}

/** What a rollback would bring back; null when no other model has served. */
export function rollsBackTo(
  state: DeliveryState,
  endpoint: string,
): { readonly model: string; readonly version: number } | null {
  const target = targetOf(endpointState(state, endpoint));
  return target === null ? null : { model: target.model, version: target.version };
}

function targetOf({ watch, behind }: EndpointState) {
  if (watch !== null)
    return { rollout: watch.rollout, model: watch.previous, version: watch.previousVersion };
  const last = behind.at(-1);
  return last === undefined
    ? null
    : { rollout: last.replacedBy ?? 'none', model: last.model, version: last.version };
}

function justRolledBack({ history }: EndpointState): boolean {
  return history.findLast(({ change }) => change !== 'rejected')?.change === 'rolled-back';
}
