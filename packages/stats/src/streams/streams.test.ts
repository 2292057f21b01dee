import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../test-support/random.js';
import { adwin } from './adwin.js';
import { bernoulliGlr } from './bernoulli-glr.js';
import { conformalDetector } from './conformal-detector.js';
import { ddm } from './ddm.js';
import { eddm } from './eddm.js';
import { fhddm } from './fhddm.js';
import { hddmA, hddmW } from './hddm.js';
import { pageHinkley } from './page-hinkley.js';
import type { StreamDetector } from './stream-detector.js';

/** What the exam may ask of each: its input, and which way it is able to look. */
interface Candidate {
  readonly make: () => StreamDetector;
  readonly takes: 'bits' | 'unit' | 'numbers';
  /** Which way its input must go to raise an alarm. */
  readonly sees: readonly ('rise' | 'fall')[];
  /** Only ranks matter, or only differences in units of the spread. */
  readonly scaleFree?: boolean;
}

const FAMILY: Readonly<Record<string, Candidate>> = {
  adwin: { make: () => adwin(), takes: 'numbers', sees: ['rise', 'fall'] },
  bernoulliGlr: { make: () => bernoulliGlr(), takes: 'bits', sees: ['rise', 'fall'] },
  conformalDetector: {
    make: () => conformalDetector(),
    takes: 'numbers',
    sees: ['rise', 'fall'],
    scaleFree: true,
  },
  ddm: { make: () => ddm(), takes: 'bits', sees: ['rise'] },
  eddm: { make: () => eddm(), takes: 'bits', sees: ['rise'] },
  fhddm: { make: () => fhddm(), takes: 'bits', sees: ['fall'] },
  hddmA: { make: () => hddmA(), takes: 'unit', sees: ['rise'] },
  hddmW: { make: () => hddmW(), takes: 'unit', sees: ['rise'] },
  pageHinkley: { make: () => pageHinkley(), takes: 'numbers', sees: ['rise', 'fall'] },
};

const alarms = (detector: StreamDetector, values: readonly number[]): number[] =>
  values.flatMap((value, i) => (detector.update(value) ? [i] : []));

/** Bits whose rate steps from `before` to `after` half way. */
function step(before: number, after: number, n: number, seed = 3): number[] {
  const { uniform } = seeded(seed);
  return Array.from({ length: n }, (_, i) => (uniform() < (i < n / 2 ? before : after) ? 1 : 0));
}

const outputs = (detector: StreamDetector, values: readonly number[]): string[] =>
  values.map(value => `${detector.update(value)} ${detector.warning}`);

describe.each(Object.entries(FAMILY))('%s', (_name, { make, takes, sees, scaleFree }) => {
  it('alarms soon after a change it is made for', () => {
    for (const way of sees) {
      const found = alarms(make(), way === 'rise' ? step(0.1, 0.9, 6000) : step(0.9, 0.1, 6000));
      expect(found.some(at => at >= 3000 && at < 3700)).toBe(true);
    }
  });

  it('says nothing on a constant stream', () => {
    for (const constant of [0, 1])
      expect(alarms(make(), new Array<number>(20_000).fill(constant))).toEqual([]);
  });

  it('continues from its state, through JSON, as if it had never stopped', () => {
    const values = step(0.2, 0.6, 5000, 5);
    const whole = outputs(make(), values);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: values.length }), stop => {
        const first = make();
        const head = outputs(first, values.slice(0, stop));
        const second = make();
        second.restore(JSON.parse(JSON.stringify(first.state())) as ReturnType<StreamDetector['state']>);
        expect([...head, ...outputs(second, values.slice(stop))]).toEqual(whole);
      }),
      { numRuns: 12 },
    );
  });

  it('gives a state that later updates leave alone', () => {
    const detector = make();
    for (const value of step(0.3, 0.3, 700)) detector.update(value);
    const state = detector.state();
    const then = JSON.stringify(state);
    for (const value of step(0.3, 0.9, 700)) detector.update(value);
    expect(JSON.stringify(state)).toBe(then);
  });

  it('is new after a reset', () => {
    const detector = make();
    for (const value of step(0.2, 0.9, 3000)) detector.update(value);
    detector.reset();
    expect(detector.state()).toEqual(make().state());
    const values = step(0.3, 0.7, 4000, 9);
    expect(outputs(detector, values)).toEqual(outputs(make(), values));
  });

  it('passes over NaN', () => {
    const values = step(0.2, 0.8, 4000);
    const holed = values.flatMap((value, i) => (i % 3 === 0 ? [NaN, value] : [value]));
    const detector = make();
    const seen = holed.flatMap(value => {
      const alarm = detector.update(value);
      if (Number.isNaN(value)) expect(alarm).toBe(false);
      return Number.isNaN(value) ? [] : [`${alarm} ${detector.warning}`];
    });
    expect(seen).toEqual(outputs(make(), values));
  });

  it('refuses what it cannot take, and a foreign state, and stays as it was', () => {
    const detector = make();
    for (const value of step(0.4, 0.4, 100)) detector.update(value);
    const before = detector.state();
    const number = Object.keys(before).find(field => typeof before[field] === 'number');
    expect(() => detector.update(Infinity)).toThrow(RangeError);
    if (takes !== 'numbers') expect(() => detector.update(1.5)).toThrow(RangeError);
    if (takes === 'bits') expect(() => detector.update(0.5)).toThrow('0 or 1');
    expect(() => {
      detector.restore({ n: 3 });
    }).toThrow(RangeError);
    expect(() => {
      detector.restore({ ...before, [number!]: null } as unknown as ReturnType<StreamDetector['state']>);
    }).toThrow(`${number} does not fit`);
    expect(detector.state()).toEqual(before);
  });

  it('holds its memory bounded over a million values', () => {
    const detector = make();
    const { uniform } = seeded(11);
    const size = (): number => JSON.stringify(detector.state()).length;
    for (let i = 0; i < 50_000; i++) detector.update(uniform() < 0.3 ? 1 : 0);
    const early = size();
    for (let i = 0; i < 950_000; i++) detector.update(uniform() < 0.3 ? 1 : 0);
    expect(size()).toBeLessThan(2 * early + 2000);
    expect(size()).toBeLessThan(8000);
  });

  if (takes === 'numbers' && scaleFree === true)
    it('is blind to scale and origin', () => {
      const { normal } = seeded(4);
      const values = Array.from({ length: 4000 }, (_, i) => normal() + (i < 2500 ? 0 : 1));
      const found = alarms(make(), values);
      expect(found).toHaveLength(1);
      for (const move of [(x: number) => 1e9 * x, (x: number) => x / 8 - 3, Math.exp])
        expect(alarms(make(), values.map(move))).toEqual(found);
    });
});

describe('options', () => {
  it('are checked by name', () => {
    expect(() => adwin({ delta: 0 })).toThrow('delta');
    expect(() => adwin({ clock: 0.5 })).toThrow('clock');
    expect(() => pageHinkley({ alpha: 1.1 })).toThrow('alpha');
    expect(() => ddm({ driftAt: -1 })).toThrow('driftAt');
    expect(() => eddm({ driftBelow: 0.99, warnBelow: 0.9 })).toThrow('driftBelow');
    expect(() => fhddm({ window: 0 })).toThrow('window');
    expect(() => hddmA({ drift: 1 })).toThrow('drift');
    expect(() => hddmW({ lambda: 0 })).toThrow('lambda');
    expect(() => bernoulliGlr({ shortest: 600, longest: 500 })).toThrow('longest');
    expect(() => conformalDetector({ averageRunLength: 1 })).toThrow('averageRunLength');
  });
});
