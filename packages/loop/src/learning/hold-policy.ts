import { type AnyNewFact, type EpochMs, fact } from '@twinloop/kernel';
import { endpointLearning, type LearningState } from './state.js';

interface Command {
  readonly endpoint: string;
  readonly now: EpochMs;
  readonly actor: string;
}

/** Until {@link resumePolicy}, every alarm is answered with `hold`. Nothing when it is held already. */
export function holdPolicy(
  state: LearningState,
  { endpoint, reason, now, actor }: Command & { readonly reason: string },
): readonly AnyNewFact[] {
  if (endpointLearning(state, endpoint).held !== null) return [];
  return [fact('PolicyHeld', { endpoint, reason }, { at: now, actor })];
}

/** Lets the policy answer again. Nothing when it is not held. */
export function resumePolicy(state: LearningState, { endpoint, now, actor }: Command): readonly AnyNewFact[] {
  if (endpointLearning(state, endpoint).held === null) return [];
  return [fact('PolicyResumed', { endpoint }, { at: now, actor })];
}
