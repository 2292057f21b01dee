import { describe, expect, it } from 'vitest';
import { DAY, PROJECT, START, world } from './past-models.fixture.js';
import { PastModels } from './past-models.js';
import { PromotionPeriod } from './try-promotion.js';

const past = new PastModels(PROJECT, world());
const promotedAt = START + 50 * DAY;
const period = new PromotionPeriod(past, PROJECT.endpoint!.rollout, promotedAt);
const recipe = { algorithm: 'linear', window: 'all', at: past.first } as const;
const good = past.train(recipe);
const near = good.map(score => 0.1 + 0.75 * score);
const bad = past.train({ ...recipe, turned: 'x' });

describe('a turned input', () => {
  it('answers what the model would have answered to the mirrored case', () => {
    const rows = [...past.between(promotedAt, promotedAt + DAY)];
    const byScore = (scores: Float64Array) => [...rows].sort((a, b) => scores[a]! - scores[b]!);
    // One input, mirrored: the order of the cases is turned round.
    expect(byScore(bad)).toEqual(byScore(good).reverse());
    expect(past.train(recipe)).toBe(good);
  });
});

describe('PromotionPeriod', () => {
  it('keeps a good promotion', () => {
    expect(period.try(near, good)).toMatchObject({ rolledBack: null, held: false, early: false });
  });

  it('holds and rolls back one that turns bad, and counts from the turn', () => {
    const at = period.try(near, good, bad);
    expect(at).toMatchObject({ rolledBack: 'evidence', held: true, released: false, early: false });
    expect(at.requestsToHold).toBeLessThan(60);
    expect(at.labels).toBeGreaterThan(at.requestsToHold);
    const later = period.try(near, good, bad, promotedAt + 3 * DAY);
    expect(later).toMatchObject({ rolledBack: 'evidence', early: false });
    expect(later.labels).toBeLessThan(3 * at.labels);
  });

  it('knows the truth afterwards', () => {
    const loss = (row: number) =>
      Math.abs(past.label[row]! - bad[row]!) - Math.abs(past.label[row]! - good[row]!);
    expect(period.after(loss)).toBeGreaterThan(0.05);
    expect(period.before(loss)).toBeGreaterThan(0.05);
  });
});
