import type { Signal } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { observeWindow, windowAt } from './observe-window.js';

const DAY = 86_400_000;
const signal: Signal = {
  monitor: 'drift/temp',
  kind: 'data-drift',
  subject: 'temp',
  severity: 2,
  sentence: 'temp moved',
  evidence: { statistic: 'KS', value: 0.2, n: 400, method: 'm' },
};
const look = { monitor: 'drift', endpoint: 'late', window: { from: 5, until: 9 }, n: 400, now: 9 } as const;

describe('windowAt', () => {
  it('ends now without labels, and earlier where labels are late', () => {
    expect(windowAt({ window: '14d' }, 20 * DAY)).toEqual({ from: 6 * DAY, until: 20 * DAY });
    expect(windowAt({ window: '14d', settle: '1d' }, 20 * DAY)).toEqual({ from: 5 * DAY, until: 19 * DAY });
  });
});

describe('observeWindow', () => {
  it('writes the look, then its signals', () => {
    const facts = observeWindow({ ...look, signals: [signal] });
    expect(facts.map(({ type }) => type)).toEqual(['WindowObserved', 'SignalRaised']);
    expect(facts[0]).toMatchObject({ payload: { window: 'drift/late/5', n: 400, signals: 1 }, at: 9 });
  });

  it('has the same keys when a window is looked at again, later', () => {
    const keys = (now: number) =>
      observeWindow({ ...look, signals: [signal], now }).map(({ idempotencyKey }) => idempotencyKey);
    expect(keys(9)).toEqual(keys(10));
    expect(new Set(keys(9)).size).toBe(2);
  });

  it('writes nothing about a window that says nothing, but does about a clean one', () => {
    expect(observeWindow({ ...look, signals: null })).toEqual([]);
    expect(observeWindow({ ...look, signals: [] })).toHaveLength(1);
  });
});
