import { describe, expect, it } from 'vitest';
import { restartedBetting } from './restarted-betting.js';
import { symmetricBetting } from './symmetric-betting.js';

/** mulberry32: uniform in [0, 1). */
function seeded(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const RUNS = 600;
/** The 99.9 % point of a binomial count at 5 % of the runs. */
const AT_MOST = RUNS * 0.05 + 3.1 * Math.sqrt(RUNS * 0.05 * 0.95);

describe('symmetricBetting', () => {
  const process = symmetricBetting({ stakes: [0.4, 0.8, 1.6] });
  /** Runs in which the e-value reaches 20 within 200 values. */
  const alarms = (value: (u: () => number) => number, test = process): number => {
    const uniform = seeded(7);
    let count = 0;
    for (let run = 0; run < RUNS; run++) {
      let state = test.start();
      for (let i = 0; i < 200; i++) {
        state = test.update(state, value(uniform));
        if (test.eValue(state) < 20) continue;
        count++;
        break;
      }
    }
    return count;
  };
  const sign = (u: number) => (u < 0.5 ? -1 : 1);

  it.each<[string, (u: () => number) => number]>([
    ['coin flips', u => sign(u())],
    ['Cauchy values', u => Math.tan(Math.PI * (u() - 0.5))],
    ['signs on sizes that come in waves', u => sign(u()) * (u() < 0.05 ? 100 : 1)],
    ['values that tend downwards', u => u() - 0.55],
  ])('rarely alarms on %s', (_name, value) => {
    expect(alarms(value)).toBeLessThanOrEqual(AT_MOST);
  });

  it('alarms, rightly, on signs that lean', () => {
    expect(alarms(u => sign(u()) + 0.3)).toBeGreaterThan(AT_MOST);
  });

  it('finds a steady departure within a dozen values, whatever the unit', () => {
    for (const unit of [1e-6, 1, 1e6]) {
      let state = process.start();
      let n = 0;
      while (process.eValue(state) < 20 && n < 50) {
        state = process.update(state, unit * (1 + 0.5 * Math.sin(n)));
        n++;
      }
      expect(n).toBeLessThanOrEqual(12);
    }
  });

  it('forgives what lies below the margin', () => {
    const uniform = (value: number) => (u: () => number) => value + (u() - 0.5);
    const forgiving = symmetricBetting({ stakes: [0.4, 0.8, 1.6], margin: 0.5 });
    expect(alarms(uniform(0.1), forgiving)).toBeLessThanOrEqual(AT_MOST);
    expect(alarms(uniform(0.1))).toBeGreaterThan(300);
  });

  it('lets a second gambler start once, without the values before', () => {
    const halves = symmetricBetting({ stakes: [0.8], first: 0.5 });
    let state = halves.start();
    for (let i = 0; i < 40; i++) state = halves.update(state, -1);
    expect(halves.eValue(state)).toBeCloseTo(0.5, 6);
    state = halves.again(halves.again(state));
    expect(halves.eValue(state)).toBeCloseTo(0.5, 6);
    for (let i = 0; i < 9; i++) state = halves.update(state, 1);
    expect(halves.eValue(state)).toBeGreaterThan(20);
  });

  it('stakes nothing while it knows no scale, and refuses what is not a number', () => {
    let state = process.start();
    for (let i = 0; i < 10; i++) state = process.update(state, 0);
    expect(process.eValue(process.update(state, 5))).toBeCloseTo(1, 12);
    expect(() => process.update(state, Number.NaN)).toThrow(RangeError);
    expect(() => symmetricBetting({ stakes: [] })).toThrow(/stakes/);
    expect(() => symmetricBetting({ stakes: [1], first: 0 })).toThrow(/first/);
    expect(() => symmetricBetting({ stakes: [1], margin: -1 })).toThrow(/margin/);
  });
});

describe('restartedBetting', () => {
  const options = { mean: 0.3, stakes: [0.15, 0.3, 0.6], first: 0.5, restart: 0.005 };
  const process = restartedBetting(options);

  it('rarely alarms at a rate that is allowed', () => {
    const uniform = seeded(11);
    let count = 0;
    for (let run = 0; run < RUNS; run++) {
      let state = process.start();
      for (let i = 0; i < 500; i++) {
        state = process.update(state, uniform() < 0.3 ? 1 : 0);
        if (process.eValue(state) < 20) continue;
        count++;
        break;
      }
    }
    expect(count).toBeLessThanOrEqual(AT_MOST);
  });

  it('finds a rise after a long quiet time that would have ruined a single gambler', () => {
    const after = (test: typeof process): number => {
      let state = test.start();
      for (let i = 0; i < 500; i++) state = test.update(state, i % 20 === 0 ? 1 : 0);
      let n = 0;
      while (test.eValue(state) < 1000 && n < 300) {
        state = test.update(state, 1);
        n++;
      }
      return n;
    };
    expect(after(process)).toBeLessThan(20);
    expect(after(restartedBetting({ ...options, first: 1 }))).toBeGreaterThan(60);
  });

  it('refuses values and options outside their bounds', () => {
    expect(() => process.update(process.start(), 1.1)).toThrow(RangeError);
    expect(() => process.update(process.start(), Number.NaN)).toThrow(RangeError);
    expect(() => restartedBetting({ ...options, mean: 0 })).toThrow(/mean/);
    expect(() => restartedBetting({ ...options, first: 0 })).toThrow(/first/);
    expect(() => restartedBetting({ ...options, restart: 1 })).toThrow(/restart/);
  });
});
