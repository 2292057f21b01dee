import { expect, test } from 'vitest';
import { lossDecimals, lossText, lossTitle, metricWords } from './loss.js';

test('a loss is told with its unit, and with as many decimals as its size needs', () => {
  expect(lossText({ value: 0.41234, unit: null })).toBe('0.412');
  expect(lossText({ value: 31.24, unit: 'minutes' })).toBe('31.2 minutes');
  expect([0.5, 4, 85, 2100].map(lossDecimals)).toEqual([3, 2, 1, 0]);
});

test('titles keep abbreviations', () => {
  expect(lossTitle({ title: 'log loss', unit: null })).toBe('Log loss');
  expect(lossTitle({ title: 'RMSE', unit: 'bikes' })).toBe('RMSE in bikes');
  expect(metricWords('squared_error')).toBe('squared error');
});
