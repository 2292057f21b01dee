import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Draws, seeded } from '../../test-support/random.js';
import { expectRateAtMost, times } from '../../test-support/simulation.js';
import { logLossOf } from '../metrics/probability-scores.js';
import { asymptoticCS } from './asymptotic-cs.js';
import { bettingEProcess } from './betting-e-process.js';
import { binomialEProcess } from './binomial-e-process.js';
import type { ConfidenceSequence } from './confidence-sequence.js';
import { empiricalBernsteinCS } from './empirical-bernstein-cs.js';
import { hallInverse, hallTransform } from './hall-transform.js';
import { normalMixtureCS } from './normal-mixture-cs.js';

const RUNS = 1000;
const LOOKS = 2000;

/** Whether the interval loses the true mean at any of the looks. */
function loses<State>(cs: ConfidenceSequence<State>, value: () => number, truth: number): boolean {
  let state = cs.start();
  for (let look = 0; look < LOOKS; look++) {
    state = cs.update(state, value());
    const [low, high] = cs.interval(state);
    if (low > truth || high < truth) return true;
  }
  return false;
}

/** Paired difference of log losses of a sharp, calibrated model and a blunt, biased one; base rate about 20 %. */
function logLossDifference({ normal, uniform }: Draws): () => number {
  return () => {
    const z = normal();
    const p = 1 / (1 + Math.exp(1.6 - z));
    const y = uniform() < p ? 1 : 0;
    return logLossOf(y, p) - logLossOf(y, 1 / (1 + Math.exp(1.2 - 0.5 * z)));
  };
}

describe('time-uniform coverage over 2,000 looks', () => {
  it('normal mixture, normal values', () => {
    const draw = seeded(1);
    const cs = normalMixtureCS({ sigma: 1, tightestAt: 300 });
    expectRateAtMost(
      times(RUNS, () => loses(cs, draw.normal, 0)),
      RUNS,
      0.05,
    );
  });
  it.each([
    ['normal', (draw: Draws) => draw.normal, 0],
    ['exponential', (draw: Draws) => draw.exponential, 1],
    ['log-normal', (draw: Draws) => () => Math.exp(draw.normal()), Math.exp(0.5)],
    ['heavy left tail', (draw: Draws) => () => -Math.exp(draw.normal()), -Math.exp(0.5)],
    ['rare events', (draw: Draws) => () => (draw.uniform() < 0.02 ? 1 : 0), 0.02],
  ])('asymptotic, %s', (name, source, truth) => {
    const cs = asymptoticCS({ tightestAt: name === 'exponential' ? 1000 : 300 });
    const value = source(seeded(2));
    expectRateAtMost(
      times(RUNS, () => loses(cs, value, truth)),
      RUNS,
      0.05,
    );
  });
  it('asymptotic, log-loss differences', () => {
    const draw = seeded(11);
    const value = logLossDifference(draw);
    let truth = 0;
    for (let i = 1; i <= 2_000_000; i++) truth += (value() - truth) / i;
    const cs = asymptoticCS({ tightestAt: 500 });
    expectRateAtMost(
      times(RUNS, () => loses(cs, value, truth)),
      RUNS,
      0.05,
    );
  });
  it.each([0.02, 0.5, 0.9])('empirical Bernstein, rate %d', rate => {
    const draw = seeded(12);
    const cs = empiricalBernsteinCS();
    expectRateAtMost(
      times(250, () => loses(cs, () => (draw.uniform() < rate ? 1 : 0), rate)),
      250,
      0.05,
    );
  });
});

describe('e-processes rarely reach 1/alpha under the null', () => {
  const draw = seeded(21);
  const reaches = (update: (value: number) => number, value: () => number): boolean => {
    for (let look = 0; look < LOOKS; look++) if (update(value()) >= 20) return true;
    return false;
  };
  it.each([
    ['two-sided', 0.1, 0.1],
    ['greater', 0.1, 0.07],
    ['less', 0.1, 0.12],
  ] as const)('binomial, %s, p0 %d, rate %d', (alternative, p0, rate) => {
    const process = binomialEProcess(p0, { alternative });
    const alarms = times(300, () => {
      let state = process.start();
      return reaches(
        value => process.eValue((state = process.update(state, value))),
        () => (draw.uniform() < rate ? 1 : 0),
      );
    });
    expectRateAtMost(alarms, 300, 0.05);
  });
  it.each(['two-sided', 'greater', 'less'] as const)('betting, %s', alternative => {
    const process = bettingEProcess({ mean: 2, lower: 0, upper: 10, alternative });
    const alarms = times(500, () => {
      let state = process.start();
      return reaches(
        value => process.eValue((state = process.update(state, value))),
        () => (draw.uniform() < 0.2 ? 10 : 0),
      );
    });
    expectRateAtMost(alarms, 500, 0.05);
  });
});

