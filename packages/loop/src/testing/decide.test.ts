import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decide } from './config.js';
import { decide, type Figure, worst } from './decide.js';

const RANK = { pass: 0, inconclusive: 1, fail: 2 } as const;
const figures = fc
  .tuple(
    fc.double({ min: -10, max: 10, noNaN: true }),
    fc.double({ min: 0, max: 5, noNaN: true }),
    fc.double({ min: 0, max: 5, noNaN: true }),
  )
  .map(([value, below, above]): Figure => ({ value, low: value - below, high: value + above }));
const hows = fc.constantFrom<Decide>('estimate', 'interval', 'harm');
const limit = fc.double({ min: -12, max: 12, noNaN: true });

describe('decide', () => {
  it('is monotone: a wider limit never makes the verdict worse', () => {
    fc.assert(
      fc.property(figures, hows, limit, limit, (figure, how, a, b) => {
        const [tight, wide] = [Math.min(a, b), Math.max(a, b)];
        expect(RANK[decide(figure, { max: wide }, how)]).toBeLessThanOrEqual(
          RANK[decide(figure, { max: tight }, how)],
        );
        expect(RANK[decide(figure, { min: tight }, how)]).toBeLessThanOrEqual(
          RANK[decide(figure, { min: wide }, how)],
        );
      }),
    );
  });

  it('harm is never stricter than interval, and both fail together', () => {
    fc.assert(
      fc.property(figures, limit, (figure, max) => {
        const [harm, interval] = [decide(figure, { max }, 'harm'), decide(figure, { max }, 'interval')];
        expect(harm === 'fail').toBe(interval === 'fail');
        expect(RANK[harm]).toBeLessThanOrEqual(RANK[interval]);
      }),
    );
  });

  it.each<[Decide, Figure, { min?: number; max?: number }, string]>([
    ['estimate', { value: 1, low: 0, high: 9 }, { max: 1 }, 'pass'],
    ['interval', { value: 1, low: 0, high: 2 }, { max: 1.5 }, 'inconclusive'],
    ['interval', { value: 1, low: 0, high: 2 }, { max: 2 }, 'pass'],
    ['interval', { value: 1, low: 0.5, high: 2 }, { max: 0.4 }, 'fail'],
    ['harm', { value: 1, low: 0, high: 2 }, { max: 0.5 }, 'pass'],
    ['harm', { value: 1, low: 0.6, high: 2 }, { max: 0.5 }, 'fail'],
    ['interval', { value: 1, low: 0.8, high: 1.2 }, { min: 0.7, max: 1.3 }, 'pass'],
    ['estimate', { value: Number.NaN, low: 0, high: 1 }, { max: 9 }, 'inconclusive'],
    ['interval', { value: 1, low: Number.NaN, high: Number.NaN }, { max: 9 }, 'inconclusive'],
  ])('%s of %o against %o: %s', (how, figure, bounds, status) =>
    expect(decide(figure, bounds, how)).toBe(status),
  );

  it('the worst of several is the verdict', () => {
    expect(worst([])).toBe('pass');
    expect(worst(['pass', 'inconclusive', 'pass'])).toBe('inconclusive');
    expect(worst(['inconclusive', 'fail', 'pass'])).toBe('fail');
  });
});
