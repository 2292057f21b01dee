import type { EndpointDetail, WatchView } from '@twinloop/client';
import { expect, test } from 'vitest';
import { evidenceOf } from './doing.js';

const point = (n: number, low: number, high: number) => ({ at: n, n, mean: (low + high) / 2, low, high });
const watch: WatchView = {
  rollout: 'r1',
  model: 'late@b',
  version: 2,
  previous: 'late@a',
  previousVersion: 1,
  since: 0,
  until: 1,
  held: null,
  evidence: null,
  guardrails: [],
  curve: [],
};
const endpoint = (rest: Partial<EndpointDetail>): EndpointDetail =>
  ({ watch: null, rollout: null, ...rest }) as EndpointDetail;

test('the words follow the watch: who answers, how many labels, whether the boundary is crossed', () => {
  expect(evidenceOf('flip-sensor', endpoint({ watch })).words).toBe(
    'Version 2 answers; no label has come yet.',
  );
  const evidence = { statistic: 'rate', value: 1, n: 9, method: 'm' };
  const held = { ...watch, held: { since: 0, evidence }, curve: [point(120, -0.2, 0.01)] };
  expect(evidenceOf('flip-sensor', endpoint({ watch: held })).words).toBe(
    'Held: version 1 answers until labels decide; 120 labels, the boundary is not reached.',
  );
  const crossed = { ...held, curve: [point(193, -0.2, -0.01)] };
  expect(evidenceOf('flip-sensor', endpoint({ watch: crossed }))).toEqual({
    words: 'Held: version 1 answers until labels decide; 193 labels, the boundary is crossed.',
    curve: crossed.curve,
  });
});

test('a method that bets is shown against the value that decides', () => {
  const evidence = {
    statistic: 'difference',
    value: -0.6,
    n: 185,
    eValue: { value: 17.3, decidesAt: 20 },
    method: 'betting on 18 settled blocks of 1h: e-value 17.3, decides at 20.0 (α = 0.05)',
  };
  expect(evidenceOf('flip-sensor', endpoint({ watch: { ...watch, evidence } }))).toEqual({
    words: `Version 2 answers; 185 labels so far: ${evidence.method}.`,
    betting: { n: 185, value: 17.3, boundary: 20 },
  });
});

test('without a comparison, and without an answer yet, it says so', () => {
  expect(evidenceOf('delay-labels', endpoint({})).words).toContain('due and has not come');
  expect(evidenceOf('flip-sensor', endpoint({})).words).toContain('waits for labels');
  expect(evidenceOf('kill-server', undefined).words).toContain('is asked');
  expect(evidenceOf('poison-batch', undefined).words).toContain('rules of the data');
});
