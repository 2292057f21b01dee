import { expect, it } from 'vitest';
import { addBlock, clipOf, harmful, harmOf, NO_HARM } from './harm-test.js';

const ROWS = 8;
/** Blocks of eight requests on which the promoted model is off by twice as much as the previous one, in some unit. */
function eValueAfter(blocks: number, unit: number, previousLoss: number | null): number {
  const clip = clipOf('squared_error', 1, previousLoss);
  const harm = harmOf('squared_error', clip);
  let evidence = NO_HARM;
  for (let index = 0; index < blocks; index++) {
    const one = harm(0, 10 * unit, 20 * unit);
    evidence = addBlock(
      evidence,
      { index, n: ROWS, harm: ROWS * one } as Parameters<typeof addBlock>[1],
      clip,
    );
  }
  return evidence.peak;
}

it('a loss with a unit is clipped at a share of what the previous model lost, so that the unit does not matter', () => {
  const minutes = eValueAfter(12, 1, 100);
  expect(eValueAfter(12, 60, 100 * 3600)).toBeCloseTo(minutes, 6);
  expect(harmful({ ...NO_HARM, peak: minutes }, 0.05)).toBe(true);
  expect(clipOf('log_loss', 1, 0.4)).toBe(1);
});

it('says nothing where the previous loss is not known', () => {
  expect(eValueAfter(50, 1, null)).toBe(1);
});
