import type { ChaosKind } from '@twinloop/kernel';
import { expect, it } from 'vitest';
import type { Ending, Fault } from './chaos-state.js';
import { comebackSentence, endedSentence } from './sentences.js';

const fault = (kind: ChaosKind, more: Partial<Fault> = {}): Fault => ({
  chaos: 'chaos-1',
  kind,
  endpoint: 'late',
  target: 'sched_dep_time',
  sentence: 'broken',
  detail: { transform1: 'sign' },
  seq: 1,
  startedAt: 0,
  models: ['m2'],
  heldAt: null,
  awaits: null,
  ending: null,
  ...more,
});
const counted = { requests: 400, failed: 0, labels: 250 };
const time = (at: number): string => (at === 0 ? '10:02' : '10:07');

it.each<[ChaosKind, Partial<Fault>, Pick<Ending, 'outcome'> & Partial<Ending>, string]>([
  [
    'flip-sensor',
    {},
    { outcome: 'caught', labels: 193, version: 3, said: 'evidence' },
    'flipped `sched_dep_time` at 10:02; 193 labels later the evidence crossed its boundary; version 3 is back; 0 failed requests',
  ],
  [
    'flip-sensor',
    { heldAt: 5, detail: { transform1: 'unit' } },
    { outcome: 'caught', labels: 1, version: 3, said: 'guardrail' },
    'read `sched_dep_time` a hundred times too large at 10:02; its answers jumped, and traffic was held at 10:07; 1 label later a guardrail tripped; version 3 is back; 0 failed requests',
  ],
  [
    'flip-sensor',
    {},
    { outcome: 'undone', version: 3 },
    'flipped `sched_dep_time` at 10:02; taken back by hand after 250 labels; version 3 is back; 0 failed requests',
  ],
  [
    'worse-model',
    {},
    { outcome: 'caught', labels: 2150, said: 'worse' },
    'let a worse challenger into the shadow at 10:02; 2,150 labels later it was rejected (worse); no client saw an answer of it; 0 failed requests',
  ],
  [
    'worse-model',
    {},
    { outcome: 'undone', labels: 40, said: 'superseded' },
    'let a worse challenger into the shadow at 10:02; a newer challenger took its place after 40 labels; 0 failed requests',
  ],
  [
    'poison-batch',
    { target: 'flights' },
    { outcome: 'caught', said: 'hour: 3 of 9' },
    'offered a poisoned batch of flights at 10:02; refused at once: hour: 3 of 9; nothing was trained on it; 0 failed requests',
  ],
  [
    'delay-labels',
    { target: 'late' },
    { outcome: 'caught', type: 'AnswerDecided', said: 'hold' },
    'held labels of `late` back at 10:02; the labels monitor raised its alarm and the policy answered: hold; what was held back has been delivered; 0 failed requests',
  ],
])('%s %j', (kind, more, ending, sentence) => {
  expect(endedSentence(fault(kind, more), ending, counted, time)).toBe(sentence);
});

it('a server that came back says what it still knows', () => {
  const killed = fault('kill-server', { detail: { killedAt: 7, stateHash: 'abcdef0123456789' } });
  const back = {
    downMs: 1320,
    waited: 4,
    failed: 0,
    sameState: true,
    predictions: 60123,
    decisions: 812,
    lost: 0,
  };
  expect(comebackSentence(killed, back, () => '10:02:03')).toBe(
    'killed at 10:02:03; back after 1.3 s in the same stage with the same evidence (state hash abcdef012345); 60,123 predictions and 812 decisions as before; 0 lost; 4 requests waited meanwhile; 0 failed requests',
  );
  expect(comebackSentence(killed, { ...back, sameState: false }, () => 't')).toContain('in another state');
});
