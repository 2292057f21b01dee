import type { EndpointDetail, WatchView } from '@twinloop/client';
import { expect, test } from 'vitest';
import { standingOf, watchInWords } from './standing.js';

const champion = { model: 'late@a', version: 7, algorithm: 'gbt', since: 0 };
const challenger = { model: 'late@b', algorithm: 'linear', since: 0, rollout: 'r1' };
const standing = (rest: Partial<EndpointDetail>): string =>
  standingOf({ champion, challenger, split: [], watch: null, ...rest });
const watch: WatchView = {
  rollout: 'r1',
  model: 'late@b',
  version: 8,
  previous: 'late@a',
  previousVersion: 7,
  since: 0,
  until: 1,
  held: null,
  evidence: null,
  guardrails: [],
  curve: [],
};

test('who answers which share is said as it is', () => {
  expect(standing({})).toBe('gbt version 7 answers every request.');
  expect(standing({ champion: null })).toBe('No model is in service.');
  const live = { role: 'live' as const };
  const split = [
    { ...live, variant: 'champion', model: 'late@a', version: 7, weight: 0.95 },
    { ...live, variant: 'challenger', model: 'late@b', version: 8, weight: 0.05 },
  ];
  expect(standing({ split })).toBe('gbt version 7 answers 95 %, linear version 8 answers 5 % of requests.');
});

test('a held promotion says who answers instead, and why', () => {
  const evidence = { statistic: 'mean gap', value: 0.4, n: 118, method: 'm' };
  const held = { ...watch, held: { since: 0, evidence } };
  expect(standing({ watch: held })).toContain('Version 7 answers every request: version 8 is held');
  expect(watchInWords(held)).toContain('mean gap reads +0.400 over 118 requests');
});

test('the sign of a watch is previous − promoted: below zero is harm', () => {
  const evidence = { statistic: 'difference', value: -0.1, n: 193, method: 'm' };
  expect(watchInWords({ ...watch, evidence })).toContain(
    'the promoted one is worse: −0.1000 over 193 labels',
  );
  expect(watchInWords(watch)).toContain('No label has come for both yet');
});
