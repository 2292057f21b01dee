import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decision } from './decision.fixture.js';
import { countUntil, lastUntil, mergeDecisions, touchedBy } from './decisions.js';

const list = (...seqs: number[]) => seqs.map(seq => decision(seq, 'WindowObserved'));
const seqs = (decisions: readonly { seq: number }[]) => decisions.map(d => d.seq);

describe('mergeDecisions', () => {
  test('what is newer is appended; what is known already changes nothing, not even the list', () => {
    const known = list(1, 2, 3);
    expect(seqs(mergeDecisions(known, list(4, 5)))).toEqual([1, 2, 3, 4, 5]);
    expect(mergeDecisions(known, list(2, 3))).toBe(known);
    expect(mergeDecisions(known, [])).toBe(known);
  });

  test('a gap that is filled later is put in its place', () => {
    expect(seqs(mergeDecisions(list(1, 4), list(3, 2, 5)))).toEqual([1, 2, 3, 4, 5]);
  });

  test('however a ledger arrives, it ends complete and in order', () => {
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 40 })), { maxLength: 8 }), parts => {
        const merged = parts.reduce<ReturnType<typeof list> | readonly ReturnType<typeof decision>[]>(
          (known, part) => mergeDecisions(known, list(...part)),
          [],
        );
        expect(seqs(merged)).toEqual([...new Set(parts.flat())].sort((a, b) => a - b));
      }),
    );
  });
});

test('bisection finds the same place as counting', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 99 })),
      fc.integer({ min: 0, max: 100 }),
      (numbers, seq) => {
        const decisions = list(...numbers.sort((a, b) => a - b));
        expect(countUntil(decisions, seq)).toBe(decisions.filter(d => d.seq <= seq).length);
        expect(lastUntil(decisions, seq * 1000)?.seq).toBe(decisions.findLast(d => d.seq <= seq)?.seq);
      },
    ),
  );
});

test('a fact makes only the pages ask again that show it', () => {
  expect(touchedBy('RolloutObserved')).toEqual(['endpoint']);
  expect(touchedBy('StepFinished')).toEqual(['runs', 'run']);
  expect(touchedBy('ModelPromoted')).toContain('models');
  expect(touchedBy('WindowObserved')).toContain('quality');
  expect(touchedBy('AlarmRaised')).toEqual(['monitors']);
  expect(touchedBy('PredictionTestAdded')).toEqual(['edge-cases']);
  expect(touchedBy('KeyCreated')).toEqual([]);
});
