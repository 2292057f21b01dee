import { fact } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { holdPolicy, resumePolicy } from './hold-policy.js';
import { CONFIG, DAY, Story, words } from './learning.fixture.js';
import { requestRetraining } from './request-retraining.js';
import { endpointLearning } from './state.js';

const request = { endpoint: 'late', trigger: 'manual', reason: 'because', actor: 'key:ada' } as const;

/** Drift believed on day 2 and being answered. */
function drifting(config = CONFIG): Story {
  const story = new Story(config);
  story.look(1, 'drift');
  story.look(2, 'drift');
  return story;
}

describe('decideAnswers', () => {
  it('believes a signal only when it persists', () => {
    const story = new Story();
    expect(story.look(1, 'drift')).toEqual([]);
    expect(story.look(2)).toEqual([]);
    expect(story.look(3, 'drift')).toEqual([]);
    expect(words(story.look(4, 'drift'))).toEqual(['raised data-drift', 'retrain']);
  });

  it('gives the alarm its sentence, its signals and its answer with the budget', () => {
    const [raised, answered] = drifting().written.slice(-2);
    expect(raised).toMatchObject({
      type: 'AlarmRaised',
      payload: { alarm: 'late-1', sentence: 'temp moved', signals: [{ subject: 'temp' }] },
      correlation: 'late-1',
    });
    expect(answered).toMatchObject({
      payload: { alarm: 'late-1', trigger: 'alarm', reason: 'temp moved', budget: { used: 1, limit: 12 } },
    });
  });

  it('answers drift and decay of one episode once: the alarm on labels names it', () => {
    const story = new Story();
    story.look(1, 'drift', 'quality');
    expect(words(story.look(2, 'drift', 'quality'))).toEqual([
      'raised model-drift',
      'retrain',
      'coalesced data-drift into late-1',
    ]);
  });

  it('coalesces a later kind once while the answer is under way', () => {
    const story = drifting();
    story.run(2);
    story.look(3, 'drift', 'quality');
    expect(words(story.look(4, 'drift', 'quality'))).toEqual(['coalesced model-drift into late-1']);
    expect(story.look(5, 'drift', 'quality')).toEqual([]);
  });

  it('recalibrates while a challenger is tried', () => {
    const story = drifting();
    story.rollout(2);
    story.look(3, 'drift', 'calibration');
    expect(words(story.look(4, 'drift', 'calibration'))).toEqual(['raised calibration', 'recalibrate']);
  });

  it('asks again when the answer is over and cooled down, and the signals stay', () => {
    const story = drifting();
    story.run(2, 'r');
    story.finish(2, 'r', 'failed');
    for (let day = 3; day < 30; day++) expect(story.look(day, 'drift')).toEqual([]);
    expect(words(story.look(30, 'drift'))).toEqual(['resolved late-1', 'raised data-drift', 'retrain']);
  });

  it('does not start another while the rollout is open, however long it takes', () => {
    const story = drifting();
    story.rollout(2, 'r');
    for (let day = 3; day < 90; day++) expect(story.look(day, 'drift')).toEqual([]);
    story.end(90, 'r', 'reject');
    expect(words(story.look(90, 'drift'))).toEqual(['resolved late-1', 'raised data-drift', 'retrain']);
  });

  it('resolves after clean windows', () => {
    const story = drifting();
    expect(story.look(3)).toEqual([]);
    expect(words(story.look(4))).toEqual(['resolved late-1']);
    expect(story.look(5)).toEqual([]);
  });

  it('starts afresh after a promotion: the new model has its own reference', () => {
    const story = drifting();
    story.rollout(2, 'r');
    story.end(40, 'r', 'promote');
    expect(words(story.look(40, 'drift'))).toEqual(['resolved late-1']);
    expect(words(story.look(41, 'drift'))).toEqual(['raised data-drift', 'retrain']);
  });

  it('holds when the budget is used, once, and asks again when it is not', () => {
    const story = drifting({ ...CONFIG, coolDown: '1d', budget: { retrainings: 1, per: '30d', daily: 2 } });
    story.run(2, 'r');
    story.finish(2, 'r');
    story.look(3);
    story.look(4);
    story.look(5, 'drift');
    expect(words(story.look(6, 'drift'))).toEqual(['raised data-drift', 'hold']);
    expect(story.written.at(-1)).toMatchObject({
      payload: {
        reason: 'temp moved; budget used: 1 of 1 retrainings in 30d',
        budget: { used: 1, limit: 1 },
      },
    });
    for (let day = 7; day < 32; day++) expect(story.look(day, 'drift')).toEqual([]);
    expect(words(story.look(32, 'drift'))).toEqual(['resolved late-2', 'raised data-drift', 'retrain']);
  });

  it('answers hold while an operator holds the policy, and acts after resume', () => {
    const story = new Story();
    story.write(holdPolicy(story.state, { endpoint: 'late', reason: 'freeze', now: 0, actor: 'key:ada' }));
    story.look(1, 'drift');
    expect(words(story.look(2, 'drift'))).toEqual(['raised data-drift', 'hold']);
    story.write(resumePolicy(story.state, { endpoint: 'late', now: 2 * DAY, actor: 'key:ada' }));
    expect(words(story.look(3, 'drift'))).toEqual(['resolved late-1', 'raised data-drift', 'retrain']);
  });

  it('keeps a configured hold open until its signals end', () => {
    const story = drifting({ ...CONFIG, answers: { ...CONFIG.answers, 'data-drift': 'hold' } });
    expect(words(story.written.slice(-2))).toEqual(['raised data-drift', 'hold']);
    for (let day = 3; day < 60; day++) expect(story.look(day, 'drift')).toEqual([]);
  });

  it('never answers on another endpoint', () => {
    const story = drifting();
    expect(endpointLearning(story.state, 'other').actions).toEqual([]);
    expect(endpointLearning(story.state, 'late').actions).toHaveLength(1);
  });
});

