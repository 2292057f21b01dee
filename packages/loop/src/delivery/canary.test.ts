import { type AnyNewFact, fact, seededRng } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { promoteByOperator } from './decide-by-operator.js';
import { CONFIG, DAY, fold, HOUR, weather } from './delivery.fixture.js';
import { observeRollout } from './observe-rollout.js';
import { canaryHarm } from './watch/canary-harm.js';
import type { ArmCoverage, ArmService, RolloutReading } from './reading.js';
import { routingSnapshot } from './route.js';
import { startRollout } from './start-rollout.js';
import { type DeliveryState, endpointState } from './state.js';

const CANARY = { ...CONFIG, strategy: 'canary' } as const;
const deployed = fold([
  fact(
    'ModelDeployed',
    { endpoint: 'late', variant: 'champion', model: 'm1', version: 4, reason: 'first' },
    { at: 0, actor: 'test' },
  ),
]);
const request = { endpoint: 'late', rollout: 'r1', challenger: 'm2', now: 0, actor: 'test' };
const started = (config = CANARY as typeof CONFIG): DeliveryState =>
  fold(startRollout(deployed, { ...request, config }), deployed);
const open = (state: DeliveryState) => endpointState(state, 'late').rollout!;
const evidence = { statistic: 's', value: 0.1, n: 500, method: 'm' };
/** A rollout that has reached a step at `at`. */
const at = (state: DeliveryState, step: number, weight: number, now: number): DeliveryState =>
  fold(
    [
      fact(
        'RolloutAdvanced',
        {
          rollout: 'r1',
          endpoint: 'late',
          challenger: 'm2',
          stage: 'canary',
          step,
          weight,
          evidence,
          guardrails: [],
        },
        { at: now, actor: 'test' },
      ),
    ],
    state,
  );
const arm = (variant: string, over: Partial<ArmService> = {}): ArmService => ({
  variant,
  model: 'm',
  requests: 400,
  errors: 0,
  p95Ms: 1,
  ...over,
});
const coverage = (champion: number, challenger: number, n = 200): readonly ArmCoverage[] => [
  { variant: 'champion', predictions: n, labelled: champion * n },
  { variant: 'challenger', predictions: n, labelled: challenger * n },
];
const SERVED = [arm('champion'), arm('challenger')];
const quiet = (over: Partial<RolloutReading> = {}): RolloutReading => ({
  paired: weather(seededRng(5), 32, 0.34, 0.3),
  coverage: coverage(1, 1),
  service: SERVED,
  ...over,
});
const types = (facts: readonly AnyNewFact[]) => facts.map(({ type }) => type);
const last = (facts: readonly AnyNewFact[]) => facts.at(-1);

