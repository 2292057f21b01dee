import type { EdgeCasesView, EdgeCaseView } from '@twinloop/client';
import { expect, test } from 'vitest';
import {
  answerOf,
  kindKey,
  moreThanChance,
  removeCommands,
  scalar,
  strangenessWords,
  testCommands,
  withReason,
} from './answer.js';

const view = (over: Partial<EdgeCasesView>): EdgeCasesView => ({
  endpoint: 'late',
  from: 0,
  until: 14 * 86_400_000,
  requests: 2104,
  expected: 0.01,
  limit: 0.99,
  outside: 37,
  kinds: [],
  cases: [],
  tests: [],
  ...over,
});

test('the answer says how many are strange, and how many chance alone would make so', () => {
  expect(answerOf(view({ outside: 30 }))).toBe(
    '30 of 2,104 requests of the last 14 days are unlike training; about 21 were to be expected as strange by chance.',
  );
  expect(answerOf(view({}))).toContain('37 of 2,104');
  expect(answerOf(view({}))).toContain('by chance; the excess is more than chance explains.');
  expect(answerOf(view({ outside: 1, requests: 100 }))).toBe(
    '1 of 100 requests of the last 14 days is unlike training; about 1 was to be expected as strange by chance.',
  );
  expect(answerOf(view({ outside: 0, requests: 52, until: 36 * 3_600_000 }))).toBe(
    'None of 52 requests of the last 1 d 12 h is unlike training, where chance alone would make about 0.52.',
  );
  expect(answerOf(view({ requests: 0, outside: 0 }))).toBe('No request has come in the last 14 days.');
});

test('more than chance: three deviations of a Poisson count, and one strange request among few is none', () => {
  expect(moreThanChance(34, 21)).toBe(false);
  expect(moreThanChance(36, 21)).toBe(true);
  expect(moreThanChance(1, 0.1)).toBe(false);
  expect(moreThanChance(5, 0.1)).toBe(true);
});

test('strangeness never claims that a request is stranger than all when it is not', () => {
  expect(strangenessWords(0.991)).toBe('99.10 %');
  expect(strangenessWords(0.99996)).toBe('99.996 %');
  expect(strangenessWords(0.9999999)).toBe('> 99.999 %');
  expect(strangenessWords(1)).toBe('all');
});

test('a reason chooses its cases', () => {
  const edge = (id: string, kind: 'missing' | 'out-of-range', column: string | null): EdgeCaseView => ({
    id,
    at: 0,
    strangeness: 0.99,
    reasons: [{ kind, column, text: '' }],
    inputs: {},
    score: 0.2,
    label: null,
    test: '',
    tested: false,
  });
  const cases = [edge('a', 'missing', 'temp'), edge('b', 'out-of-range', 'temp'), edge('c', 'missing', null)];
  expect(kindKey({ kind: 'missing', column: 'temp' })).toBe('missing:temp');
  expect(withReason(cases, 'missing:temp').map(({ id }) => id)).toEqual(['a']);
  expect(withReason(cases, 'missing').map(({ id }) => id)).toEqual(['c']);
  expect(withReason(cases, undefined)).toHaveLength(3);
});

test('commands survive ids and names that a shell would read', () => {
  const add = testCommands({ project: 'p', endpoint: 'late', id: 'UA 15', url: 'http://h/x' });
  expect(add.cli).toBe("twinloop test add 'UA 15' --endpoint late --project p");
  expect(add.api).toContain('curl -X POST http://h/x');
  expect(removeCommands({ project: 'p', endpoint: 'late', name: "it's", url: 'http://h/x' }).cli).toBe(
    "twinloop test remove 'it'\\''s' --endpoint late --project p",
  );
});

test('a value that is not there says so', () => {
  expect([scalar(null), scalar(1234.5), scalar('EWR'), scalar(true)]).toEqual([
    'missing',
    '1,235',
    'EWR',
    'true',
  ]);
});
