import type { CoverageRow } from '@twinloop/kernel';
import { describe, expect, test } from 'vitest';
import { coverageSpan, labelSignals } from './label-signals.js';

const config = { window: '14d', coverage: 0.5, minRows: 100 };
/** The window starts at 14; the one before it at 0. */
const from = 14;
const row = (start: number, predictions: number, labelled: number, variant = 'champion'): CoverageRow => ({
  from: start,
  variant,
  version: 'm@1',
  predictions,
  labelled,
  corrected: 0,
});
const earlier = row(0, 1000, 900);

describe('complete labels', () => {
  test('a share below the expected one is named with its figures', () => {
    const signals = labelSignals(config, 'complete', from, [earlier, row(from, 1160, 139)]);
    expect(signals).toHaveLength(1);
    expect(signals![0]).toMatchObject({
      kind: 'labels',
      monitor: 'labels/coverage',
      sentence: 'labels for 12 % of 1,160 predictions of the last 14 days, expected 50 %',
      evidence: { n: 1160, threshold: 0.5 },
    });
    expect(signals![0]!.severity).toBeGreaterThanOrEqual(1);
  });

  test('a share that chance may have pushed below is none', () => {
    expect(labelSignals(config, 'complete', from, [earlier, row(from, 100, 45)])).toEqual([]);
  });

  test('nothing is said at the beginning of an endpoint, of few predictions, or when nothing is expected', () => {
    expect(labelSignals(config, 'complete', from, [row(from, 1000, 0)])).toBeNull();
    expect(labelSignals(config, 'complete', from, [earlier, row(from, 99, 0)])).toBeNull();
    expect(
      labelSignals({ ...config, coverage: 0 }, 'complete', from, [earlier, row(from, 1000, 0)]),
    ).toBeNull();
  });

  test('one variant without labels is named although the others make up for it', () => {
    const rows = [earlier, row(from, 900, 880), row(from, 200, 2, 'challenger')];
    const signals = labelSignals(config, 'complete', from, rows)!;
    expect(signals.map(signal => signal.subject)).toEqual(['coverage of challenger']);
    expect(signals[0]!.sentence).toContain('200 predictions by challenger of the last 14 days');
  });
});

describe('selective labels', () => {
  test('a low level is no departure, a change is', () => {
    const steady = [row(0, 1000, 100), row(from, 1000, 105)];
    expect(labelSignals(config, 'selective', from, steady)).toEqual([]);
    const fallen = labelSignals(config, 'selective', from, [row(0, 1000, 100), row(from, 1000, 20)])!;
    expect(fallen.map(signal => signal.sentence)).toEqual([
      'labels for 2 % of 1,000 predictions of the last 14 days, 10 % in the 14 days before',
    ]);
    expect(labelSignals(config, 'selective', from, [row(0, 1000, 20), row(from, 1000, 100)])).toHaveLength(1);
  });

  test('a window before it with few predictions is nothing to compare with', () => {
    expect(labelSignals(config, 'selective', from, [row(0, 50, 25), row(from, 1000, 20)])).toBeNull();
  });
});

test('the window and the one before it are read as two stretches', () => {
  expect(coverageSpan({ from: 14, until: 28 })).toEqual({ predicted: { from: 0, until: 28 }, every: 14 });
});
