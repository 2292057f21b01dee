import { describe, expect, it } from 'vitest';
import { playOneSided } from './one-sided-labels.js';
import { PastModels } from './past-models.js';
import { DAY, PROJECT, START, world } from './past-models.fixture.js';
import { TrialPeriod } from './try-challenger.js';

const past = new PastModels(PROJECT, world());
const startedAt = START + 32 * DAY + 4 * 36e5;
const knowing = past.train({ algorithm: 'linear', window: 'all', at: past.first });
const coin = past.label.map(() => 0.5);

describe('labels that are tampered with', () => {
  it('come for one variant only: a canary that would be promoted ends inconclusive', () => {
    const better = { champion: coin, challenger: knowing };
    for (const silent of ['challenger', 'champion'] as const)
      expect(playOneSided(past, startedAt, better, silent)).toEqual({ canary: true, end: 'inconclusive' });
  });

  it('a worse challenger answers nobody', () => {
    const worse = { champion: knowing, challenger: coin };
    expect(playOneSided(past, startedAt, worse, 'challenger')).toEqual({ canary: false, end: 'worse' });
  });

  it('that never come decide nothing; that come late decide later', () => {
    const never = new TrialPeriod(
      past,
      startedAt,
      past.arrived.map(() => Number.POSITIVE_INFINITY),
    );
    expect(never.try(coin, knowing).status).toBe('inconclusive');
    const late = new TrialPeriod(
      past,
      startedAt,
      past.arrived.map(at => at + 3 * DAY),
    );
    const soon = new TrialPeriod(past, startedAt);
    expect(late.try(coin, knowing).evidence.n).toBeLessThan(soon.try(coin, knowing).evidence.n);
  });
});
