import { seededRng } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { calibrationSignals } from './calibration-signals.js';
import { qualitySignals } from './quality-signals.js';

const QUALITY = { metric: 'log_loss', alpha: 0.01, tolerance: 0.05, minLabels: 300 };
const CALIBRATION = { alpha: 0.01, tolerance: 0.03, minLabels: 300 };
const BASELINE = { loss: 0.42, n: 1800, baseRate: 0.2 };

/** Labels of rate `rate`, exactly; the model says `high` for a share `found` of the ones and `low` for the rest. */
function scored(n: number, rate: number, low: number, high = low, found = 0) {
  const ones = Math.round(n * rate);
  const label = Float64Array.from({ length: n }, (_, i) => (i < ones ? 1 : 0));
  const score = Float64Array.from({ length: n }, (_, i) => (i < ones * found ? high : low));
  return { label, score };
}

describe('qualitySignals', () => {
  it.each([
    ['as at training', scored(1000, 0.2, 0.1, 0.7, 0.5), []],
    [
      'a base rate that rose, and a model that still knows more than it',
      scored(1000, 0.45, 0.3, 0.9, 0.3),
      ['log_loss level'],
    ],
    [
      'a model that is worse than the base rate',
      scored(1000, 0.31, 0.1),
      ['log_loss level', 'log_loss skill'],
    ],
    ['a low loss that the base rate would beat', scored(2000, 0.05, 0.2), ['log_loss skill']],
    ['a departure within chance', scored(300, 0.2, 0.2), []],
  ] as const)('%s', (_case, rows, expected) => {
    expect(qualitySignals(QUALITY, rows, BASELINE)!.map(({ subject }) => subject)).toEqual(expected);
  });

  it('says it in plain words', () => {
    const [level, skill] = qualitySignals(QUALITY, scored(412, 0.31, 0.05), BASELINE)!;
    expect(level!.sentence).toBe('log loss 0.97 over 412 labels, 0.42 at training');
    expect(skill!.sentence).toBe(
      'log loss 0.97 over 412 labels, worse than always answering the base rate (0.62)',
    );
    expect(level).toMatchObject({
      kind: 'model-drift',
      monitor: 'quality/log_loss level',
      evidence: { n: 412 },
    });
    expect(level!.severity).toBeCloseTo((0.966 - 0.42) / 0.05, 1);
  });

  it('says nothing about few labels', () => {
    expect(qualitySignals(QUALITY, scored(299, 0.31, 0.05), BASELINE)).toBeNull();
  });

  it('watches regressions by squared error, against the mean', () => {
    const rng = seededRng(1);
    const label = Float64Array.from({ length: 500 }, () => 100 + 10 * rng.next());
    const score = Float64Array.from({ length: 500 }, () => 130);
    const signals = qualitySignals(
      { ...QUALITY, metric: 'squared_error' },
      { label, score },
      { ...BASELINE, loss: 9 },
    );
    expect(signals!.map(({ subject }) => subject)).toEqual(['squared_error level', 'squared_error skill']);
    expect(signals![0]!.sentence).toMatch(/^RMSE 25\.\d over 500 labels, 3\.00 at training$/);
    expect(signals![1]!.sentence).toMatch(/worse than always answering 105 \(2\.9\d\)$/);
  });

  it('takes the tolerance of a loss with a unit as a share of the hold-out’s loss', () => {
    const rng = seededRng(2);
    const label = Float64Array.from({ length: 2000 }, () => 100 + 200 * rng.next());
    const score = label.map(value => value + (rng.next() < 0.5 ? 11 : -11));
    const level = (loss: number, tolerance: number) =>
      qualitySignals(
        { ...QUALITY, metric: 'squared_error', tolerance },
        { label, score },
        { ...BASELINE, loss },
      );
    // 121 is 21 % above 100.
    expect(level(100, 0.25)).toEqual([]);
    const [signal] = level(100, 0.1)!;
    expect(signal!.evidence.threshold).toBeCloseTo(110, 9);
    expect(signal!.severity).toBeCloseTo(2.1, 6);
  });

  it('watches absolute errors against the median, their best constant', () => {
    const label = Float64Array.from({ length: 600 }, (_, i) => (i % 3 === 0 ? 90 : 0));
    const score = new Float64Array(600).fill(30);
    const [, skill] = qualitySignals(
      { ...QUALITY, metric: 'absolute_error' },
      { label, score },
      { ...BASELINE, loss: 20 },
    )!;
    expect(skill!.sentence).toBe(
      'mean absolute error 40.0 over 600 labels, worse than always answering 0.00 (30.0)',
    );
  });

  it('refuses a metric that it cannot watch', () => {
    expect(() => qualitySignals({ ...QUALITY, metric: 'auc' }, scored(500, 0.2, 0.2), BASELINE)).toThrow(
      expect.objectContaining({ code: 'invalid_request', field: 'monitors.quality.metric' }),
    );
  });
});

describe('calibrationSignals', () => {
  it.each([
    ['predicted as observed', scored(1000, 0.2, 0.2), 0],
    ['too low', scored(1000, 0.31, 0.1), 1],
    ['too high', scored(1000, 0.1, 0.31), 1],
    ['off by less than the tolerance', scored(100_000, 0.22, 0.2), 0],
    ['off, but within chance', scored(300, 0.26, 0.2), 0],
  ] as const)('%s', (_case, rows, expected) => {
    expect(calibrationSignals(CALIBRATION, rows)).toHaveLength(expected);
  });

  it('says it in plain words', () => {
    const [signal] = calibrationSignals(CALIBRATION, scored(412, 0.3107, 0.1), 'late')!;
    expect(signal!.sentence).toBe('predicted 10 % late, observed 31 % over 412 labels');
    expect(signal!.evidence.value).toBeCloseTo(0.21, 2);
    expect(signal!.severity).toBeCloseTo(7, 0);
  });

  it('of a regression counts in standard deviations of the label', () => {
    const label = Float64Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 20 : 0));
    const score = new Float64Array(1000).fill(6);
    const minutes = { ...CALIBRATION, tolerance: 0.1 };
    expect(calibrationSignals(minutes, { label, score }, 'minutes', 50)).toEqual([]);
    const [signal] = calibrationSignals(minutes, { label, score }, 'minutes', 10)!;
    expect(signal!.sentence).toMatch(
      /^predicted 6\.00 minutes on average, observed 10\.0+ over 1,000 labels$/,
    );
    expect(signal!.evidence.threshold).toBe(1);
    expect(signal!.severity).toBeCloseTo(4, 9);
  });

  it('says nothing about few labels', () => {
    expect(calibrationSignals(CALIBRATION, scored(299, 0.5, 0.1))).toBeNull();
  });
});
