import { type AnyNewFact, fact } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { fold } from './delivery.fixture.js';
import { foldDelivery } from './fold-delivery.js';
import { endpointState } from './state.js';

const rest = { at: 5, actor: 'test' };
const evidence = { statistic: 's', value: 0.01, n: 500, method: 'm' };
const deployed = fact(
  'ModelDeployed',
  { endpoint: 'late', variant: 'champion', model: 'm1', version: 1, reason: 'first' },
  rest,
);
const started = fact(
  'RolloutStarted',
  {
    rollout: 'r1',
    endpoint: 'late',
    strategy: 'shadow',
    champion: 'm1',
    challenger: 'm2',
    metric: 'brier',
    alpha: 0.1,
  },
  rest,
);
const recalibrated = fact(
  'ModelRecalibrated',
  { endpoint: 'late', model: 'm1+1', previous: 'm1', version: 2, shift: 0.3, evidence },
  rest,
);
const promoted = fact(
  'ModelPromoted',
  {
    endpoint: 'late',
    rollout: 'r1',
    model: 'm2',
    previous: 'm1',
    version: 2,
    evidence,
    by: 'evidence',
    watchUntil: 99,
  },
  rest,
);
const rejected = fact(
  'ModelRejected',
  { endpoint: 'late', rollout: 'r1', model: 'm2', kept: 'm1', reason: 'worse', evidence },
  rest,
);
const late = (...facts: readonly AnyNewFact[]) => endpointState(fold(facts), 'late');

describe('foldDelivery', () => {
  it('serves what was deployed', () => {
    expect(late(deployed).champion).toEqual({ variant: 'champion', model: 'm1', version: 1, since: 5 });
  });

  it('opens a rollout with the terms it started with', () => {
    expect(late(deployed, started).rollout).toMatchObject({
      champions: ['m1'],
      challenger: 'm2',
      metric: 'brier',
      alpha: 0.1,
      nextVersion: 2,
      observed: null,
    });
  });

  it('promotes, closes the rollout and keeps the previous champion for a while', () => {
    const state = late(deployed, started, promoted);
    expect(state.champion).toMatchObject({ model: 'm2', version: 2 });
    expect(state.rollout).toBeNull();
    expect(state.watch).toMatchObject({ model: 'm2', previous: 'm1', previousVersion: 1, until: 99 });
  });

  it('keeps the champion when the challenger is rejected', () => {
    const state = late(deployed, started, rejected);
    expect(state.champion?.model).toBe('m1');
    expect(state.rollout).toBeNull();
    expect(state.watch).toBeNull();
  });

  it('carries a recalibration of the champion into the open rollout', () => {
    const state = late(deployed, started, recalibrated);
    expect(state.champion).toMatchObject({ model: 'm1+1', version: 2 });
    expect(state.rollout).toMatchObject({ champions: ['m1', 'm1+1'], challenger: 'm2', nextVersion: 3 });
  });

  it('remembers every change of what is served', () => {
    const { history } = late(deployed, started, recalibrated, rejected);
    expect(history.map(({ change, model }) => [change, model])).toEqual([
      ['deployed', 'm1'],
      ['recalibrated', 'm1+1'],
      ['rejected', 'm2'],
    ]);
  });

  it('returns the same state for entries of other rooms', () => {
    const state = fold([deployed]);
    const [other] = [fact('KeyRevoked', { key: 'k' }, rest)];
    expect(foldDelivery(state, other as never)).toBe(state);
  });

  it('ignores a look at a rollout that is not the open one', () => {
    const look = fact(
      'RolloutObserved',
      { rollout: 'r0', endpoint: 'late', evidence, status: 'continue' },
      rest,
    );
    expect(late(deployed, started, look).rollout?.observed).toBeNull();
  });
});
