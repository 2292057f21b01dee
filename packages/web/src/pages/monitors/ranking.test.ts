import type { BaselineSeries, DriftView, MonitorsView, QualityPoint } from '@twinloop/client';
import { expect, test } from 'vitest';
import { decision } from '../../live/decision.fixture.js';
import { answerOf, byMonth, changeMarks, changeWords, compared, monthlyAt, ranked } from './ranking.js';

const drift = (feature: string, effect: number, importance: number, drifted: boolean): DriftView => ({
  feature,
  type: 'numeric',
  importance,
  effect,
  tolerance: 0.5,
  adjustedP: 0.01,
  n: 1000,
  drifted,
  sentence: '',
  history: [],
  distribution: { labels: [], edges: [0, 1], reference: [1], current: [1] },
});
const week = (from: string, n: number, loss: number): QualityPoint => ({
  from: Date.parse(from),
  until: Date.parse(from) + 7 * 86_400_000,
  n,
  loss,
  low: loss - 0.1,
  high: loss + 0.1,
  auc: null,
  observed: 0.31,
  predicted: 0.1,
});
const view = (over: Partial<MonitorsView>): MonitorsView => ({
  endpoint: 'late',
  task: 'binary',
  loss: { metric: 'log_loss', title: 'log loss', unit: null },
  reference: { model: 'm', rows: 1 },
  drift: [],
  quality: [],
  baselines: [],
  alarms: [],
  ...over,
});

test('what drifted comes first, then what weighs most; drift in an unused column weighs little', () => {
  const order = ranked([
    drift('hour', 4, 0.001, true),
    drift('calm', 0.4, 0.5, false),
    drift('temp', 2, 0.11, true),
    drift('still', 0.1, 0.1, false),
  ]);
  expect(order.map(d => d.feature)).toEqual(['temp', 'hour', 'calm', 'still']);
});

test('the answer names what matters, the loss with its interval and n, and both rates', () => {
  const answer = answerOf(
    view({
      drift: [drift('temp', 2, 0.11, true), drift('dow', 0, 0.1, false)],
      quality: [week('2013-06-10', 412, 0.8)],
    }),
  );
  expect(answer).toBe(
    '1 feature of 2 moved by more than matters; temp weighs most (importance 11 %). ' +
      'Last week: log loss 0.800 [0.700, 0.900] over 412 labels; predicted 10 %, observed 31 %.',
  );
  expect(answerOf(view({ drift: [{ ...drift('dow', 0, 0.1, false), n: 0 }] }))).toContain(
    'No window holds enough rows yet',
  );
  expect(answerOf(view({ drift: [drift('dow', 0, 0.1, false)] }))).toBe(
    'All 1 features are within what matters. No window of labels has closed yet.',
  );
});

test('the answer of a regression speaks in the unit of its label', () => {
  const minutes = { ...week('2013-06-10', 412, 31.25), low: 29, high: 33.4, observed: 11.2, predicted: 4.06 };
  const loss = { metric: 'rmse', title: 'RMSE', unit: 'minutes' };
  expect(answerOf(view({ task: 'regression', loss, quality: [minutes] }))).toContain(
    'Last week: RMSE 31.3 minutes [29.0, 33.4] over 412 labels; predicted 4.06 minutes on average, observed 11.2 minutes on average.',
  );
});

test('weeks of an RMSE join by their squares', () => {
  const [month] = byMonth([week('2013-06-03', 100, 30), week('2013-06-10', 100, 40)], 'rmse');
  expect(month!.loss).toBeCloseTo(Math.sqrt((900 + 1600) / 2), 12);
});

test('weeks are grouped by month and weigh by their labels', () => {
  const months = byMonth(
    [week('2013-06-03', 100, 0.4), week('2013-06-10', 300, 0.8), week('2013-07-01', 50, 0.5)],
    'log_loss',
  );
  expect(months.map(m => [new Date(m.from).toISOString().slice(0, 7), m.n])).toEqual([
    ['2013-06', 400],
    ['2013-07', 50],
  ]);
  expect(months[0]!.loss).toBeCloseTo(0.7, 12);
});

test('the loop and the other policies are averaged over the months that all have', () => {
  const months = byMonth(
    [week('2013-03-04', 10, 0.9), week('2013-04-01', 10, 0.4), week('2013-05-06', 10, 0.6)],
    'log_loss',
  );
  const baseline = (name: string, losses: Record<string, number>): BaselineSeries => ({
    name,
    title: name,
    mean: 9,
    months: Object.entries(losses).map(([from, loss]) => ({ from: Date.parse(from), loss, n: 1 })),
  });
  const result = compared(months, [
    baseline('a', { '2013-04-01': 0.5, '2013-05-01': 0.7, '2013-06-01': 5 }),
    baseline('b', { '2013-03-01': 5, '2013-04-01': 0.3, '2013-05-01': 0.3 }),
  ]);
  expect(result.months).toBe(2);
  expect(result.own).toBeCloseTo(0.5, 12);
  expect(result.baselines.get('a')).toBeCloseTo(0.6, 12);
  expect(result.baselines.get('b')).toBeCloseTo(0.3, 12);
  expect(compared([], [baseline('a', {})])).toMatchObject({ own: null, months: 0 });
});

test('promotions, recalibrations and retrainings are marked; other answers are not', () => {
  const marks = changeMarks([
    decision(1, 'AnswerDecided', { answer: 'hold' }),
    decision(2, 'AnswerDecided', { answer: 'retrain' }),
    decision(3, 'ModelPromoted'),
    decision(4, 'ModelRecalibrated'),
    decision(5, 'AlarmRaised'),
  ]);
  expect(marks.map(m => m.at)).toEqual([2000, 3000, 4000]);
});

test('a monthly figure stands at every week of its month', () => {
  const weeks = [week('2013-03-25', 1, 0), week('2013-04-22', 1, 0), week('2013-04-29', 1, 0)];
  const months = [{ from: Date.parse('2013-04-01'), loss: 0.5, n: 1 }];
  expect(monthlyAt(weeks, months)).toEqual([null, 0.5, null]);
});

test('a row of the table says what changed; what it means stands beside it', () => {
  expect(
    changeWords('temp moved from 60.1 to 41.0 (median), 0.89 σ; it carries 5.6 %; expected loss up'),
  ).toBe('temp moved from 60.1 to 41.0 (median), 0.89 σ');
  expect(changeWords('no closed window yet')).toBe('no closed window yet');
});
