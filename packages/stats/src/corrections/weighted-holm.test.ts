import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm } from './p-adjust.js';
import { weightedHolm } from './weighted-holm.js';

describe('weightedHolm', () => {
  const ps = fc.array(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(NaN)), {
    maxLength: 20,
  });
  it('with equal weights is Holm', () => {
    fc.assert(
      fc.property(ps, p => {
        const weighted = weightedHolm(p, new Float64Array(p.length).fill(0.3));
        holm(p).forEach((value, i) => {
          if (Number.isNaN(value)) expect(weighted[i]).toBeNaN();
          else expect(weighted[i]).toBeCloseTo(value, 9);
        });
      }),
    );
  });
  it('gives a heavy hypothesis more of the error rate, a weightless one none', () => {
    const [heavy, light, none] = weightedHolm([0.01, 0.01, 0], [3, 1, 0]);
    expect(heavy).toBeCloseTo(0.04 / 3, 12);
    // The heavy one is rejected first and leaves all of the rate to the light one.
    expect(light).toBeCloseTo(0.04 / 3, 12);
    expect(none).toBe(1);
  });
  it('refuses nonsense', () => {
    expect(() => weightedHolm([0.1], [-1])).toThrow(/weights/);
    expect(() => weightedHolm([1.2], [1])).toThrow(/\[0, 1\]/);
    expect(() => weightedHolm([0.1, 0.2], [1])).toThrow(/paired/);
  });
});
