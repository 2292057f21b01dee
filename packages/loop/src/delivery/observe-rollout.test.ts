import { fact, type PairedRows, seededRng } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { promoteByOperator, rejectByOperator } from './decide-by-operator.js';
import { CONFIG, DAY, fold, HOUR, weather } from './delivery.fixture.js';
import { observeRollout } from './observe-rollout.js';
import { startRollout } from './start-rollout.js';
import { type DeliveryState, endpointState } from './state.js';

const shadowReading = (paired: PairedRows) => ({ paired, coverage: [], service: [] });
const deployed = fold([
  fact(
    'ModelDeployed',
    { endpoint: 'late', variant: 'champion', model: 'm1', version: 4, reason: 'first' },
    { at: 0, actor: 'test' },
  ),
]);
const request = { endpoint: 'late', rollout: 'r1', challenger: 'm2', config: CONFIG, now: 0, actor: 'test' };
const open = fold(startRollout(deployed, request), deployed);
const decision = { endpoint: 'late', now: 9 * DAY, actor: 'key:ada' };

/** Looks every `step` from the start; returns what was written and the state at the end. */
function play(a: number, b: number, days: number, step = DAY) {
  const stream = weather(seededRng(5), days, a, b);
  const written = [];
  let state: DeliveryState = open;
  for (let now = step; now <= days * DAY; now += step) {
    const { rollout } = endpointState(state, 'late');
    if (rollout === null) break;
    const facts = observeRollout(CONFIG, rollout, shadowReading(stream), now);
    written.push(...facts);
    state = fold(facts, state);
  }
  return { written, late: endpointState(state, 'late') };
}

describe('startRollout', () => {
  it('refuses a second challenger while one is tried', () => {
    expect(() => startRollout(open, { ...request, rollout: 'r2', challenger: 'm3' })).toThrow(
      expect.objectContaining({ code: 'rollout_open' }),
    );
  });

  it('refuses an endpoint without a champion, and the champion itself', () => {
    expect(() => startRollout(fold([]), request)).toThrow(
      expect.objectContaining({ code: 'endpoint_not_ready' }),
    );
    expect(() => startRollout(deployed, { ...request, challenger: 'm1' })).toThrow(
      expect.objectContaining({ code: 'invalid_request', field: 'challenger' }),
    );
  });
});

describe('observeRollout', () => {
  it('promotes a better challenger with its evidence, and watches the old one', () => {
    const { written, late } = play(0.6, 0.3, 20);
    const promoted = written.at(-1)!;
    expect(promoted).toMatchObject({
      type: 'ModelPromoted',
      payload: { model: 'm2', previous: 'm1', version: 5, by: 'evidence', evidence: { n: 13 * 24 * 8 } },
    });
    expect(late.champion).toMatchObject({ model: 'm2', version: 5, since: 14 * DAY });
    expect(late.watch).toMatchObject({ previous: 'm1', previousVersion: 4, until: 21 * DAY });
  });

  it('rejects a worse one', () => {
    const { written, late } = play(0.3, 0.6, 20);
    expect(written.at(-1)).toMatchObject({ type: 'ModelRejected', payload: { reason: 'worse', kept: 'm1' } });
    expect(late.champion?.model).toBe('m1');
  });

  it('gives up at the timeout and says so', () => {
    const { written } = play(0.2, 0.41, 30);
    expect(written.at(-1)).toMatchObject({ payload: { reason: 'inconclusive' }, at: 28 * DAY });
  });

  it('writes at most one look a day, however often it looks', () => {
    const looks = play(0.2, 0.41, 10, HOUR).written;
    expect(looks).toHaveLength(10);
    expect(new Set(looks.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(10);
  });

  it('keeps the metric and alpha that the rollout started with', () => {
    const { rollout } = endpointState(open, 'late');
    const moved = { ...CONFIG, metric: 'brier', alpha: 0.2 };
    const [look] = observeRollout(
      moved,
      rollout!,
      shadowReading(weather(seededRng(5), 5, 0.6, 0.3)),
      5 * DAY,
    );
    expect(look).toMatchObject({ payload: { evidence: { statistic: expect.stringContaining('log_loss') } } });
  });
});

describe('an operator', () => {
  it('may promote before the evidence does', () => {
    const [promoted] = promoteByOperator(open, CONFIG, decision);
    expect(promoted).toMatchObject({
      type: 'ModelPromoted',
      actor: 'key:ada',
      payload: { model: 'm2', by: 'operator', watchUntil: 16 * DAY, evidence: { n: 0 } },
    });
  });

  it('may reject', () => {
    expect(rejectByOperator(open, decision)[0]).toMatchObject({
      payload: { reason: 'operator', kept: 'm1' },
    });
  });

  it('has nothing to decide without a rollout', () => {
    expect(() => promoteByOperator(deployed, CONFIG, decision)).toThrow(
      expect.objectContaining({ code: 'rollout_none' }),
    );
    expect(() => rejectByOperator(deployed, decision)).toThrow(
      expect.objectContaining({ code: 'rollout_none' }),
    );
  });
});
