import { seededRng, tableFromRows } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { baseRate } from './base-rate.js';
import { checkEstimator, type EstimatedRows, estimateWindow } from './estimate-quality.js';
import { attributeGroups } from './fairness-groups.js';
import { figuresOf, qualityWindows, shownMetrics } from './quality-windows.js';
import { worstSlices } from './worst-slices.js';

const DAY = 864e5;

/** A day holds `perDay` answers; from `changed` on the truth turns away from them. Labels come a day later. */
function answers(days: number, perDay: number, changed = Number.POSITIVE_INFINITY): EstimatedRows {
  const rng = seededRng(11);
  const n = days * perDay;
  const at = Float64Array.from({ length: n }, (_, i) => (i * DAY) / perDay);
  const score = at.map(() => 0.05 + 0.9 * rng.next());
  const label = score.map((p, i) => {
    const truth = at[i]! < changed * DAY ? p : 1 - p;
    return rng.next() < truth ? 1 : 0;
  });
  return { at, score, label, arrived: at.map(time => time + DAY), version: Array.from(at, () => 'm@1') };
}
const estimateQuality = (
  rows: EstimatedRows,
  windows: ReturnType<typeof qualityWindows>,
  settings: Parameters<typeof estimateWindow>[2],
) => windows.map(window => estimateWindow(rows, window, settings));
const options = { task: 'binary', loss: 'log_loss' } as const;

describe('qualityWindows', () => {
  const rows = answers(28, 100);
  const windows = qualityWindows(rows, { ...options, from: 0, every: 7 * DAY });

  it('cuts time into stretches and leaves out those without predictions', () => {
    expect(
      windows.map(({ from, until, predictions, labelled }) => [from, until, predictions, labelled]),
    ).toEqual([0, 7, 14, 21].map(day => [day * DAY, (day + 7) * DAY, 700, 700]));
    const late = { ...rows, at: rows.at.map(time => (time < 7 * DAY ? time : time + 70 * DAY)) };
    expect(
      qualityWindows(late, { ...options, from: 0, every: 7 * DAY }).map(({ from }) => from / DAY),
    ).toEqual([0, 77, 84, 91]);
  });

  it('gives every figure with an interval that holds the truth', () => {
    const { realised } = windows[0]!;
    expect(Object.keys(realised)).toEqual(['log_loss', 'auc', 'accuracy', 'precision', 'recall', 'brier']);
    for (const { value, low, high, n } of Object.values(realised)) {
      expect(low).toBeLessThan(value);
      expect(value).toBeLessThan(high);
      expect(n).toBeGreaterThan(100);
    }
    // For scores uniform on [0.05, 0.95] that are right: E[p² + (1 − p)²] of the right side is 0.725.
    expect(realised['accuracy']!.low).toBeLessThan(0.725);
    expect(realised['accuracy']!.high).toBeGreaterThan(0.725);
  });

  it('says what it rests on while labels are coming', () => {
    const label = rows.label.map((value, i) => (i % 2 === 0 ? value : Number.NaN));
    const half = qualityWindows({ ...rows, label }, { ...options, from: 0, every: 7 * DAY });
    expect(half[0]).toMatchObject({ predictions: 700, labelled: 350 });
    expect(half[0]!.realised['log_loss']!.n).toBe(350);
  });

  it.each<[string, Float64Array, string[]]>([
    ['one label', Float64Array.of(1, NaN, NaN), []],
    ['no label', new Float64Array(3).fill(NaN), []],
    // Without negatives nothing can be ranked.
    ['one class', Float64Array.of(1, 1, 1), ['log_loss', 'accuracy', 'precision', 'recall', 'brier']],
  ])('of %s says no more than it knows', (_, label, expected) => {
    const figures = figuresOf('binary', 'log_loss', label, Float64Array.of(0.9, 0.8, 0.4));
    expect(Object.keys(figures)).toEqual(expected);
  });

  it('shows a regression in the unit of its label', () => {
    expect(
      shownMetrics('regression', 'squared_error').map(({ metric, hasUnit }) => [metric, hasUnit]),
    ).toEqual([
      ['rmse', true],
      ['mae', true],
      ['bias', true],
      ['r2', false],
    ]);
    const figures = figuresOf(
      'regression',
      'squared_error',
      Float64Array.of(1, 2, 3, 4),
      Float64Array.of(2, 3, 4, 5),
    );
    expect(figures['rmse']!.value).toBeCloseTo(1, 12);
    expect(figures['bias']!.value).toBeCloseTo(1, 12);
  });
});

