import { type Answer, type EpochMs, formatDuration, parseDuration } from '@twinloop/kernel';
import type { PolicyConfig } from './config.js';
import type { EndpointLearning } from './state.js';

const DAY = 86_400_000;

export interface Allowance {
  readonly allowed: boolean;
  /** Why not; empty when allowed. */
  readonly reason: string;
}

const ALLOWED: Allowance = { allowed: true, reason: '' };
const refuse = (reason: string): Allowance => ({ allowed: false, reason });

/** Retrainings that count against the budget at `now`. */
export function retrainingsUsed(state: EndpointLearning, config: PolicyConfig, now: EpochMs): number {
  const since = now - parseDuration(config.budget.per);
  return state.actions.filter(({ answer, at }) => answer === 'retrain' && at > since).length;
}

/** When the newest action of this kind stops to cool others down; `-Infinity` when there was none. */
export function coolUntil(state: EndpointLearning, config: PolicyConfig, answer: Answer): EpochMs {
  const last = state.actions.findLast(action => action.answer === answer);
  const pause = answer === 'retrain' ? config.coolDown : config.recalibrateEvery;
  return last === undefined ? Number.NEGATIVE_INFINITY : last.at + parseDuration(pause);
}

/** Whether the operator, the daily maximum and the budget let this answer happen now. */
export function allowance(
  state: EndpointLearning,
  config: PolicyConfig,
  answer: Answer,
  now: EpochMs,
): Allowance {
  if (answer === 'hold') return ALLOWED;
  if (state.held !== null) return refuse(`held by the operator: ${state.held.reason}`);
  const { daily, retrainings, per } = config.budget;
  const today = state.actions.filter(({ at }) => at > now - DAY).length;
  if (today >= daily) return refuse(`daily maximum of ${daily} answers reached`);
  if (answer !== 'retrain') return ALLOWED;
  const used = retrainingsUsed(state, config, now);
  if (used >= retrainings) return refuse(`budget used: ${used} of ${retrainings} retrainings in ${per}`);
  return ALLOWED;
}

/** The allowance of an answer to an alarm: as above, when no other retraining is under way, and after the cool-down. */
export function alarmAllowance(
  state: EndpointLearning,
  config: PolicyConfig,
  answer: Answer,
  now: EpochMs,
): Allowance {
  if (answer === 'retrain' && state.open !== null) return refuse('another retraining is under way');
  const until = coolUntil(state, config, answer);
  if (answer !== 'hold' && now < until) {
    return refuse(`cooling down for another ${formatDuration(Math.ceil((until - now) / 60_000) * 60_000)}`);
  }
  return allowance(state, config, answer, now);
}