describe('requestRetraining', () => {
  it('counts against the budget and ignores the cool-down', () => {
    const story = drifting();
    story.run(2, 'r');
    story.finish(2, 'r');
    const facts = requestRetraining(story.state, CONFIG, { ...request, now: 4 * DAY });
    expect(facts).toMatchObject([{ payload: { answer: 'retrain', trigger: 'manual', budget: { used: 2 } } }]);
  });

  it('tells a person what is in the way', () => {
    const story = drifting();
    const ask = () => requestRetraining(story.state, CONFIG, { ...request, now: 3 * DAY });
    story.run(2, 'r');
    expect(ask).toThrow(expect.objectContaining({ code: 'run_open' }));
    story.rollout(3);
    expect(ask).toThrow(expect.objectContaining({ code: 'rollout_open' }));
  });

  it('writes a hold for the calendar, and nothing for new data, which will ask again', () => {
    const story = drifting();
    story.run(2);
    const ask = (trigger: 'schedule' | 'new-data') =>
      words(requestRetraining(story.state, CONFIG, { ...request, trigger, now: 3 * DAY }));
    expect(ask('schedule')).toEqual(['hold']);
    expect(ask('new-data')).toEqual([]);
  });

  it('obeys the budget', () => {
    const none = { ...CONFIG, budget: { ...CONFIG.budget, retrainings: 0 } };
    expect(words(requestRetraining(new Story().state, none, { ...request, now: 0 }))).toEqual(['hold']);
  });

  it('lets an alarm of its cool-down hold: there is no alarm to coalesce into', () => {
    const story = new Story();
    story.write(requestRetraining(story.state, CONFIG, { ...request, now: 0 }));
    story.run(0, 'r');
    story.finish(0, 'r');
    story.look(1, 'drift');
    expect(words(story.look(2, 'drift'))).toEqual(['raised data-drift', 'hold']);
    expect(story.written.at(-1)).toMatchObject({
      payload: { reason: 'temp moved; cooling down for another 26d' },
    });
  });
});

describe('holdPolicy and resumePolicy', () => {
  it('write nothing when nothing changes', () => {
    const { state } = new Story();
    const command = { endpoint: 'late', reason: 'freeze', now: 0, actor: 'a' };
    expect(resumePolicy(state, command)).toEqual([]);
    const held = new Story();
    held.write([fact('PolicyHeld', { endpoint: 'late', reason: 'x' }, { at: 0, actor: 'a' })]);
    expect(holdPolicy(held.state, command)).toEqual([]);
  });
});
