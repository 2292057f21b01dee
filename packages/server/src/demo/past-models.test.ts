import { describe, expect, it } from 'vitest';
import { rocAuc } from '@twinloop/stats';
import { DAY, PROJECT, START, world } from './past-models.fixture.js';
import { PastModels } from './past-models.js';

const AT = START + 40 * DAY;
const past = new PastModels(PROJECT, world());
const recipe = { algorithm: 'linear', window: 'all', at: AT } as const;
const later = past.between(AT, Number.POSITIVE_INFINITY);
const auc = (scores: Float64Array): number =>
  rocAuc(
    Float64Array.from(later, row => past.label[row]!),
    Float64Array.from(later, row => scores[row]!),
  );

describe('PastModels', () => {
  it('puts the rows in time order', () => {
    expect(past.at).toEqual(past.at.slice().sort());
  });

  it('knows the first version at once and later labels once they have arrived', () => {
    const known = past.known(AT);
    expect(known.some(row => past.at[row]! < past.first && past.arrived[row]! > past.first)).toBe(true);
    expect(known.every(row => past.at[row]! < past.first || past.arrived[row]! <= AT)).toBe(true);
    const waiting = past.between(past.first, AT).filter(row => past.arrived[row]! > AT);
    expect(waiting.length).toBeGreaterThan(0);
    expect(known.some(row => waiting.includes(row))).toBe(false);
    expect(past.known(AT, '10d').every(row => past.at[row]! >= AT - 10 * DAY)).toBe(true);
  });

  it('answers rows that came later, and no row that it may have learnt from', () => {
    const scores = past.train(recipe);
    expect(scores.every((score, row) => Number.isNaN(score) === past.at[row]! < AT)).toBe(true);
    expect(auc(scores)).toBeGreaterThan(0.7);
  });

  it('learns nothing from labels that arrive later', () => {
    const turned = new PastModels(
      PROJECT,
      world((late, _at, arrived) => (arrived > AT ? 1 - late : late)),
    );
    expect(turned.label).not.toEqual(past.label);
    expect(turned.train(recipe)).toEqual(past.train(recipe));
  });

  it('trains a recipe once, and the same on every day', () => {
    expect(past.train({ ...recipe })).toBe(past.train(recipe));
    expect(new PastModels(PROJECT, world()).train(recipe)).toEqual(past.train(recipe));
  });

  it('tells rows hardly apart after learning from shuffled labels', () => {
    const spread = (scores: Float64Array): number => {
      const answers = Float64Array.from(later, row => scores[row]!).sort();
      return answers.at(-1)! - answers[0]!;
    };
    expect(spread(past.train(recipe))).toBeGreaterThan(0.4);
    expect(spread(past.train({ ...recipe, shuffled: true }))).toBeLessThan(0.1);
    expect(past.label).toEqual(new PastModels(PROJECT, world()).label);
  });
});
