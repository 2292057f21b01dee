import { type AnyNewFact, fact } from '@twinloop/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { promoteByOperator, rejectByOperator } from './decide-by-operator.js';
import { CONFIG, DAY, fold } from './delivery.fixture.js';
import { rollbackByOperator } from './rollback-by-operator.js';
import { route, routingSnapshot } from './route.js';
import { startRollout } from './start-rollout.js';
import { answering, type DeliveryState, endpointState, nextVersion } from './state.js';

const evidence = { statistic: 's', value: 0, n: 1, method: 'm' };
const ACTIONS = [
  'deploy',
  'start',
  'step',
  'promote',
  'reject',
  'hold',
  'release',
  'back',
  'person',
  'recalibrate',
  'kept',
] as const;
type Action = (typeof ACTIONS)[number];

/** The facts of an action where it makes sense, none where it does not; `n` names new models. */
function act(state: DeliveryState, action: Action, n: number): readonly AnyNewFact[] {
  const late = endpointState(state, 'late');
  const { champion, rollout, watch } = late;
  const now = n * DAY;
  const rest = { at: now, actor: 'test' };
  const decision = { endpoint: 'late', now, actor: 'test' };
  const config = { ...CONFIG, strategy: n % 2 === 0 ? 'canary' : 'shadow' } as const;
  if (action === 'deploy') {
    const version = nextVersion(late);
    return [
      fact(
        'ModelDeployed',
        { endpoint: 'late', variant: 'champion', model: `d${n}`, version, reason: '' },
        rest,
      ),
    ];
  }
  if (champion === null) return [];
  const common = { endpoint: 'late', rollout: watch?.rollout ?? '', model: champion.model, evidence };
  switch (action) {
    case 'start':
      return rollout !== null
        ? []
        : startRollout(state, { ...decision, rollout: `r${n}`, challenger: `m${n}`, config });
    case 'step': {
      if (rollout === null || rollout.stage.kind === 'approval') return [];
      const step = rollout.stage.kind === 'canary' ? rollout.stage.step + 1 : 0;
      const weight = rollout.steps[step];
      const { rollout: id, challenger } = rollout;
      const where = weight === undefined ? ('approval' as const) : ('canary' as const);
      return [
        fact(
          'RolloutAdvanced',
          {
            rollout: id,
            endpoint: 'late',
            challenger,
            stage: where,
            step,
            weight: weight ?? 0.5,
            evidence,
            guardrails: [],
          },
          rest,
        ),
      ];
    }
    case 'promote':
      return rollout === null ? [] : promoteByOperator(state, config, decision);
    case 'reject':
      return rollout === null ? [] : rejectByOperator(state, decision);
    case 'hold':
      return watch === null ? [] : [fact('TrafficHeld', { ...common, answering: watch.previous }, rest)];
    case 'release':
      return watch === null ? [] : [fact('TrafficReleased', common, rest)];
    case 'back':
      return watch === null
        ? []
        : [
            fact(
              'ModelRolledBack',
              { ...common, restored: watch.previous, version: watch.previousVersion, by: 'evidence' },
              rest,
            ),
          ];
    case 'person':
      try {
        return rollbackByOperator(state, { ...decision, leave: champion.model });
      } catch {
        return [];
      }
    case 'recalibrate':
      return [
        fact(
          'ModelRecalibrated',
          {
            endpoint: 'late',
            model: `${champion.model}+${n}`,
            previous: champion.model,
            version: nextVersion(late),
            shift: 1,
            evidence,
          },
          rest,
        ),
      ];
    case 'kept':
      return watch === null
        ? []
        : [fact('PromotionObserved', { ...common, previous: watch.previous, status: 'kept' }, rest)];
  }
}

/** All facts of a random life, and the state after each of them. */
function live(actions: readonly Action[]) {
  const facts: AnyNewFact[] = [];
  const states: DeliveryState[] = [fold([])];
  actions.forEach((action, i) => {
    for (const one of act(states.at(-1)!, action, i + 1)) {
      facts.push(one);
      states.push(fold([one], states.at(-1)));
    }
  });
  return { facts, states };
}

