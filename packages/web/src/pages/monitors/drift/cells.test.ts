import type { DriftMatrixView, DriftSubjectView } from '@twinloop/client';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { causeWords, cellWords, featureOf, headWords, lossWords, matrixSentence, shade } from './cells.js';

const subject = (name: string, cells: DriftSubjectView['cells']): DriftSubjectView => ({
  subject: name,
  kind: 'input',
  importance: 0.1,
  cells,
});
const week = (from: string, over: Partial<DriftMatrixView['windows'][number]> = {}) => ({
  from: Date.parse(`${from}T12:00:00Z`),
  until: Date.parse(`${from}T12:00:00Z`) + 7 * 86_400_000,
  rows: 1140,
  signals: 0,
  alarm: false,
  ...over,
});
const drifted = { effect: 2.31, adjustedP: 3e-12, drifted: true };
const view: DriftMatrixView = {
  endpoint: 'late',
  reference: { model: 'm', rows: 9186, held: 'training' },
  alpha: 0.01,
  tolerance: 0.5,
  windows: [week('2013-06-03'), week('2013-06-10', { alarm: true, signals: 2 })],
  subjects: [subject('temp', [null, drifted]), subject('dow', [null, null])],
};

test('a cell says its figures in full, and one that was not looked at says so', () => {
  expect(cellWords(view, 0, 1)).toBe(
    'temp, 10 Jun 2013 to 17 Jun 2013: effect 2.31 (4.6 × the 0.50 that matters), adjusted p 3.0e−12, n = 1,140: drifted. An alarm was raised.',
  );
  expect(cellWords(view, 1, 0)).toBe('dow, 3 Jun 2013 to 10 Jun 2013: not looked at.');
  expect(headWords(view.windows[1]!)).toBe('10 Jun 2013 to 17 Jun 2013, 2 signals, alarm');
});

test('a cell is darker the larger its effect, half dark where it begins to matter, and never darker than dark', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 50, noNaN: true }),
      fc.double({ min: 0, max: 5, noNaN: true }),
      (a, more) => {
        expect(shade(a + more, 0.5)).toBeGreaterThanOrEqual(shade(a, 0.5));
        expect(shade(a, 0.5)).toBeLessThanOrEqual(1);
      },
    ),
  );
  expect(shade(0.5, 0.5)).toBe(0.5);
  expect(shade(-0.5, 0.5)).toBe(0.5);
  expect(shade(Number.NaN, 0.5)).toBe(0);
});

test('missing values and words of a column lead to its details; what has none leads nowhere', () => {
  const features = new Set(['temp', 'note']);
  expect(featureOf(subject('temp', []), features)).toBe('temp');
  expect(featureOf(subject('temp missing', []), features)).toBe('temp');
  expect(featureOf(subject('note words', []), features)).toBe('note');
  expect(featureOf(subject('joint', []), features)).toBeUndefined();
});

test('the expected loss has a direction; what rounds to nothing is unchanged', () => {
  expect(lossWords({ metric: 'log_loss', value: 0.0312 })).toBe('log loss 0.031 higher');
  expect(lossWords({ metric: 'auc', value: -0.0124 })).toBe('AUC 0.012 lower');
  expect(lossWords({ metric: 'rmse', value: 12.34 })).toBe('rmse 12.3 higher');
  expect(lossWords({ metric: 'auc', value: 0.0001 })).toBe('AUC unchanged');
  expect(lossWords(null)).toBeUndefined();
  expect(causeWords('temp moved; it carries 6 %; expected log loss 0.006 higher')).toBe(
    'temp moved; it carries 6 %',
  );
  expect(causeWords('temp is missing in 7 %')).toBe('temp is missing in 7 %');
});

test('the matrix in one sentence', () => {
  expect(matrixSentence(view)).toBe('2 subjects in 2 windows, 1 alarm; temp drifted most often, in 1.');
  expect(matrixSentence({ ...view, subjects: [subject('dow', [null, null])] })).toBe(
    '1 subject in 2 windows, 1 alarm; nothing drifted.',
  );
});
