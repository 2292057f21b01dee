import { type AnyNewFact, seededRng } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { CONFIG, DAY, HOUR, weather } from '../delivery.fixture.js';
import type { WatchReading, WatchRows } from '../reading.js';
import type { PromotionWatch } from '../state.js';
import { feed, PromotionMonitor, watchPromotion } from './promotion-monitor.js';

const WATCH: PromotionWatch = {
  rollout: 'r1',
  endpoint: 'late',
  model: 'm2',
  models: ['m2'],
  previous: 'm1',
  previousVersion: 4,
  metric: 'log_loss',
  previousLoss: null,
  since: 0,
  until: 7 * DAY,
  held: null,
  releasedAt: null,
  observed: null,
};
const flat = (value: number, n = 600) => new Float64Array(n).fill(value);
/** In shadow the two were never further apart than 0.05. */
const baseline = { a: flat(0.3), b: flat(0.35) };
const reading = (rows: WatchRows, extra: Partial<WatchReading> = {}): WatchReading => ({
  rows,
  baseline,
  service: [],
  ...extra,
});
const types = (facts: readonly AnyNewFact[]) => facts.map(({ type }) => type);
/** Labels of a share of the rows never come. */
const thin = (rows: WatchRows, keep: (i: number) => boolean): WatchRows => ({
  ...rows,
  label: rows.label.map((label, i) => (keep(i) ? label : Number.NaN)),
  arrivedAt: rows.arrivedAt.map((at, i) => (keep(i) ? at : Number.NaN)),
});
/** Previous says 0.3, the best constant; promoted says b. */
const stream = (b: number, seed = 3, days = 8) => weather(seededRng(seed), days, 0.3, b);

describe('watchPromotion', () => {
  it('rolls a harmful promotion back, with its evidence and the old version number', () => {
    const facts = watchPromotion(CONFIG, WATCH, reading(stream(0.9)), 2 * DAY);
    expect(types(facts)).toEqual(['PromotionObserved', 'ModelRolledBack']);
    expect(facts[1]).toMatchObject({
      payload: { model: 'm2', restored: 'm1', version: 4, by: 'evidence' },
      idempotencyKey: 'rollout/r1/rolled-back',
    });
    const { evidence } = (facts[1] as Extract<AnyNewFact, { type: 'ModelRolledBack' }>).payload;
    expect(evidence.value).toBeLessThan(-0.3);
    // Two days of eight an hour, the last hour's labels not yet in.
    expect(evidence.n).toBe(2 * 24 * 8 - 7);
  });

  it('keeps a good one at the end of the window, and not before', () => {
    const good = reading(weather(seededRng(3), 8, 0.34, 0.3));
    expect(watchPromotion(CONFIG, { ...WATCH, observed: seen(6.9 * DAY) }, good, 7 * DAY - 1)).toEqual([]);
    expect(watchPromotion(CONFIG, WATCH, good, 7 * DAY)).toMatchObject([
      { type: 'PromotionObserved', payload: { status: 'kept' } },
    ]);
  });

  it('writes a look a day', () => {
    const rows = reading(stream(0.3));
    expect(types(watchPromotion(CONFIG, WATCH, rows, DAY - 1))).toEqual([]);
    expect(types(watchPromotion(CONFIG, WATCH, rows, DAY))).toEqual(['PromotionObserved']);
    expect(watchPromotion(CONFIG, { ...WATCH, observed: seen(DAY) }, rows, DAY + HOUR)).toEqual([]);
  });

  it('does not decide on labels that came early: only settled blocks count', () => {
    // All labels that are in speak against it, but most of each block is still to come.
    const rows = thin(stream(0.9), i => i % 8 === 0);
    const watching = { ...CONFIG, rollback: { ...CONFIG.rollback, hold: false } };
    expect(types(watchPromotion(watching, WATCH, reading(rows), 7 * HOUR))).toEqual([]);
    const { evidence } = (
      watchPromotion(watching, { ...WATCH, since: -DAY }, reading(rows), 7 * HOUR)[0] as Extract<
        AnyNewFact,
        { type: 'PromotionObserved' }
      >
    ).payload;
    expect(evidence).toMatchObject({ n: 7, method: expect.stringContaining('betting on 0 settled blocks') });
  });

  it('is not misled by labels that are missing at random', () => {
    const rng = seededRng(8);
    const harm = thin(stream(0.9), () => rng.next() < 0.7);
    expect(types(watchPromotion(CONFIG, WATCH, reading(harm), 3 * DAY))).toContain('ModelRolledBack');
    const equal = thin(stream(0.3), () => rng.next() < 0.7);
    expect(types(watchPromotion(CONFIG, WATCH, reading(equal), 7 * DAY))).toEqual(['PromotionObserved']);
  });

  it('rolls back by guardrail when its answers fail', () => {
    const service = [
      { variant: 'promoted', model: 'm2', requests: 200, errors: 20, p95Ms: 1 },
      { variant: 'previous', model: 'm1', requests: 200, errors: 0, p95Ms: 1 },
    ];
    const facts = watchPromotion(CONFIG, WATCH, reading(stream(0.3), { service }), HOUR);
    expect(facts.at(-1)).toMatchObject({
      type: 'ModelRolledBack',
      payload: { by: 'guardrail', evidence: { value: 0.1, threshold: 0.01 } },
    });
  });
});

