import { expect, test } from 'vitest';
import { decision } from './decision.fixture.js';
import { typeInWords } from './kinds.js';
import { evidenceIn, numberOf, seqOf, textOf } from './payload.js';

const evidence = { statistic: 'AUC', value: 0.74, n: 1102, method: 'DeLong' };

test('evidence is found at any depth, in order', () => {
  const found = evidenceIn({
    verdict: { evidence: [evidence, { ...evidence, statistic: 'Brier' }] },
    other: [1, 'x', null],
  });
  expect(found.map(e => e.statistic)).toEqual(['AUC', 'Brier']);
});

test('evidence without a finite value (null on the wire) is kept, and says so', () => {
  expect(evidenceIn({ ...evidence, value: null })[0]!.value).toBeNaN();
});

test('members of another type are not taken for what they are not', () => {
  const d = decision(1, 'AlarmRaised', { kind: 3, n: '4' });
  expect([textOf(d, 'kind'), numberOf(d, 'n'), textOf(d, 'missing')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('a causation id names a sequence number', () => {
  expect([seqOf('flight-delays/42'), seqOf(null), seqOf('x'), seqOf('a/0')]).toEqual([
    42,
    undefined,
    undefined,
    undefined,
  ]);
});

test('types are read as words', () => {
  expect(typeInWords('DatasetVersionRegistered')).toBe('dataset version registered');
});
