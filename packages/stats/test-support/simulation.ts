import { expect } from 'vitest';
import { clopperPearson } from '../src/index.js';

/** Fails when the observed count is too large to come from a rate ≤ nominal (exact binomial, one in a thousand). */
export function expectRateAtMost(count: number, runs: number, nominal: number): void {
  expect(clopperPearson(count, runs, 0.998)[0]).toBeLessThanOrEqual(nominal);
}

/** Fails when the observed count is too small to come from a rate ≥ nominal. */
export function expectRateAtLeast(count: number, runs: number, nominal: number): void {
  expect(clopperPearson(count, runs, 0.998)[1]).toBeGreaterThanOrEqual(nominal);
}

/** How many of `runs` repetitions hold. */
export function times(runs: number, holds: () => boolean): number {
  let count = 0;
  for (let run = 0; run < runs; run++) if (holds()) count++;
  return count;
}