describe('the hold', () => {
  it('comes within tens of requests, before any label, and once', () => {
    const monitor = new PromotionMonitor(CONFIG, WATCH, baseline);
    let n = 0;
    let facts: readonly AnyNewFact[] = [];
    while (facts.length === 0 && n < 200) {
      monitor.predicted(String(n), n * 1000, 0.3, 0.8);
      facts = monitor.hold(WATCH, n * 1000);
      n++;
    }
    expect(n).toBeLessThan(40);
    expect(facts).toMatchObject([{ type: 'TrafficHeld', payload: { model: 'm2', answering: 'm1' } }]);
    expect(monitor.hold({ ...WATCH, releasedAt: n * 1000 }, n * 1000)).toEqual([]);
  });

  it.each([
    ['the answers stay as near as in shadow', CONFIG, baseline, 0.34],
    ['the shadow phase was too short to know', CONFIG, { a: flat(0.3, 499), b: flat(0.35, 499) }, 0.8],
    ['it is switched off', { ...CONFIG, rollback: { ...CONFIG.rollback, hold: false } }, baseline, 0.8],
  ])('does not come when %s', (_case, config, shadow, b) => {
    const monitor = new PromotionMonitor(config, WATCH, shadow);
    for (let i = 0; i < 500; i++) monitor.predicted(String(i), i * 1000, 0.3, b);
    expect(monitor.hold(WATCH, 500_000)).toEqual([]);
  });

  const held = { ...WATCH, held: { since: 0, evidence: { statistic: 's', value: 1, n: 30, method: 'm' } } };

  it('ends when labels clear the model', () => {
    // Far from the previous one, and better.
    const rows = weather(seededRng(3), 8, 0.8, 0.3);
    expect(types(watchPromotion(CONFIG, held, reading(rows), 20 * HOUR))).toEqual([]);
    expect(types(watchPromotion(CONFIG, held, reading(rows), 26 * HOUR))).toEqual(['TrafficReleased']);
  });

  it('ends in a rollback when labels confirm it, or never come', () => {
    expect(types(watchPromotion(CONFIG, held, reading(stream(0.9)), 2 * DAY)).at(-1)).toBe('ModelRolledBack');
    const none = reading(thin(stream(0.9), () => false));
    expect(types(watchPromotion(CONFIG, held, none, 7 * DAY))).toEqual(['PromotionObserved']);
    expect(types(watchPromotion(CONFIG, held, none, 7 * DAY + 6 * HOUR)).at(-1)).toBe('ModelRolledBack');
  });
});