describe('a canary', () => {
  const first = at(started(), 0, 0.1, 15 * DAY);

  it('begins when the shadow comparison says better', () => {
    const facts = observeRollout(
      CANARY,
      open(started()),
      quiet({ paired: weather(seededRng(5), 20, 0.6, 0.3) }),
      14 * DAY,
    );
    expect(last(facts)).toMatchObject({
      type: 'RolloutAdvanced',
      payload: { stage: 'canary', step: 0, weight: 0.1 },
    });
    const { live, shadows } = routingSnapshot(fold(facts, started()), 'late', 14 * DAY);
    expect(live).toEqual([
      { variant: 'champion', model: 'm1', version: 4, weight: 0.9 },
      { variant: 'challenger', model: 'm2', version: 5, weight: 0.1 },
    ]);
    expect(shadows).toEqual([]);
  });

  it.each([
    ['before its time is up', 16 * DAY - 1, quiet()],
    [
      'before its floor of requests',
      17 * DAY,
      quiet({ service: [arm('champion'), arm('challenger', { requests: 49 })] }),
    ],
  ])('stays on its step %s', (_case, now, reading) => {
    expect(types(observeRollout(CANARY, open(first), reading, now))).not.toContain('RolloutAdvanced');
  });

  it('goes on to the next step, and after the last one to all traffic', () => {
    expect(last(observeRollout(CANARY, open(first), quiet(), 16 * DAY))).toMatchObject({
      type: 'RolloutAdvanced',
      payload: { step: 1, weight: 0.5 },
    });
    const second = at(first, 1, 0.5, 16 * DAY);
    expect(last(observeRollout(CANARY, open(second), quiet(), 17 * DAY))).toMatchObject({
      type: 'ModelPromoted',
      payload: { model: 'm2', previous: 'm1', version: 5 },
    });
    const shadow = observeRollout(
      CANARY,
      open(started()),
      quiet({ paired: weather(seededRng(5), 20, 0.6, 0.3) }),
      14 * DAY,
    );
    const proven = at(fold(shadow, started()), 1, 0.5, 16 * DAY);
    const [observed] = shadow;
    expect(last(observeRollout(CANARY, open(proven), quiet(), 17 * DAY))).toMatchObject({
      type: 'ModelPromoted',
      payload: { evidence: (observed as { payload: { evidence: unknown } }).payload.evidence },
    });
    const unknown = quiet({ coverage: coverage(1, 1, 20) });
    expect(types(observeRollout(CANARY, open(second), unknown, 17 * DAY))).not.toContain('ModelPromoted');
  });

  it('ends when the evidence turns, on what was asked since clients hear the challenger', () => {
    const paired = weather(seededRng(5), 32, 0.3, 0.9);
    const second = at(first, 1, 0.5, 16 * DAY);
    expect(last(observeRollout(CANARY, open(second), quiet({ paired }), 16.5 * DAY))).toMatchObject({
      type: 'ModelRejected',
      payload: { reason: 'worse', kept: 'm1' },
    });
  });

  it('does not end on the few blocks that would end a watch', () => {
    const paired = weather(seededRng(5), 32, 0.3, 0.9);
    const { harmful, evidence } = canaryHarm(CANARY, open(first), paired, 15.7 * DAY);
    const [, value] = /e-value ([\d.e+]+), decides at 200 /.exec(evidence.method)!;
    expect(Number(value)).toBeGreaterThan(20);
    expect(harmful).toBe(false);
  });

  it.each<[string, readonly ArmService[]]>([
    ['errors', [arm('champion'), arm('challenger', { errors: 20 })]],
    ['latency', [arm('champion', { p95Ms: 10 }), arm('challenger', { p95Ms: 31 })]],
  ])('ends when the guardrail of %s trips', (guardrail, service) => {
    const facts = observeRollout(CANARY, open(first), quiet({ service }), 15 * DAY + HOUR);
    expect(last(facts)).toMatchObject({
      type: 'ModelRejected',
      payload: {
        reason: 'guardrail',
        guardrails: expect.arrayContaining([expect.objectContaining({ guardrail, tripped: true })]),
      },
    });
  });

  it.each<[string, readonly ArmService[]]>([
    ['a few errors', [arm('champion'), arm('challenger', { errors: 4 })]],
    [
      'a ratio of latencies that nobody feels',
      [arm('champion', { p95Ms: 0.03 }), arm('challenger', { p95Ms: 0.1 })],
    ],
    ['a slow start', [arm('champion', { p95Ms: 10 }), arm('challenger', { p95Ms: 90, requests: 199 })]],
  ])('does not mind %s', (_case, service) => {
    expect(types(observeRollout(CANARY, open(first), quiet({ service }), 15 * DAY + HOUR))).not.toContain(
      'ModelRejected',
    );
  });

  it('ends when its probabilities miss what happens, and the champion’s do not', () => {
    // Bad weather only: what happens is 0.55; the champion knows, the challenger says 0.3.
    const rng = seededRng(2);
    const rows = weather(rng, 32, 0.55, 0.3);
    const label = rows.label.map(() => (rng.next() < 0.55 ? 1 : 0));
    // The loss is kept out of it: the same test with a null that forgives everything.
    const config = { ...CANARY, rollback: { ...CANARY.rollback, margin: 1, alpha: 1e-9 } };
    const facts = observeRollout(config, open(first), quiet({ paired: { ...rows, label } }), 20 * DAY);
    expect(last(facts)).toMatchObject({ payload: { reason: 'guardrail', evidence: { threshold: 0.1 } } });
    const both = { ...rows, label, a: rows.b };
    expect(types(observeRollout(config, open(first), quiet({ paired: both }), 20 * DAY))).not.toContain(
      'ModelRejected',
    );
  });

  it('is inconclusive when labels are missing for one variant only, and says why', () => {
    for (const reading of [quiet({ coverage: coverage(1, 0) }), quiet({ coverage: coverage(0.6, 0.95) })]) {
      expect(
        last(observeRollout(CANARY, open(at(first, 1, 0.5, 16 * DAY)), reading, 17 * DAY)),
      ).toMatchObject({
        type: 'ModelRejected',
        payload: { reason: 'inconclusive', note: expect.stringContaining('missing for one of them only') },
      });
    }
  });

  it('does not mind labels that are missing for both alike', () => {
    const reading = quiet({ coverage: coverage(0.68, 0.72) });
    expect(types(observeRollout(CANARY, open(first), reading, 16 * DAY))).toContain('RolloutAdvanced');
  });

  it('gives up on a step that does not reach its floors', () => {
    const service = [arm('champion'), arm('challenger', { requests: 3 })];
    expect(last(observeRollout(CANARY, open(first), quiet({ service }), 43 * DAY))).toMatchObject({
      payload: { reason: 'inconclusive', note: expect.stringContaining('floors') },
    });
  });

  it('keeps the weights that it started with', () => {
    const moved = { ...CANARY, steps: [{ weight: 0.9, for: '1d', requests: 1 }] };
    expect(last(observeRollout(moved, open(first), quiet(), 16 * DAY))).toMatchObject({
      payload: { weight: 0.5 },
    });
  });

  it('refuses steps that do not grow', () => {
    const config = { ...CANARY, steps: [...CANARY.steps].reverse() };
    expect(() => startRollout(deployed, { ...request, config })).toThrow(
      expect.objectContaining({ code: 'invalid_request', field: 'endpoint.rollout.steps[1].weight' }),
    );
  });
});

