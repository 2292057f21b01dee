import { type PairedRows, seededRng } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { compareLosses } from './compare-losses.js';
import { CONFIG, DAY, HOUR, pairs, weather } from './delivery.fixture.js';

/** The champion says a, the challenger b, the true rate is about 0.3. */
const after = (days: number, a: number, b: number, config = CONFIG, seed = 1) =>
  compareLosses(config, weather(seededRng(seed), days, a, b), { startedAt: 0, now: days * DAY });

/** First decision of daily looks at one stream, and the share of `seeds` that end in each. */
function decisions(trials: number, a: number, b: number, config = CONFIG): Record<string, number> {
  const found: Record<string, number> = {};
  for (let seed = 0; seed < trials; seed++) {
    const stream = weather(seededRng(seed), 28, a, b);
    let status = 'continue';
    for (let day = 1; day <= 28 && status === 'continue'; day++) {
      status = compareLosses(config, stream, { startedAt: 0, now: day * DAY }).status;
    }
    found[status] = (found[status] ?? 0) + 1;
  }
  return found;
}

describe('compareLosses', () => {
  it.each([
    ['a clearly better challenger', 20, 0.6, 0.3, 'better'],
    ['a clearly worse one', 20, 0.3, 0.6, 'worse'],
    ['a better one before its two weeks', 13, 0.6, 0.3, 'continue'],
    ['two that cannot be told apart', 20, 0.29, 0.31, 'continue'],
    ['two that cannot be told apart at the timeout', 28, 0.29, 0.31, 'inconclusive'],
    ['the same model twice', 14, 0.3, 0.3, 'equivalent'],
  ] as const)('%s', (_case, days, a, b, status) => {
    expect(after(days, a, b).status).toBe(status);
  });

  it('calls two models equivalent when the difference surely is within the tolerance', () => {
    expect(after(28, 0.29, 0.31, { ...CONFIG, tolerance: 0.05 }).status).toBe('equivalent');
  });

  it('waits for the labels', () => {
    expect(after(20, 0.6, 0.3, { ...CONFIG, minLabels: 1e6 }).status).toBe('continue');
  });

  it('reports champion − challenger with n, interval and method', () => {
    const { evidence } = after(15, 0.6, 0.3);
    expect(evidence.value).toBeGreaterThan(0);
    // Fifteen days, the last one not settled.
    expect(evidence.n).toBe(14 * 24 * 8);
    expect(evidence.interval![0]).toBeLessThan(evidence.value);
    expect(evidence.interval![1]).toBeGreaterThan(evidence.value);
    expect(evidence.method).toBe('asymptotic confidence sequence over 336 blocks of 1h, one-sided α = 0.05');
  });

  it('clips probabilities, so that one confident answer does not decide', () => {
    const rows = Array.from({ length: 500 }, (_, i) => ({ at: i * HOUR, label: 1, a: 0, b: 0.005 }));
    const { evidence } = compareLosses(CONFIG, pairs(rows), { startedAt: 0, now: 600 * HOUR });
    expect(evidence.value).toBe(0);
  });

  it('leaves out requests that one of the two did not answer', () => {
    const whole = weather(seededRng(2), 20, 0.6, 0.3);
    const failed = { ...whole, b: whole.b.map((score, i) => (i % 10 === 0 ? Number.NaN : score)) };
    const { status, evidence } = compareLosses(CONFIG, failed, { startedAt: 0, now: 20 * DAY });
    expect(status).toBe('better');
    expect(evidence.n).toBe(Math.round(19 * 24 * 8 * 0.9));
  });

  it('ignores labels of blocks that have not settled: the early ones are not a fair sample', () => {
    const settled = weather(seededRng(3), 20, 0.3, 0.6);
    const early = pairs(
      Array.from({ length: 5000 }, (_, i) => ({ at: 20 * DAY + i, label: 0, a: 0.9, b: 0.01 })),
    );
    const joined = Object.fromEntries(
      (['predictedAt', 'arrivedAt', 'label', 'a', 'b'] as const).map(key => [
        key,
        Float64Array.from([...settled[key], ...early[key]]),
      ]),
    ) as unknown as PairedRows;
    const look = { startedAt: 0, now: 20.5 * DAY };
    expect(compareLosses(CONFIG, joined, look)).toEqual(compareLosses(CONFIG, settled, look));
  });

  it('refuses a metric that no single request has', () => {
    expect(() => after(20, 0.3, 0.3, { ...CONFIG, metric: 'auc' })).toThrow(
      expect.objectContaining({ code: 'invalid_request', field: 'endpoint.rollout.metric' }),
    );
  });

  // Constants 0.2 and 0.4073 lose equally much at a rate of 0.3; neither is better.
  const [LOW, HIGH] = [0.2, 0.41217];

  it('promotes a model that is no better in at most 5 % of streams, though looked at daily', () => {
    const { better = 0 } = decisions(150, LOW, HIGH);
    // 7.5 expected at most; the 99 % binomial limit is 15.
    expect(better).toBeLessThanOrEqual(15);
  });

  it('would break that promise if requests counted as independent', () => {
    const { better = 0 } = decisions(60, LOW, HIGH, { ...CONFIG, block: '1m', minDuration: '1d' });
    // 3 expected at most; the 99.9 % binomial limit is 9.
    expect(better).toBeGreaterThan(9);
  });

  it('finds a challenger that is clearly better in at least 90 % of streams', () => {
    const { better = 0 } = decisions(50, 0.1, 0.3);
    expect(better).toBeGreaterThanOrEqual(45);
  });

  it('counts the tolerance of a loss with a unit in shares of the champion’s loss, so that the unit does not matter', () => {
    const rng = seededRng(5);
    const rows = Array.from({ length: 4000 }, (_, i) => {
      const label = 100 * rng.next();
      return {
        at: i * 400_000,
        label,
        a: label + 20 * (rng.next() - 0.5),
        b: label + 20.1 * (rng.next() - 0.5),
      };
    });
    const minutes = { ...CONFIG, metric: 'squared_error', tolerance: 0.2 };
    const look = { startedAt: 0, now: 21 * DAY };
    const scaled = (by: number) =>
      pairs(rows.map(({ at, label, a, b }) => ({ at, label: label * by, a: a * by, b: b * by })));
    const inMinutes = compareLosses(minutes, scaled(1), look);
    expect(inMinutes.status).toBe('equivalent');
    expect(compareLosses(minutes, scaled(1 / 60), look).status).toBe('equivalent');
    expect(compareLosses(minutes, scaled(60), look).status).toBe('equivalent');
    expect(compareLosses({ ...minutes, tolerance: 0.001 }, scaled(1), look).status).toBe('continue');
    // Both mean losses stand beside their difference.
    const [champion, challenger] = inMinutes.evidence.means!;
    expect(champion).toBeCloseTo(400 / 12, 0);
    expect(champion - challenger).toBeCloseTo(inMinutes.evidence.value, 9);
  });
});
