import type { Entry, Evidence, FactPayloads, FactType } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { emptyChaos, foldChaos, trafficWanted, type ChaosState } from './chaos-state.js';

const DAY = 864e5;
const evidence: Evidence = { statistic: 's', value: -0.3, n: 193, method: 'm' };

function entry<T extends FactType>(seq: number, type: T, payload: FactPayloads[T], at = seq): Entry {
  return { seq, type, payload, at } as unknown as Entry;
}
const fold = (...entries: readonly Entry[]): ChaosState => entries.reduce(foldChaos, emptyChaos);

const started = (
  kind: FactPayloads['ChaosStarted']['kind'],
  detail: FactPayloads['ChaosStarted']['detail'] = {},
) =>
  entry(1, 'ChaosStarted', {
    chaos: 'chaos-1',
    kind,
    endpoint: 'late',
    target: 'hour',
    sentence: 'broken',
    detail,
  });
const flipped = started('flip-sensor', {
  model: 'm2',
  column1: 'hour',
  transform1: 'sign',
  mean1: 14,
  limitMs: 28 * DAY,
});
const over = entry(9, 'ChaosEnded', {
  chaos: 'chaos-1',
  kind: 'flip-sensor',
  endpoint: 'late',
  outcome: 'caught',
  decision: 5,
  requests: 9,
  failedRequests: 0,
  labels: 9,
  sentence: 'over',
});
const rolledBack = (model: string, by: FactPayloads['ModelRolledBack']['by'] = 'evidence') =>
  entry(5, 'ModelRolledBack', {
    endpoint: 'late',
    rollout: 'r1',
    model,
    restored: 'm1',
    version: 3,
    evidence,
    by,
  });
const recalibrated = entry(3, 'ModelRecalibrated', {
  endpoint: 'late',
  model: 'm2+1',
  previous: 'm2',
  version: 5,
  shift: 0.1,
  evidence,
});

describe('a flipped sensor', () => {
  it('is misread from the fact that says so on, and stays so', () => {
    const misread = [{ column: 'hour', transform: 'sign', mean: 14 }];
    expect(fold(flipped).misread).toEqual({ m2: misread });
    expect(fold(flipped, over).misread).toEqual({ m2: misread });
  });

  it('is caught by a rollback on evidence, of itself or of what recalibration made of it', () => {
    const caught = { outcome: 'caught', decision: 5, labels: 193, version: 3 };
    expect(fold(flipped, rolledBack('m2')).running?.ending).toMatchObject(caught);
    const after = fold(flipped, recalibrated, rolledBack('m2+1'));
    expect(after.misread['m2+1']).toEqual(after.misread['m2']);
    expect(after.running?.ending).toMatchObject(caught);
  });

  it('is undone when a person rolls it back', () => {
    expect(fold(flipped, rolledBack('m2', 'operator')).running?.ending).toMatchObject({ outcome: 'undone' });
  });

  it('is not ended by what happens to other models', () => {
    expect(fold(flipped, rolledBack('m9')).running?.ending).toBeNull();
  });

  it('is missed when its time is over', () => {
    const late = entry(7, 'PolicyHeld', { endpoint: 'late', reason: 'r' }, 29 * DAY);
    expect(fold(flipped, late).running?.ending).toMatchObject({ outcome: 'missed', decision: null });
  });

  it('ends once: what comes later does not change it', () => {
    const state = fold(flipped, rolledBack('m2'));
    expect(foldChaos(state, rolledBack('m2', 'operator'))).toBe(state);
  });
});

describe('the other faults', () => {
  const rejected = (reason: FactPayloads['ModelRejected']['reason']) =>
    entry(5, 'ModelRejected', {
      endpoint: 'late',
      rollout: 'r1',
      model: 'm2',
      kept: 'm1',
      reason,
      evidence,
    });
  const worse = started('worse-model', { model: 'm2' });
  it.each([
    ['worse', 'caught'],
    ['inconclusive', 'caught'],
    ['guardrail', 'caught'],
    ['operator', 'undone'],
    ['superseded', 'undone'],
  ] as const)('a challenger that is rejected as %s is %s', (reason, outcome) => {
    expect(fold(worse, rejected(reason)).running?.ending).toMatchObject({ outcome, decision: 5 });
  });

  it('a poisoned batch ends with the check of its own version', () => {
    const poisoned = started('poison-batch', { source: 'poisoned' });
    const registered = (source: string, version: string) =>
      entry(2, 'DatasetVersionRegistered', {
        dataset: 'flights',
        version: version as never,
        rows: 1,
        columns: 1,
        source,
      });
    const checked = (version: string) =>
      entry(3, 'ExpectationsChecked', {
        dataset: 'flights',
        version: version as never,
        status: 'refused',
        checked: 1,
        findings: [{ rule: 'range', count: 3, rows: 9, severity: 'error', message: 'hour: 3 of 9' }],
      });
    expect(fold(poisoned, registered('flights.csv', 'v1'), checked('v1')).running?.ending).toBeNull();
    expect(fold(poisoned, registered('poisoned', 'v2'), checked('v2')).running?.ending).toMatchObject({
      outcome: 'caught',
      said: 'hour: 3 of 9',
    });
  });

  it('held back labels end with the answer to the alarm about labels, and the hold ends with them', () => {
    const delayed = started('delay-labels', { factor: 2, extraMs: 10, missing: 0.3 });
    const alarm = (kind: FactPayloads['AlarmRaised']['kind']) =>
      entry(3, 'AlarmRaised', { alarm: 'a1', endpoint: 'late', kind, signals: [], sentence: 's' });
    const answer = entry(4, 'AnswerDecided', {
      alarm: 'a1',
      endpoint: 'late',
      answer: 'hold',
      trigger: 'alarm',
      reason: 'r',
      budget: { used: 0, limit: 1 },
    });
    expect(fold(delayed, alarm('data-drift'), answer).running?.ending).toBeNull();
    const state = fold(delayed, alarm('labels'), answer);
    expect(state.running?.ending).toMatchObject({ outcome: 'caught', decision: 4, said: 'hold' });
    expect(state.delays).toEqual([{ from: 1, until: null, factor: 2, extraMs: 10, missing: 0.3 }]);
    expect(foldChaos(state, over).delays).toMatchObject([{ from: 1, until: 9 }]);
  });
});

it('traffic is wanted while a fault runs and for two weeks after', () => {
  expect(trafficWanted(emptyChaos, 0)).toBe(false);
  expect(trafficWanted(fold(flipped), 99 * DAY)).toBe(true);
  expect(trafficWanted(fold(flipped, over), 13 * DAY)).toBe(true);
  expect(trafficWanted(fold(flipped, over), 15 * DAY)).toBe(false);
});

it('an entry that says nothing about a fault leaves the very same state', () => {
  const state = fold(flipped);
  expect(foldChaos(state, entry(4, 'KeyRevoked', { key: 'k' }))).toBe(state);
});
