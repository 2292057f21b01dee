import { fact } from '@twinloop/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONFIG, DAY, fold } from './delivery.fixture.js';
import { type RoutingSnapshot, route, routingSnapshot } from './route.js';
import { startRollout } from './start-rollout.js';

const rest = { at: 0, actor: 'test' };
const deployed = fact(
  'ModelDeployed',
  { endpoint: 'late', variant: 'champion', model: 'm1', version: 1, reason: 'first' },
  rest,
);
const arms = (...weights: readonly number[]): RoutingSnapshot => ({
  endpoint: 'late',
  live: weights.map((weight, i) => ({ variant: `v${i}`, model: `m${i}`, version: i, weight })),
  shadows: [],
  validUntil: null,
});

describe('routingSnapshot', () => {
  it('has no live arm before a model is deployed', () => {
    expect(routingSnapshot(fold([]), 'late', 0).live).toEqual([]);
  });

  it('answers with the champion alone while a challenger is tried in shadow', () => {
    const before = fold([deployed]);
    const started = startRollout(before, {
      endpoint: 'late',
      rollout: 'r1',
      challenger: 'm2',
      config: CONFIG,
      now: 1,
      actor: 'test',
    });
    expect(routingSnapshot(fold(started, before), 'late', 1)).toEqual({
      endpoint: 'late',
      live: [{ variant: 'champion', model: 'm1', version: 1, weight: 1 }],
      shadows: [{ variant: 'challenger', model: 'm2', version: 2 }],
      validUntil: null,
    });
  });

  it('keeps the previous champion in shadow until the rollback window ends', () => {
    const promoted = fact(
      'ModelPromoted',
      {
        endpoint: 'late',
        rollout: 'r1',
        model: 'm2',
        previous: 'm1',
        version: 2,
        evidence: { statistic: 's', value: 1, n: 1, method: 'm' },
        by: 'evidence',
        watchUntil: 7 * DAY,
      },
      rest,
    );
    const state = fold([deployed, promoted]);
    const watched = routingSnapshot(state, 'late', 7 * DAY - 1);
    expect(watched.live[0]?.model).toBe('m2');
    expect(watched.shadows).toEqual([{ variant: 'previous', model: 'm1', version: 1 }]);
    expect(watched.validUntil).toBe(7 * DAY);
    expect(routingSnapshot(state, 'late', 7 * DAY).shadows).toEqual([]);
  });
});

describe('route', () => {
  const weights = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 6 });

  it('gives propensities of all arms that sum to 1, and chooses one of them', () => {
    fc.assert(
      fc.property(weights, fc.string(), (raw, unit) => {
        const chosen = route(arms(...raw), unit);
        const shares = Object.values(chosen.propensities);
        expect(shares).toHaveLength(raw.length);
        expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
        expect(chosen.propensities[chosen.variant]).toBeGreaterThan(0);
      }),
    );
  });

  it('moves a unit only to the arm that grew', () => {
    for (let i = 0; i < 500; i++) {
      const before = route(arms(0.9, 0.1), `user-${i}`).variant;
      const after = route(arms(0.5, 0.5), `user-${i}`).variant;
      if (before === 'v1') expect(after).toBe('v1');
    }
  });

  it('never chooses an arm of weight 0', () => {
    for (const unit of ['a', 'b', 'c']) expect(route(arms(0, 1), unit).variant).toBe('v1');
  });

  it('splits neighbouring keys by the weights', () => {
    let first = 0;
    for (let i = 0; i < 10_000; i++) if (route(arms(0.1, 0.9), `user-${i}`).variant === 'v0') first++;
    // 1,000 expected, standard deviation 30.
    expect(Math.abs(first - 1000)).toBeLessThan(120);
  });

  it('refuses an endpoint without a live arm', () => {
    expect(() => route(arms(), 'a')).toThrow(RangeError);
  });
});
