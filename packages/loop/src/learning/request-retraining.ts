import { type AnyNewFact, type EpochMs, fact, type Trigger, TwinloopError } from '@twinloop/kernel';
import { allowance, retrainingsUsed } from './allowance.js';
import type { PolicyConfig } from './config.js';
import { endpointLearning, type LearningState } from './state.js';

export interface RetrainingRequest {
  readonly endpoint: string;
  readonly trigger: Extract<Trigger, 'manual' | 'schedule' | 'new-data'>;
  readonly reason: string;
  readonly now: EpochMs;
  readonly actor: string;
}

/**
 * A retraining that no alarm asked for. It obeys the hold, the daily maximum and the budget, not the cool-down (which
 * only keeps alarms apart). When it may not happen: a schedule gets the written answer `hold`; `new-data` gets nothing,
 * since it will ask again; a person gets the error, or the written `hold` with its reason.
 * @throws run_open · rollout_open for a person, while a retraining is under way
 */
export function requestRetraining(
  state: LearningState,
  config: PolicyConfig,
  { endpoint, trigger, reason, now, actor }: RetrainingRequest,
): readonly AnyNewFact[] {
  const here = endpointLearning(state, endpoint);
  const { open } = here;
  if (open !== null && trigger === 'manual') {
    throw open.stage === 'rollout'
      ? new TwinloopError('rollout_open', { values: { endpoint, rollout: open.id ?? '' } })
      : new TwinloopError('run_open', { values: { run: open.id ?? 'about to start' } });
  }
  const verdict =
    open === null
      ? allowance(here, config, 'retrain', now)
      : { allowed: false, reason: 'another retraining is under way' };
  if (!verdict.allowed && trigger === 'new-data') return [];
  const answer = verdict.allowed ? 'retrain' : 'hold';
  const used = retrainingsUsed(here, config, now) + (verdict.allowed ? 1 : 0);
  return [
    fact(
      'AnswerDecided',
      {
        endpoint,
        answer,
        trigger,
        reason: verdict.allowed ? reason : `${reason}; ${verdict.reason}`,
        budget: { used, limit: config.budget.retrainings },
      },
      { at: now, actor, idempotencyKey: `answer/${endpoint}/${trigger}/${now}` },
    ),
  ];
}