describe('estimateWindow', () => {
  it('foretells what labels will say while the answers mean what they meant', () => {
    const rows = answers(84, 150);
    const windows = qualityWindows(rows, { ...options, from: 0, every: 7 * DAY });
    const estimated = estimateQuality(rows, windows, options);
    // Nothing to learn from before the first.
    expect(estimated[0]).toEqual({});
    const { inside, windows: checked, sentence } = checkEstimator(windows, estimated, options)!;
    expect(checked).toBe(11);
    expect(inside).toBeGreaterThanOrEqual(9);
    expect(sentence).toContain('nothing speaks against them');
    const { auc } = estimated.at(-1)!;
    expect(Math.abs(auc!.value - windows.at(-1)!.realised['auc']!.value)).toBeLessThan(0.05);
  });

  it('is found out when the truth turned away from the answers', () => {
    const rows = answers(84, 150, 14);
    const windows = qualityWindows(rows, { ...options, from: 0, every: 7 * DAY });
    const estimated = estimateQuality(rows, windows, options);
    const check = checkEstimator(windows, estimated, options)!;
    expect(check.inside).toBeLessThan(check.windows);
    // The first window after the change was estimated by what held before it.
    expect(estimated[2]!['log_loss']!.high).toBeLessThan(windows[2]!.realised['log_loss']!.low);
  });

  it('knows no label before it came', () => {
    const rows = answers(21, 150);
    const never = { ...rows, arrived: rows.arrived.map(() => 1e15) };
    const windows = qualityWindows(rows, { ...options, from: 0, every: 7 * DAY });
    expect(estimateQuality(never, windows, options)).toEqual([{}, {}, {}]);
    expect(checkEstimator(windows, [{}, {}, {}], options)).toBeNull();
  });

  it('estimates the error of a number by where it lies', () => {
    const rng = seededRng(5);
    const base = answers(56, 100);
    const score = base.score.map(p => 100 * p);
    // Far predictions miss by more.
    const label = score.map(value => value + (rng.next() < 0.5 ? -1 : 1) * value * 0.2);
    const rows = { ...base, score, label };
    const settings = { task: 'regression', loss: 'squared_error' } as const;
    const windows = qualityWindows(rows, { ...settings, from: 0, every: 7 * DAY });
    const estimated = estimateQuality(rows, windows, settings);
    const last = estimated.at(-1)!['rmse']!;
    expect(Math.abs(last.value - windows.at(-1)!.realised['rmse']!.value) / last.value).toBeLessThan(0.1);
  });
});

describe('baseRate', () => {
  const label = Float64Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 1 : 0));
  it.each([
    [0.25, 0.25, 'lies within chance', 'the answers say 25 %'],
    [0.5, 0.25, 'it has moved', 'the answers say 25 %'],
    [0.25, 0.6, 'lies within chance', 'the answers say 60 %, and miss it'],
  ])('training %d, answered %d: %s', (training, answered, moved, believed) => {
    const { sentence, observed } = baseRate(
      'binary',
      label,
      label.map(() => answered),
      training,
    )!;
    expect(observed).toMatchObject({ value: 0.25, n: 400 });
    expect(sentence).toContain(moved);
    expect(sentence).toContain(believed);
  });
  it('says nothing without labels, without training’s rate, or of several classes', () => {
    const none = label.map(() => Number.NaN);
    expect(baseRate('binary', none, label, 0.5)).toBeNull();
    expect(baseRate('binary', label, label, Number.NaN)).toBeNull();
    expect(baseRate('multiclass', label, label, 0.5)).toBeNull();
  });
});

describe('attributeGroups', () => {
  const table = tableFromRows(
    [
      { name: 'origin', type: 'string', nullable: true },
      { name: 'age', type: 'number', nullable: true },
      { name: 'member', type: 'boolean', nullable: true },
    ],
    Array.from({ length: 100 }, (_, i) => ({
      origin: i === 7 ? null : i % 2 === 0 ? 'JFK' : 'EWR',
      age: i === 9 ? null : i,
      member: i % 3 === 0,
    })),
  );
  it('takes levels as they are and numbers by quarters; missing belongs to nobody', () => {
    expect(attributeGroups(table, 'origin')).toMatchObject({ attribute: 'origin', groups: ['EWR', 'JFK'] });
    expect(attributeGroups(table, 'origin')!.codes[7]).toBe(-1);
    const age = attributeGroups(table, 'age')!;
    expect(age.groups).toHaveLength(4);
    expect([age.codes[0], age.codes[99], age.codes[9]]).toEqual([0, 3, -1]);
    expect(attributeGroups(table, 'member')!.groups).toEqual(['false', 'true']);
  });
  it('crosses columns, and knows no column that is not there', () => {
    const crossed = attributeGroups(table, ['origin', 'member'])!;
    expect(crossed.attribute).toBe('origin × member');
    expect(crossed.groups).toContain('JFK × true');
    expect(attributeGroups(table, ['origin', 'ghost'])).toBeNull();
  });
});

describe('worstSlices', () => {
  const rng = seededRng(3);
  const rows = Array.from({ length: 3000 }, () => ({
    carrier: ['AA', 'B6', 'EV', 'UA'][Math.floor(4 * rng.next())]!,
    temp: 30 * rng.next(),
    at: 0,
  }));
  const table = tableFromRows(
    [
      { name: 'carrier', type: 'string', nullable: false },
      { name: 'temp', type: 'number', nullable: false },
      { name: 'at', type: 'time', nullable: false },
    ],
    rows,
  );
  it('names the part that does worst, in words', () => {
    const losses = Float64Array.from(
      rows,
      ({ carrier, temp }) => rng.next() + (carrier === 'EV' && temp > 22 ? 1 : 0),
    );
    const { found, overall, searched } = worstSlices(table, losses, 'log_loss')!;
    expect(searched).toBeGreaterThan(20);
    expect(found[0]!.text).toMatch(/^carrier EV, temp 2\d\.?\d* and more$/);
    expect(found[0]!.loss.low).toBeGreaterThan(overall.high);
    expect(found[0]!.adjustedP).toBeLessThan(0.001);
  });
  it('finds nothing where there is nothing, and says nothing of too few rows', () => {
    const losses = Float64Array.from(rows, () => rng.next());
    expect(worstSlices(table, losses, 'log_loss')!.found).toEqual([]);
    expect(
      worstSlices(
        table,
        losses.map((loss, i) => (i < 199 ? loss : Number.NaN)),
        'log_loss',
      ),
    ).toBeNull();
  });
});
