import type { BaselineSeries, LoopStatus } from '@twinloop/client';
import { describe, expect, it } from 'vitest';
import type { BikeRun } from './bike-data.js';
import { judgeBikes } from './judge-bikes.js';
import { pointLine, skip } from '../point.js';

const months = (september: number): BaselineSeries['months'] => [
  { from: Date.UTC(2012, 7, 1), loss: 60, n: 744 },
  { from: Date.UTC(2012, 8, 1), loss: september, n: 720 },
];
const run = (september: number, failures = 0): BikeRun => ({
  seconds: 41.6,
  status: { counts: { retrainings: 20, promotions: 12, recalibrations: 9 } } as LoopStatus,
  failures,
  sent: 15_312,
  series: [
    { name: 'loop', title: 'the loop', mean: 70, months: months(september) },
    { name: 'frozen-gbt', title: 'frozen trees', mean: 150, months: months(263) },
  ],
});

describe('A19', () => {
  it('is judged by September 2012, and tells the baselines and all months', () => {
    const good = judgeBikes(run(73.2));
    expect(good.passed).toBe(true);
    expect(good.figure).toContain('RMSE over September 2012 73.2 bikes (≤ 85) with 20 retrainings');
    expect(good.figure).toContain('beside: frozen trees 263');
    expect(good.figure).toContain('by month from April 2011: 60 73');
  });

  it('fails above the limit, on a failed request, and without a figure', () => {
    expect(judgeBikes(run(85.1)).passed).toBe(false);
    expect(judgeBikes(run(70, 1)).passed).toBe(false);
    expect(judgeBikes({ ...run(70), series: [] }).passed).toBe(false);
  });

  it('is skipped with its reason where the file is not', () => {
    expect(pointLine(skip('A19', 'no file'))).toBe('A19 SKIP no file');
  });
});
