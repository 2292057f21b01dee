import type { Entry, FactPayloads, FactType } from '@twinloop/kernel';
import { expect, it } from 'vitest';
import { notificationEvent } from './notable.js';

const said = <T extends FactType>(type: T, payload: Partial<FactPayloads[T]>) =>
  notificationEvent({ type, payload } as unknown as Entry);

it.each([
  ['a drift alarm', said('AlarmRaised', { kind: 'data-drift' }), 'alarm'],
  ['an alarm about labels', said('AlarmRaised', { kind: 'labels' }), 'labels'],
  ['an alarm that belongs to another', said('AlarmCoalesced', { kind: 'data-drift' }), undefined],
  ['a canary step', said('RolloutAdvanced', { stage: 'canary' }), undefined],
  ['a wait for approval', said('RolloutAdvanced', { stage: 'approval' }), 'approval'],
  ['a promotion', said('ModelPromoted', {}), 'promotion'],
  ['refused data', said('ExpectationsChecked', { status: 'refused' }), 'refusal'],
  ['accepted data', said('ExpectationsChecked', { status: 'accepted' }), undefined],
  ['a rejected challenger', said('ModelRejected', {}), 'refusal'],
  ['a run that a gate refused', said('RunFinished', { status: 'refused' }), 'refusal'],
  ['a run that broke', said('RunFinished', { status: 'failed' }), 'run-failed'],
  ['a run that passed', said('RunFinished', { status: 'passed' }), undefined],
  ['a rollback', said('ModelRolledBack', {}), 'rollback'],
  ['traffic held', said('TrafficHeld', {}), 'rollback'],
  [
    'an alarm within the budget',
    said('AnswerDecided', { answer: 'retrain', reason: 'budget used: no' }),
    undefined,
  ],
  [
    'a used budget',
    said('AnswerDecided', { answer: 'hold', reason: 'drift; budget used: 8 of 8 retrainings in 365d' }),
    'budget',
  ],
  [
    'a full day',
    said('AnswerDecided', { answer: 'hold', reason: 'drift; daily maximum of 2 answers reached' }),
    'budget',
  ],
  [
    'a cool-down',
    said('AnswerDecided', { answer: 'hold', reason: 'drift; cooling down for another 3h' }),
    undefined,
  ],
  ['the end of a fault on purpose', said('ChaosEnded', {}), 'chaos'],
])('%s is %s', (_what, event, expected) => {
  expect(event).toBe(expected);
});