const lives = fc.array(fc.constantFrom(...ACTIONS), { minLength: 5, maxLength: 60 });

describe('whatever happens to an endpoint', () => {
  it('its weights sum to 1, every arm is another model, and one model is in charge', () => {
    fc.assert(
      fc.property(lives, fc.string(), (actions, unit) => {
        live(actions).states.forEach((state, i) => {
          const snapshot = routingSnapshot(state, 'late', (i + 1) * DAY);
          const { champion } = endpointState(state, 'late');
          if (champion === null) return expect(snapshot.live).toEqual([]);
          expect(snapshot.live.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
          const arms = [...snapshot.live, ...snapshot.shadows];
          expect(new Set(arms.map(({ model }) => model)).size).toBe(arms.length);
          expect(new Set(arms.map(({ variant }) => variant)).size).toBe(arms.length);
          expect(snapshot.live[0]?.model).toBe(answering(endpointState(state, 'late'))?.model);
          // Whoever answers, all the others answer in shadow.
          const chosen = route(snapshot, unit);
          expect([chosen.model, ...chosen.shadows.map(({ model }) => model)].sort()).toEqual(
            arms.map(({ model }) => model).sort(),
          );
        });
      }),
      { numRuns: 300 },
    );
  });

  it('a version number that clients have seen belongs to one model', () => {
    fc.assert(
      fc.property(lives, actions => {
        const owner = new Map<number, string>();
        live(actions).states.forEach((state, i) => {
          for (const { version, model } of routingSnapshot(state, 'late', (i + 1) * DAY).live) {
            expect(owner.get(version) ?? model).toBe(model);
            owner.set(version, model);
          }
        });
      }),
      { numRuns: 300 },
    );
  });

  it('its state can be taken up at every fact, also from JSON', () => {
    fc.assert(
      fc.property(lives, actions => {
        const { facts, states } = live(actions);
        states.forEach((state, i) => {
          expect(fold(facts.slice(i), JSON.parse(JSON.stringify(state)))).toEqual(fold(facts));
        });
      }),
      { numRuns: 40 },
    );
  });
});

describe('after a promotion', () => {
  const run = (...actions: readonly Action[]) => live(actions).states.at(-1)!;
  const late = (...actions: readonly Action[]) => endpointState(run(...actions), 'late');
  const models = (state: DeliveryState) => {
    const { live: arms, shadows } = routingSnapshot(state, 'late', 8 * DAY);
    return { live: arms.map(({ model }) => model), shadows: shadows.map(({ model }) => model) };
  };

  it('a rollback restores the previous model with its number, and the next one takes a new number', () => {
    const back = late('deploy', 'start', 'promote', 'back');
    expect(back).toMatchObject({ champion: { model: 'd1', version: 1 }, watch: null, lastVersion: 2 });
    expect(late('deploy', 'start', 'promote', 'back', 'start').rollout?.nextVersion).toBe(3);
    expect(models(run('deploy', 'start', 'promote', 'back'))).toEqual({ live: ['d1'], shadows: [] });
  });

  it('a hold lets the previous model answer and the suspect in shadow, a release turns it round', () => {
    expect(models(run('deploy', 'start', 'promote', 'hold'))).toEqual({ live: ['d1'], shadows: ['m2'] });
    expect(models(run('deploy', 'start', 'promote', 'hold', 'release'))).toEqual({
      live: ['m2'],
      shadows: ['d1'],
    });
  });

  it('a recalibration keeps the comparison going', () => {
    const { watch, champion } = late('deploy', 'start', 'promote', 'recalibrate');
    expect(champion?.model).toBe('m2+4');
    expect(watch).toMatchObject({ model: 'm2+4', models: ['m2', 'm2+4'], previous: 'd1' });
    expect(late('deploy', 'start', 'promote', 'recalibrate', 'back').champion?.model).toBe('d1');
  });

  it('a recalibration in mid-canary leaves the challenger its number', () => {
    const { rollout, lastVersion } = late('deploy', 'start', 'step', 'recalibrate');
    expect(rollout).toMatchObject({ champions: ['d1', 'd1+4'], nextVersion: 2 });
    expect(lastVersion).toBe(3);
  });

  it('a challenger that starts meanwhile is compared with whoever answers', () => {
    expect(late('deploy', 'start', 'promote', 'start').rollout?.champions).toEqual(['m2']);
    expect(late('deploy', 'start', 'promote', 'start', 'hold').rollout?.champions).toEqual(['d1']);
    expect(late('deploy', 'start', 'promote', 'start', 'hold', 'release').rollout?.champions).toEqual(['m2']);
    expect(late('deploy', 'start', 'promote', 'start', 'back').rollout).toMatchObject({
      champions: ['d1'],
      nextVersion: 3,
    });
  });

  it('a promotion while the traffic is held goes back to the model that answered, not to the suspect', () => {
    const { watch, behind } = late('deploy', 'start', 'promote', 'start', 'hold', 'promote');
    expect(watch).toMatchObject({ model: 'm4', previous: 'd1', previousVersion: 1 });
    expect(behind.map(({ model }) => model)).toEqual(['d1']);
  });

  it('a direct deployment ends the watch and the trial', () => {
    expect(late('deploy', 'start', 'promote', 'start', 'deploy')).toMatchObject({
      champion: { model: 'd5' },
      watch: null,
      rollout: null,
    });
  });
});

describe('rollbackByOperator', () => {
  const decision = { endpoint: 'late', now: 9 * DAY, actor: 'key:ada', note: 'complaints' };
  const run = (...actions: readonly Action[]) => live(actions).states.at(-1)!;

  it('undoes a watched promotion under the key that the evidence would use', () => {
    expect(rollbackByOperator(run('deploy', 'start', 'promote'), decision)).toMatchObject([
      {
        type: 'ModelRolledBack',
        payload: {
          model: 'm2',
          restored: 'd1',
          version: 1,
          by: 'operator',
          note: 'complaints',
          rollout: 'r2',
        },
        idempotencyKey: 'rollout/r2/rolled-back',
      },
    ]);
  });

  it('goes back to the last other model that served when the window is over', () => {
    expect(rollbackByOperator(run('deploy', 'start', 'promote', 'kept'), decision)).toMatchObject([
      { payload: { model: 'm2', restored: 'd1', version: 1, rollout: 'r2' } },
    ]);
    expect(rollbackByOperator(run('deploy', 'recalibrate'), decision)).toMatchObject([
      { payload: { model: 'd1+2', restored: 'd1', version: 1 } },
    ]);
  });

  it('never goes back to a model that was itself rolled back', () => {
    const state = run('deploy', 'start', 'promote', 'back');
    expect(() => rollbackByOperator(state, { ...decision, leave: 'd1' })).toThrow(
      expect.objectContaining({ code: 'rollback_nothing' }),
    );
  });

  it('has nothing to go back to after the first deployment, or before it', () => {
    for (const state of [run('deploy'), run()])
      expect(() => rollbackByOperator(state, decision)).toThrow(
        expect.objectContaining({ code: 'rollback_nothing' }),
      );
  });

  it('makes one step for two people at once', () => {
    const before = run('deploy', 'start', 'promote', 'kept', 'start', 'promote', 'kept');
    const [first] = rollbackByOperator(before, decision);
    const [second] = rollbackByOperator(before, { ...decision, actor: 'key:bob' });
    // Written at the same moment, the ledger keeps one of them.
    expect(first?.idempotencyKey).toBe(second?.idempotencyKey);
    const after = fold([first!], before);
    for (const late of [decision, { ...decision, leave: 'm5' }])
      expect(() => rollbackByOperator(after, late)).toThrow(
        expect.objectContaining({ code: 'rollback_done' }),
      );
    // Who means it says which model to leave.
    expect(rollbackByOperator(after, { ...decision, leave: 'm2' })).toMatchObject([
      { payload: { restored: 'd1' } },
    ]);
  });
});
