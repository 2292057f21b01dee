import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CONFIG, DAY, Story, type Watched } from './learning.fixture.js';
import { requestRetraining } from './request-retraining.js';
import { endpointLearning } from './state.js';

const watched = fc.subarray<Watched>(['drift', 'quality', 'calibration']);
const event = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('look' as const), signals: watched }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('run', 'fail', 'rollout', 'promote', 'reject', 'schedule') }),
  },
);
const policy = fc.record({
  coolDown: fc.constantFrom('0d', '3d', '10d'),
  recalibrateEvery: fc.constantFrom('0d', '2d', '5d'),
  retrainings: fc.integer({ min: 0, max: 3 }),
  daily: fc.integer({ min: 0, max: 2 }),
});

/** Looks come every six hours; runs and rollouts come and go in between as they like, on what was decided. */
function storm(
  events: readonly (typeof event extends fc.Arbitrary<infer T> ? T : never)[],
  story: Story,
): void {
  events.forEach((next, i) => {
    const day = i / 4;
    const { open } = endpointLearning(story.state, 'late');
    if (next.do === 'look') story.look(day, ...(next as { signals: readonly Watched[] }).signals);
    else if (next.do === 'schedule') {
      story.write(
        requestRetraining(story.state, story.config, {
          endpoint: 'late',
          trigger: 'schedule',
          reason: 'monthly',
          now: day * DAY,
          actor: 'schedule:cron',
        }),
      );
    } else if (next.do === 'run' && open?.stage === 'decided') story.run(day, `run-${i}`);
    else if (next.do === 'fail' && open?.stage === 'run') story.finish(day, open.id!, 'failed');
    else if (next.do === 'rollout' && open?.stage === 'run') {
      story.finish(day, open.id!);
      story.rollout(day, `rollout-${i}`);
    } else if ((next.do === 'promote' || next.do === 'reject') && open?.stage === 'rollout') {
      story.end(day, open.id!, next.do);
    }
  });
}

it('keeps its promises in any storm of signals', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 160 }), policy, (events, drawn) => {
      const { coolDown, recalibrateEvery, retrainings, daily } = drawn;
      const story = new Story({
        ...CONFIG,
        coolDown,
        recalibrateEvery,
        budget: { retrainings, per: '20d', daily },
      });
      storm(events, story);

      const raised = new Set<string>();
      const answered: string[] = [];
      const actions: { answer: string; at: number; trigger: string }[] = [];
      let open = false;
      for (const { type, payload, at } of story.written) {
        if (type === 'AlarmRaised') raised.add(payload.alarm);
        if (type === 'RunFinished' && payload.status === 'failed') open = false;
        if (type === 'ModelPromoted' || type === 'ModelRejected') open = false;
        if (type !== 'AnswerDecided') continue;
        if (payload.alarm !== undefined) answered.push(payload.alarm);
        if (payload.answer === 'hold') continue;
        // At most one retraining is under way.
        if (payload.answer === 'retrain') {
          expect(open).toBe(false);
          open = true;
        }
        actions.push({ answer: payload.answer, at, trigger: payload.trigger });
      }
      // Every alarm has exactly one answer, and no answer is to an alarm that was not raised.
      expect([...answered].sort()).toEqual([...raised].sort());

      for (const [i, { answer, at, trigger }] of actions.entries()) {
        const before = actions.slice(0, i + 1);
        expect(before.filter(other => other.at > at - DAY).length).toBeLessThanOrEqual(daily);
        const trained = before.filter(other => other.answer === 'retrain' && other.at > at - 20 * DAY);
        if (answer === 'retrain') expect(trained.length).toBeLessThanOrEqual(retrainings);
        const last = before.slice(0, -1).findLast(other => other.answer === answer);
        const pause = Number.parseInt(answer === 'retrain' ? coolDown : recalibrateEvery) * DAY;
        if (trigger === 'alarm' && last !== undefined) expect(at - last.at).toBeGreaterThanOrEqual(pause);
      }
    }),
    { numRuns: 300, seed: 20130101 },
  );
});

it('writes few facts when everything signals for a year', () => {
  const story = new Story();
  for (let day = 1; day <= 365; day++) {
    story.look(day, 'drift', 'quality', 'calibration');
    const { open } = endpointLearning(story.state, 'late');
    if (open?.stage === 'decided') {
      story.run(day, `run-${day}`);
      story.finish(day, `run-${day}`, 'failed');
    }
  }
  const count = (type: string) => story.written.filter(one => one.type === type).length;
  // A retraining every 28 days until the budget is used, a recalibration every week, drift coalesced each time.
  expect(
    endpointLearning(story.state, 'late').actions.filter(({ answer }) => answer === 'retrain'),
  ).toHaveLength(12);
  expect(
    endpointLearning(story.state, 'late').actions.filter(({ answer }) => answer === 'recalibrate'),
  ).toHaveLength(52);
  expect(count('AnswerDecided')).toBe(count('AlarmRaised'));
  expect(count('AlarmCoalesced')).toBeLessThanOrEqual(13);
});
