import { seededRng } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { DAY, PROJECT, START, world } from './past-models.fixture.js';
import { PastModels } from './past-models.js';
import { TrialPeriod } from './try-challenger.js';

const past = new PastModels(PROJECT, world());
const startedAt = START + 32 * DAY + 4 * 36e5 + 20 * 6e4;
const period = new TrialPeriod(past, startedAt);
const knowing = past.train({ algorithm: 'linear', window: 'all', at: past.first });
const coin = past.label.map(() => 0.5);

describe('TrialPeriod', () => {
  it('promotes a better challenger at the first look after the minimum duration', () => {
    const { status, days, truth, evidence } = period.try(coin, knowing);
    expect(status).toBe('better');
    // Looks are at four, the rollout began at 4:20.
    expect(days).toBeCloseTo(15 - 20 / 1440, 10);
    expect(truth).toBeGreaterThan(0.03);
    expect(evidence.interval![0]).toBeGreaterThan(0);
  });

  it('counts only labels that had arrived and settled', () => {
    const settled = past.between(startedAt, startedAt + 14 * DAY);
    const { n } = period.try(coin, knowing).evidence;
    expect(n).toBeLessThan(settled.length);
    expect(n).toBeGreaterThan(0.8 * settled.length);
  });

  it('keeps a worse challenger out; the truth changes its sign with the sides', () => {
    const { status, truth } = period.try(knowing, coin);
    expect(status).toBe('worse');
    expect(truth).toBeCloseTo(-period.try(coin, knowing).truth, 12);
  });

  it('keeps the champion when the two are the same model', () => {
    expect(period.try(knowing, knowing)).toMatchObject({ status: 'equivalent', truth: 0 });
  });

  it('gives up after the timeout when the labels do not tell', () => {
    const rng = seededRng(3);
    const wobble = knowing.map(score => Math.min(0.99, Math.max(0.01, score + 0.08 * (rng.next() - 0.5))));
    const { status, days } = period.try(knowing, wobble);
    expect(status).toBe('inconclusive');
    expect(days).toBeCloseTo(29 - 20 / 1440, 10);
  });
});
