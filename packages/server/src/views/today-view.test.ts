import { fact, type AnyNewFact, type Entry } from '@twinloop/kernel';
import type { RunView } from '@twinloop/client';
import { describe, expect, it } from 'vitest';
import { ProjectState } from '../runtime/project-state.js';
import { CANARY, DEPLOYED, HELD, PROMOTED, STARTED, advanced } from './delivery-facts.fixture.js';
import { todayView, type TodaySource } from './today-view.js';

const DAY = 864e5;
const NOW = 100 * DAY;
const evidence = { statistic: 's', value: 0.01, n: 412, method: 'm' };
const rest = (at: number) => ({ at, actor: 'test' });

function stateOf(...facts: readonly AnyNewFact[]): ProjectState {
  const state = new ProjectState();
  facts.forEach((one, i) => state.fold({ ...one, seq: i + 1, correlation: null } as unknown as Entry));
  return state;
}
const refused = (at: number, dataset = 'flights') =>
  fact(
    'ExpectationsChecked',
    {
      dataset,
      version: 'v1' as never,
      status: 'refused',
      checked: 3,
      findings: [
        { rule: 'nulls', count: 20, rows: 100, severity: 'error', message: 'nulls in temp: 20 of 100 rows' },
      ],
    },
    rest(at),
  );
const accepted = (at: number) =>
  fact(
    'ExpectationsChecked',
    { dataset: 'flights', version: 'v2' as never, status: 'accepted', checked: 3, findings: [] },
    rest(at),
  );
const undecided = (at: number) =>
  fact(
    'ModelRejected',
    { endpoint: 'late', rollout: 'r1', model: 'm2', kept: 'm1', reason: 'inconclusive', evidence },
    rest(at),
  );
const run = (status: RunView['status'], verdict: 'pass' | 'fail' | 'inconclusive'): RunView => ({
  run: 'run-1',
  trigger: 'manual',
  reason: 'why',
  status,
  startedAt: NOW - DAY,
  finishedAt: NOW - DAY,
  datasetVersion: null,
  model: null,
  steps: [],
  candidates: [],
  verdicts: [{ gate: 'auc', status: verdict, reason: 'because', evidence: [] }],
});

function today(state: ProjectState, more: Partial<TodaySource> = {}) {
  return todayView({
    config: { policy: { budget: { retrainings: 12, per: '365d' } } },
    state,
    serving: { endpoint: 'late' },
    now: NOW,
    virtual: false,
    openRuns: [],
    errors: 0,
    loss: null,
    runs: [],
    p50Ms: 1,
    p99Ms: 2,
    requests: 10,
    residentBytes: 1e8,
    nextRun: null,
    channels: [],
    ...more,
  } as unknown as TodaySource);
}
const kinds = (state: ProjectState, more?: Partial<TodaySource>) =>
  today(state, more).waiting.map(item => item.kind);

describe('todayView', () => {
  it('says that nothing waits, and still shows the five daily tasks', () => {
    const view = today(stateOf());
    expect(view.waiting).toEqual([]);
    expect(view.tasks.map(({ task }) => task)).toEqual(['monitor', 'retrain', 'deploy', 'validate', 'scale']);
    expect(view.tasks.every(({ state }) => state === 'ok')).toBe(true);
  });

  it('shows refused data until a good version of the same dataset comes', () => {
    expect(kinds(stateOf(refused(NOW - DAY)))).toEqual(['failing-data']);
    expect(kinds(stateOf(refused(NOW - DAY), accepted(NOW)))).toEqual([]);
    expect(kinds(stateOf(refused(NOW - DAY, 'weather'), accepted(NOW)))).toEqual(['failing-data']);
  });

  it('shows a comparison that ended undecided for a week', () => {
    expect(kinds(stateOf(undecided(NOW - 6 * DAY)))).toEqual(['inconclusive']);
    expect(kinds(stateOf(undecided(NOW - 8 * DAY)))).toEqual([]);
  });

  it('shows an alarm that nobody answers, and not one that is being answered', () => {
    const alarm = (answer: 'hold' | 'retrain') =>
      stateOf(
        fact(
          'AlarmRaised',
          { alarm: 'a1', endpoint: 'late', kind: 'labels', signals: [], sentence: 'labels stay away' },
          rest(NOW),
        ),
        fact(
          'AnswerDecided',
          {
            alarm: 'a1',
            endpoint: 'late',
            answer,
            trigger: 'alarm',
            reason: 'r',
            budget: { used: 0, limit: 1 },
          },
          rest(NOW),
        ),
      );
    expect(kinds(alarm('hold'))).toEqual(['missing-labels']);
    expect(kinds(alarm('retrain'))).toEqual([]);
  });

  it('shows a failed run with its gate, a gate that could not be judged, and neither while the next run is on', () => {
    expect(kinds(stateOf(), { runs: [run('failed', 'fail')] })).toEqual(['failed-run']);
    expect(kinds(stateOf(), { runs: [run('passed', 'inconclusive')] })).toEqual(['inconclusive']);
    expect(kinds(stateOf(), { runs: [run('passed', 'pass')] })).toEqual([]);
    expect(kinds(stateOf(), { runs: [run('failed', 'fail')], openRuns: ['run-2'] })).toEqual([]);
  });

  it('puts what is broken before what is only undecided', () => {
    expect(kinds(stateOf(undecided(NOW - DAY), refused(NOW)))).toEqual(['failing-data', 'inconclusive']);
  });

  it('asks for an approval, and says who answers meanwhile', () => {
    const waits = today(stateOf(DEPLOYED, STARTED, CANARY, advanced('approval', 0.5)));
    expect(waits.waiting).toMatchObject([
      { kind: 'approval', path: '/endpoint/late', command: 'twinloop promote late' },
    ]);
    expect(waits.waiting[0]?.sentence).toContain('Version 2 waits for approval and answers 50 %');
    expect(waits.tasks.find(({ task }) => task === 'deploy')?.state).toBe('attention');
    expect(kinds(stateOf(DEPLOYED, STARTED, CANARY))).toEqual([]);
  });

  it('shows traffic that is held, and only then', () => {
    expect(kinds(stateOf(DEPLOYED, STARTED, PROMOTED))).toEqual([]);
    const held = today(stateOf(DEPLOYED, STARTED, PROMOTED, HELD));
    expect(held.waiting).toMatchObject([{ kind: 'held-traffic', command: 'twinloop rollback late' }]);
    expect(held.waiting[0]?.sentence).toMatch(/^Version 2 is held, version 1 answers until labels decide/);
  });

  it('shows a channel that does not reach anybody, since when in real time', () => {
    const channel = { name: 'ops', state: 'failing', failingSince: NOW - DAY, lastError: 'answered 500' };
    const channels = [channel, { ...channel, name: 'ok', state: 'ok' }] as unknown as TodaySource['channels'];
    expect(today(stateOf(), { channels }).waiting).toMatchObject([
      { kind: 'failing-notification', since: NOW - DAY, sentence: 'ops is not reached: answered 500' },
    ]);
    expect(today(stateOf(), { channels, virtual: true }).waiting[0]?.since).toBe(NOW);
  });

  it('gives every item a page and a command', () => {
    const { waiting, tasks } = today(stateOf(undecided(NOW - DAY), refused(NOW)));
    for (const item of [...waiting, ...tasks]) {
      expect(item.path).toMatch(/^\//);
      expect(item.command).toMatch(/^twinloop /);
    }
  });
});
