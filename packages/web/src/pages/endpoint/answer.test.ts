import type { EndpointDetail, RolloutView } from '@twinloop/client';
import { describe, expect, test } from 'vitest';
import { decision } from '../../live/decision.fixture.js';
import { answerOf, asCommands, labelRate, lastSeen, policyHold, untilDecision, whyEnded } from './answer.js';

const DAY = 86_400_000;
const point = (n: number, low: number, high: number) => ({
  at: (n / 100) * DAY,
  n,
  mean: (low + high) / 2,
  low,
  high,
});
const rollout = (curve: RolloutView['curve'], labelsToDecision: number | null = null): RolloutView => ({
  rollout: 'r1',
  champion: 'late@a',
  challenger: 'late@b',
  startedAt: 0,
  endedAt: null,
  strategy: 'shadow',
  metric: 'log_loss',
  steps: [],
  stage: null,
  guardrails: [],
  status: 'open',
  reason: null,
  evidence: null,
  curve,
  labelsToDecision,
});
const detail = (open: RolloutView | null): EndpointDetail => ({
  endpoint: 'late',
  kind: 'model',
  logging: 'required',
  inputs: [],
  split: [],
  watch: null,
  rollsBackTo: null,
  history: [],
  curl: '',
  loss30d: null,
  traffic: { requests: 0, p50Ms: 0, p99Ms: 0, errors: 0 },
  champion: { model: 'late@a', version: 7, algorithm: 'linear', since: 0 },
  challenger: open === null ? null : { model: 'late@b', algorithm: 'gbt', since: 0, rollout: 'r1' },
  rollout: open,
});

describe('the answer of the page', () => {
  test('nothing tried', () => {
    expect(answerOf(detail(null))).toBe(
      'linear version 7 answers every request. Nothing is being tried beside it.',
    );
    expect(answerOf({ ...detail(null), champion: null })).toBe('No model is in service.');
  });
  test('no label yet, undecided, better, worse', () => {
    expect(answerOf(detail(rollout([])))).toContain('no label has arrived for both yet');
    expect(answerOf(detail(rollout([point(100, -0.1, 0.2), point(200, -0.02, 0.06)], 100)))).toContain(
      'not decided yet (+0.0200 over 200 labels); about 100 more labels, 1 d to go',
    );
    expect(answerOf(detail(rollout([point(300, 0.01, 0.05)])))).toContain(
      'the whole interval lies above zero',
    );
    expect(answerOf(detail(rollout([point(300, -0.05, -0.01)])))).toContain(
      'the whole interval lies below zero',
    );
  });
});

test('the time to go follows the labels that arrive, and is not guessed without them', () => {
  expect(labelRate([point(100, 0, 1)])).toBeUndefined();
  expect(labelRate([point(100, 0, 1), point(300, 0, 1)])! * DAY).toBeCloseTo(100, 9);
  expect(untilDecision(rollout([point(100, 0, 1)], 50))).toBe('about 50 more labels to go');
  expect(untilDecision(rollout([point(100, 0, 1)], 0))).toBe('the next look may decide');
  expect(untilDecision(rollout([], null))).toContain('unknown');
  expect(untilDecision(rollout([point(2500, -0.02, 0.02)], 1_207_511_842))).toBe(
    'no end in sight: the two are nearly equal',
  );
});

test('the last word of an operator counts, and only for this endpoint', () => {
  const held = decision(2, 'PolicyHeld', { endpoint: 'late', reason: 'holiday' });
  const other = decision(3, 'PolicyResumed', { endpoint: 'other' });
  expect(policyHold([held, other], 'late')).toBe(held);
  expect(policyHold([held, decision(4, 'PolicyResumed', { endpoint: 'late' })], 'late')).toBeUndefined();
});

test('why a rollout ended is said in words; a reason of a newer server as it is', () => {
  expect(whyEnded({ status: 'rejected', reason: 'equivalent' })).toBe('no difference that matters');
  expect(whyEnded({ status: 'rejected', reason: 'budget' })).toBe('budget');
  expect(whyEnded({ status: 'open', reason: null })).toBeUndefined();
});

test('commands are ready for a shell, whatever the reason contains', () => {
  const { cli, api } = asCommands({
    action: 'promote',
    project: 'p',
    endpoint: 'late',
    reason: `it's $HOME "fine"`,
    url: 'http://h/x',
  });
  expect(cli).toBe(`twinloop promote late --reason 'it'\\''s $HOME "fine"' --project p`);
  expect(api).toBe(
    `curl -X POST http://h/x -H 'content-type: application/json' -d '{"reason":"it'\\''s $HOME \\"fine\\""}'`,
  );
  expect(asCommands({ action: 'resume', project: 'p', endpoint: 'late', reason: 'x', url: 'u' }).cli).toBe(
    'twinloop resume late --project p',
  );
});

test('a rollout without a curve shows the labels that ended it, if there were any', () => {
  const ended = { statistic: 'difference', value: -0.2, n: 173, method: 'betting' };
  expect(lastSeen({ curve: [], evidence: ended })).toEqual({ n: 173, mean: -0.2 });
  expect(lastSeen({ curve: [point(200, 0, 0.1)], evidence: ended })?.n).toBe(200);
  expect(lastSeen({ curve: [], evidence: { ...ended, n: 0 } })).toBeUndefined();
});
