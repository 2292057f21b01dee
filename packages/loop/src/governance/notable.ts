import type { Entry, NotificationEvent } from '@twinloop/kernel';

/** The policy says why it holds; these are the reasons that a person can lift. */
const BY_BUDGET = /(budget used: |daily maximum of )/;

/**
 * What an entry is to people who asked to be told, if anything. Each entry is one event at most.
 * A hold counts as `budget` when the budget or the daily maximum is its reason.
 */
export function notificationEvent(entry: Pick<Entry, 'type' | 'payload'>): NotificationEvent | undefined {
  // The pair of type and payload is an entry's; narrowing needs the whole.
  const { type, payload } = entry as Entry;
  switch (type) {
    case 'AlarmRaised':
      return payload.kind === 'labels' ? 'labels' : 'alarm';
    case 'RolloutAdvanced':
      return payload.stage === 'approval' ? 'approval' : undefined;
    case 'ModelPromoted':
      return 'promotion';
    case 'ExpectationsChecked':
      return payload.status === 'refused' ? 'refusal' : undefined;
    case 'ModelRejected':
      return 'refusal';
    case 'RunFinished':
      return payload.status === 'failed'
        ? 'run-failed'
        : payload.status === 'refused'
          ? 'refusal'
          : undefined;
    case 'ModelRolledBack':
    case 'TrafficHeld':
      return 'rollback';
    case 'AnswerDecided':
      return payload.answer === 'hold' && BY_BUDGET.test(payload.reason) ? 'budget' : undefined;
    case 'ChaosEnded':
      return 'chaos';
    default:
      return undefined;
  }
}
