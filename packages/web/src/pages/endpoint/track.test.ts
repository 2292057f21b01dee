import type { RolloutView, WatchView } from '@twinloop/client';
import { expect, test } from 'vitest';
import { decision } from '../../live/decision.fixture.js';
import { trackOf } from './track.js';

const rollout = (rest: Partial<RolloutView>): RolloutView => ({
  rollout: 'r1',
  champion: 'late@a',
  challenger: 'late@b',
  startedAt: 0,
  endedAt: null,
  metric: 'log_loss',
  strategy: 'canary',
  steps: [0.05, 0.25],
  stage: { kind: 'shadow', step: null, weight: 0, since: 0, until: 9 },
  guardrails: [],
  status: 'open',
  reason: null,
  evidence: null,
  curve: [],
  labelsToDecision: null,
  ...rest,
});
const evidence = { statistic: 'difference', value: 0.02, n: 310, method: 'm' };
const advanced = (seq: number, stage: string, step: number) =>
  decision(seq, 'RolloutAdvanced', { rollout: 'r1', stage, step, weight: 0.05, evidence });
const states = (view: RolloutView, watch: WatchView | null = null, facts = [advanced(5, 'canary', 0)]) =>
  trackOf(view, watch, facts).map(s => `${s.name} ${s.share} ${s.state}`);

test('a rollout in its second step has its shadow and first step behind it', () => {
  const view = rollout({ stage: { kind: 'canary', step: 1, weight: 0.25, since: 7000, until: 9000 } });
  expect(states(view)).toEqual([
    'shadow 0 % past',
    'canary 5 % past',
    'canary 25 % now',
    'promoted 100 % next',
    'watched 100 % next',
  ]);
  const [, first, second] = trackOf(view, null, [advanced(5, 'canary', 0)]);
  expect(first).toMatchObject({ since: 5000, until: null, evidence });
  expect(second).toMatchObject({ since: 7000, until: 9000 });
});

test('approval stands in the row only where it is asked for', () => {
  const view = rollout({ stage: { kind: 'approval', step: 1, weight: 0.25, since: 8000, until: null } });
  expect(states(view)[3]).toBe('approval 25 % now');
});

test('a promotion is watched, then done; a rejected challenger has left the rest unreached', () => {
  const promoted = rollout({ stage: null, status: 'promoted', endedAt: 9 });
  const watch = { rollout: 'r1', until: 20 } as WatchView;
  expect(states(promoted, watch).slice(-2)).toEqual(['promoted 100 % past', 'watched 100 % now']);
  const seen = { ...watch, evidence: { ...evidence, n: 12 } };
  expect(trackOf(promoted, seen, []).at(-1)?.evidence?.n).toBe(12);
  expect(states(promoted).slice(-2)).toEqual(['promoted 100 % past', 'watched 100 % past']);
  const back = rollout({ stage: null, status: 'rolled-back', endedAt: 9, evidence });
  expect(states(back).at(-1)).toBe('rolled back 0 % past');
  expect(trackOf(back, null, []).at(-1)?.evidence).toBe(evidence);
  expect(states(rollout({ stage: null, status: 'rejected', endedAt: 9 }))).toEqual([
    'shadow 0 % past',
    'canary 5 % past',
    'canary 25 % left',
    'promoted 100 % left',
    'watched 100 % left',
  ]);
});