describe('approval', () => {
  const config = { ...CANARY, approval: true };
  const second = at(at(started(config), 0, 0.1, 15 * DAY), 1, 0.5, 16 * DAY);
  const facts = observeRollout(config, open(second), quiet(), 17 * DAY);
  const waiting = fold(facts, second);

  it('is asked for after the last step; the share stays', () => {
    expect(last(facts)).toMatchObject({
      type: 'RolloutAdvanced',
      payload: { stage: 'approval', step: 1, weight: 0.5 },
    });
    expect(routingSnapshot(waiting, 'late', 18 * DAY).live.map(({ weight }) => weight)).toEqual([0.5, 0.5]);
    expect(types(observeRollout(config, open(waiting), quiet(), 18 * DAY))).toEqual(['RolloutObserved']);
  });

  it('is given by a promotion, and lapses at the timeout', () => {
    const [promoted] = promoteByOperator(waiting, config, {
      endpoint: 'late',
      now: 18 * DAY,
      actor: 'key:ada',
    });
    expect(promoted).toMatchObject({ type: 'ModelPromoted', payload: { by: 'operator', version: 5 } });
    expect(last(observeRollout(config, open(waiting), quiet(), 45 * DAY))).toMatchObject({
      payload: { reason: 'inconclusive', note: expect.stringContaining('approved') },
    });
  });

  it('comes right after the shadow comparison without a canary, and nobody hears the challenger', () => {
    const shadow = started({ ...CONFIG, approval: true });
    const reading = quiet({ paired: weather(seededRng(5), 20, 0.6, 0.3) });
    const asked = observeRollout(CONFIG, open(shadow), reading, 14 * DAY);
    expect(last(asked)).toMatchObject({ payload: { stage: 'approval', weight: 0 } });
    expect(routingSnapshot(fold(asked, shadow), 'late', 14 * DAY)).toMatchObject({
      live: [{ model: 'm1', weight: 1 }],
      shadows: [{ model: 'm2' }],
    });
  });
});

describe('the shadow stage', () => {
  it('does not promote on fewer labels than declared', () => {
    const reading = quiet({
      paired: weather(seededRng(5), 30, 0.6, 0.3),
      coverage: [{ variant: 'champion', predictions: 1000, labelled: 400 }],
    });
    const config = { ...CONFIG, minCoverage: 0.5 };
    expect(types(observeRollout(config, open(started(CONFIG)), reading, 14 * DAY))).toEqual([
      'RolloutObserved',
    ]);
    expect(last(observeRollout(config, open(started(CONFIG)), reading, 28 * DAY))).toMatchObject({
      payload: { reason: 'inconclusive', note: expect.stringContaining('40 %') },
    });
  });
});