describe('PromotionMonitor', () => {
  it('says at every look what a new one fed from the log says', () => {
    const rng = seededRng(12);
    // Labels hours late, some never, and a turn for the worse in the middle.
    const rows = thin(stream(0.32, 4, 7), () => rng.next() < 0.8);
    const b = rows.b.map((score, i) => (rows.predictedAt[i]! > 3 * DAY ? 0.75 : score));
    const arrivedAt = rows.arrivedAt.map(at => at + rng.next() * 9 * HOUR);
    const late = { ...rows, b, arrivedAt };
    const arrivals = [...late.arrivedAt.keys()].filter(i => !Number.isNaN(arrivedAt[i]!));
    arrivals.sort((i, k) => arrivedAt[i]! - arrivedAt[k]! || i - k);
    const monitor = new PromotionMonitor(CONFIG, WATCH, baseline);
    let [asked, known, decided] = [0, 0, false];
    for (let now = HOUR; now < 5 * DAY && !decided; now += 40 * 60_000) {
      for (; late.predictedAt[asked]! <= now; asked++)
        monitor.predicted(String(asked), late.predictedAt[asked]!, late.a[asked]!, late.b[asked]!);
      for (; known < arrivals.length && arrivedAt[arrivals[known]!]! <= now; known++) {
        const i = arrivals[known]!;
        monitor.labelled(String(i), late.label[i]!, arrivedAt[i]!);
      }
      const facts = monitor.look(WATCH, [], now);
      expect(facts).toEqual(watchPromotion(CONFIG, WATCH, reading(late), now));
      decided = types(facts).includes('ModelRolledBack');
    }
    expect(decided).toBe(true);
  });

  it('takes a request once', () => {
    const once = feed(new PromotionMonitor(CONFIG, WATCH, baseline), stream(0.9), 2 * DAY);
    once.predicted('0', 2 * DAY, 0.3, 0.9);
    expect(once.look(WATCH, [], 2 * DAY)).toEqual(
      watchPromotion(CONFIG, WATCH, reading(stream(0.9)), 2 * DAY),
    );
  });
});

describe('the nominal rate', () => {
  /** Watches of two models that lose equally much, in hours of shared weather; how many are rolled back in their week. */
  const rolledBack = (block: string, watches: number): number => {
    const config = { ...CONFIG, rollback: { ...CONFIG.rollback, block, hold: false } };
    let count = 0;
    for (let seed = 0; seed < watches; seed++) {
      // Every hour deals anew which of the two is the promoted one.
      const rng = seededRng(seed);
      const { a, b, ...rest } = weather(rng, 7, 0.2, 0.41217);
      const swapped = Array.from({ length: 7 * 24 }, () => rng.next() < 0.5);
      const swap = (i: number) => swapped[Math.floor(rest.predictedAt[i]! / HOUR)]!;
      const rows = {
        ...rest,
        a: a.map((score, i) => (swap(i) ? b[i]! : score)),
        b: b.map((score, i) => (swap(i) ? a[i]! : score)),
      };
      if (types(watchPromotion(config, WATCH, reading(rows), 7 * DAY + 7 * HOUR)).includes('ModelRolledBack'))
        count++;
    }
    return count;
  };

  it('holds when neither model is worse: at most 5 % of watches are rolled back', () => {
    // 10 expected at most; the 99.9 % binomial limit is 21.
    expect(rolledBack('1h', 200)).toBeLessThanOrEqual(21);
  });

  it('would break if requests of one hour counted as independent', () => {
    expect(rolledBack('1m', 40)).toBeGreaterThan(7);
  });
});

function seen(at: number) {
  return { status: 'continue' as const, evidence: { statistic: 's', value: 0, n: 0, method: 'm' }, at };
}
