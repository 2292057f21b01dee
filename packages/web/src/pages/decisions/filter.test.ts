import { describe, expect, test } from 'vitest';
import { decision } from '../../live/decision.fixture.js';
import { seqOf } from '../../live/payload.js';
import { columnsIn, columnsText } from './columns.js';
import { toCsv, toMarkdown } from './export.js';
import { causes, filtered, kindsIn, kindsText } from './filter.js';

const LEDGER = [
  decision(1, 'AlarmRaised', {}, { sentence: 'temp moved', correlation: 'alarm-1' }),
  decision(2, 'AnswerDecided', {}, { sentence: 'retraining', correlation: 'alarm-1', causation: 'p/1' }),
  decision(
    3,
    'ModelPromoted',
    {},
    { sentence: 'late@b promoted', causation: 'p/2', hash: `beef00${'0'.repeat(58)}` },
  ),
];
const seqs = (found: readonly { seq: number }[]) => found.map(d => d.seq);

describe('filtered', () => {
  test('newest first; every word must occur somewhere', () => {
    expect(seqs(filtered(LEDGER, undefined, new Set()))).toEqual([3, 2, 1]);
    expect(seqs(filtered(LEDGER, 'ALARM-1 retrain', new Set()))).toEqual([2]);
    expect(seqs(filtered(LEDGER, 'temp promoted', new Set()))).toEqual([]);
  });
  test('a number with # is that decision alone, six characters of a hash find it', () => {
    expect(seqs(filtered(LEDGER, '#1', new Set()))).toEqual([1]);
    expect(seqs(filtered(LEDGER, 'beef00', new Set()))).toEqual([3]);
    expect(seqs(filtered(LEDGER, 'beef', new Set()))).toEqual([]);
  });
  test('kinds narrow it; the address holds them', () => {
    expect(seqs(filtered(LEDGER, undefined, kindsIn('alarm.promotion.nonsense')))).toEqual([3, 1]);
    expect(kindsText(kindsIn('promotion.alarm'))).toBe('alarm.promotion');
    expect(kindsText(new Set())).toBeUndefined();
  });
});

test('causes lead back to the first; a loop in damaged data ends', () => {
  const bySeq = (list: typeof LEDGER) => (seq: number) => list.find(d => d.seq === seq);
  expect(seqs(causes(LEDGER[2]!, bySeq(LEDGER), seqOf))).toEqual([2, 1]);
  const loop = [
    decision(1, 'AlarmRaised', {}, { causation: 'p/2' }),
    decision(2, 'AlarmRaised', {}, { causation: 'p/1' }),
  ];
  expect(seqs(causes(loop[1]!, bySeq(loop), seqOf))).toEqual([1]);
});

test('columns are kept in the address, in their own order, and the sentence stays', () => {
  expect(columnsIn('hash.time')).toEqual(['time', 'sentence', 'hash']);
  expect(columnsIn('nothing')).toEqual(['sentence']);
  expect(columnsText(columnsIn(undefined))).toBeUndefined();
  expect(columnsText(['time', 'sentence'])).toBe('time.sentence');
});

describe('export', () => {
  const odd = [decision(1, 'AlarmRaised', {}, { sentence: 'a "b", c | d\nnext' })];
  test('CSV quotes what needs it', () => {
    const [head, row] = toCsv(odd).split('\r\n');
    expect(head).toBe('seq,time (UTC),type,actor,sentence,episode,hash');
    expect(row).toContain('1,1970-01-01T00:00:01.000Z,AlarmRaised,policy,"a ""b"", c | d\nnext",,');
  });
  test('Markdown keeps a cell in its cell', () => {
    const lines = toMarkdown(odd).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[2]).toContain('| a "b", c \\| d next |');
  });
});
