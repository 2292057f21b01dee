import type { FairnessView } from '@twinloop/client';
import { expect, test } from 'vitest';
import { answerOf, chosenOf, type Disparity, points, pointsWithin, scaleOf, titleOf } from './answer.js';

const disparity = (over: Partial<Disparity>): Disparity => ({
  metric: 'recall',
  title: 'equal opportunity difference',
  value: 0.08,
  low: 0.06,
  high: 0.1,
  between: ['EWR', 'LGA'],
  limit: null,
  status: null,
  sentence: '',
  ...over,
});
const view = (...disparities: (readonly Disparity[])[]): FairnessView => ({
  endpoint: 'late',
  from: 0,
  until: 1,
  rows: 4210,
  threshold: 0.5,
  minGroup: 50,
  attributes: disparities.map((of, i) => ({
    attribute: ['origin', 'carrier'][i]!,
    metrics: ['recall'],
    groups: [],
    disparities: of,
  })),
});
const pass = disparity({ limit: 0.2, status: 'pass' });
const fail = disparity({ limit: 0.05, status: 'fail' });

test('the worst failure is named with its groups, its lower bound and its limit', () => {
  const worse = disparity({ value: 0.2, low: 0.15, limit: 0.05, status: 'fail', between: ['AA', 'UA'] });
  expect(answerOf(view([fail, pass], [worse]))).toBe(
    'The equal opportunity difference by carrier fails: 20.0 points between AA and UA, at least 15.0 points, above the 5.0 points that are allowed. 1 other fails, too.',
  );
});

test('all within their limits; a limit that cannot be told yet is not a pass', () => {
  expect(answerOf(view([pass, pass, disparity({})]))).toBe(
    'Groups differ by no more than allowed: all 2 limited differences are within their limits over 4,210 labelled answers.',
  );
  expect(answerOf(view([pass, disparity({ limit: 0.07, status: 'inconclusive' })]))).toContain(
    'Nothing fails over 4,210 labelled answers, but 1 of 2 limited differences cannot be told from its limit yet.',
  );
  // A limited difference without two groups to compare has no status: it is open, too.
  expect(answerOf(view([disparity({ limit: 0.07, value: null, low: null, high: null })]))).toContain(
    'cannot be told',
  );
});

test('without a limit the difference that chance explains least is told; without an attribute nothing', () => {
  const large = disparity({ title: 'accuracy difference', value: 0.3, low: 0, high: 0.6 });
  expect(answerOf(view([large, disparity({})]))).toBe(
    'No limit is declared; furthest apart is the equal opportunity difference by origin: 8.0 points [6.0, 10.0] over 4,210 labelled answers.',
  );
  expect(answerOf(view())).toContain('No attribute is declared');
  expect(answerOf({ ...view(), rows: 0 })).toContain('no label has come yet');
  expect(answerOf(view([disparity({ value: null, low: null, high: null })]))).toContain(
    'too small to compare',
  );
});

test('the address chooses the attribute, else what fails comes first', () => {
  const both = view([pass], [fail]);
  expect(chosenOf(both, 'origin')?.attribute).toBe('origin');
  expect(chosenOf(both, undefined)?.attribute).toBe('carrier');
  expect(chosenOf(both, 'nobody')?.attribute).toBe('carrier');
  expect(chosenOf(view([pass], [pass]), undefined)?.attribute).toBe('origin');
  expect(chosenOf(view(), undefined)).toBeUndefined();
});

test('differences are told in points on one scale that holds every interval and limit', () => {
  expect([points(0.01), points(0.1234)]).toEqual(['1.0 point', '12.3 points']);
  expect(pointsWithin(disparity({}))).toBe('[6.0, 10.0]');
  expect(pointsWithin(disparity({ low: null }))).toBe('');
  expect(scaleOf([disparity({}), disparity({ limit: 0.2 })])).toBeCloseTo(0.21, 12);
  expect(scaleOf([disparity({ high: null })])).toBeGreaterThan(0);
  expect(titleOf('recall')[0]).toBe('Recall');
  expect(titleOf('negative_value')).toEqual(['Negative value', '']);
});