describe('they find what is there', () => {
  const draw = seeded(31);
  it.each([
    ['asymptotic', asymptoticCS({ tightestAt: 500 })],
    ['normal mixture', normalMixtureCS({ sigma: 1, tightestAt: 500 })],
    ['empirical Bernstein', empiricalBernsteinCS({ lower: -6, upper: 6 })],
  ] as const)('%s: a mean of ⅓ σ excludes 0 within 1,000 values, and the e-value agrees', (_name, cs) => {
    const sequence = cs as ConfidenceSequence<unknown>;
    let state = sequence.start();
    for (let i = 0; i < 1000; i++)
      state = sequence.update(state, Math.max(-6, Math.min(6, draw.normal() + 0.33)));
    expect(sequence.interval(state)[0]).toBeGreaterThan(0);
    expect(sequence.eValue(state, 0)).toBeGreaterThan(20);
    expect(sequence.eValue(state, sequence.mean(state))).toBeLessThan(1);
  });
  it('binomial: a rate of 30 % against 20 %, in the right direction only', () => {
    const up = binomialEProcess(0.2, { alternative: 'greater' });
    const down = binomialEProcess(0.2, { alternative: 'less' });
    const state = { successes: 300, failures: 700 };
    expect(up.eValue(state)).toBeGreaterThan(1e6);
    expect(down.eValue(state)).toBeLessThan(0.05);
    const [low, high] = up.interval(state);
    expect(low).toBeGreaterThan(0.2);
    expect(high).toBeLessThan(0.4);
    expect(binomialEProcess(low).eValue(state)).toBeCloseTo(20, 3);
  });
  it('betting: a mean above the null makes the gambler rich', () => {
    const process = bettingEProcess({ mean: 0.3, alternative: 'greater' });
    let state = process.start();
    for (let i = 0; i < 500; i++) state = process.update(state, draw.uniform() < 0.45 ? 1 : 0);
    expect(process.eValue(state)).toBeGreaterThan(100);
  });
});

describe('contract of every sequence', () => {
  const family: readonly (readonly [string, ConfidenceSequence<unknown>])[] = [
    ['normal mixture', normalMixtureCS({ sigma: 1, tightestAt: 50 })],
    ['asymptotic', asymptoticCS({ tightestAt: 50 })],
    ['empirical Bernstein', empiricalBernsteinCS({ lower: -1, upper: 1 })],
  ];
  it.each(family)('%s: states survive JSON and are not changed by an update', (_name, cs) => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 60 }), values => {
        let straight = cs.start();
        let parsed = cs.start();
        for (const value of values) {
          const before = JSON.stringify(straight);
          const next = cs.update(straight, value);
          expect(JSON.stringify(straight)).toBe(before);
          straight = next;
          parsed = cs.update(JSON.parse(JSON.stringify(parsed)), value);
        }
        expect(parsed).toEqual(straight);
        expect(cs.interval(parsed)).toEqual(cs.interval(straight));
      }),
    );
  });
  it.each(family)('%s: knows nothing at the start and refuses NaN', (_name, cs) => {
    const [low, high] = cs.interval(cs.start());
    expect(high - low).toBeGreaterThanOrEqual(2);
    expect(cs.mean(cs.start())).toBeNaN();
    expect(cs.eValue(cs.start(), 0)).toBe(1);
    for (const bad of [NaN, Infinity]) expect(() => cs.update(cs.start(), bad)).toThrow(RangeError);
  });
  it('the interval is what the e-value does not reject', () => {
    const draw = seeded(41);
    for (const cs of [asymptoticCS({ tightestAt: 100 }), normalMixtureCS({ sigma: 1, tightestAt: 100 })]) {
      const sequence = cs as ConfidenceSequence<unknown>;
      let state = sequence.start();
      for (let i = 0; i < 400; i++) state = sequence.update(state, draw.exponential());
      for (const edge of sequence.interval(state)) {
        expect(sequence.eValue(state, edge)).toBeCloseTo(20, 6);
      }
    }
  });
  it('asymptotic: silent while all values are equal or the tail has not shown', () => {
    const cs = asymptoticCS({ tightestAt: 50, firstLook: 10 });
    let state = cs.start();
    for (let i = 0; i < 100; i++) state = cs.update(state, 0.5);
    expect(cs.interval(state)).toEqual([-Infinity, Infinity]);
    expect(cs.eValue(state, 3)).toBe(1);
    state = cs.update(state, 40);
    expect(cs.interval(state)).toEqual([-Infinity, Infinity]);
  });
  it('values outside stated bounds and bad options are refused', () => {
    const bounded = empiricalBernsteinCS({ lower: 0, upper: 2 });
    expect(() => bounded.update(bounded.start(), 2.1)).toThrow(/bounds/);
    expect(() => binomialEProcess(0.5).update({ successes: 0, failures: 0 }, 0.5)).toThrow(/0 or 1/);
    expect(() => bettingEProcess({ mean: 1 })).toThrow(RangeError);
    expect(() => binomialEProcess(0)).toThrow(/p0/);
    expect(() => asymptoticCS({ tightestAt: 0 })).toThrow(/tightestAt/);
    expect(() => normalMixtureCS({ sigma: 0, tightestAt: 1 })).toThrow(/sigma/);
    expect(() => asymptoticCS({ alpha: 1, tightestAt: 1 })).toThrow(/alpha/);
  });
  it("Hall's transform is inverted exactly", () => {
    const skew = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: -2, max: 2, noNaN: true }), skew, (u, g) => {
        expect(hallTransform(hallInverse(u, g, 100), g, 100)).toBeCloseTo(u, 5);
      }),
    );
  });
});
