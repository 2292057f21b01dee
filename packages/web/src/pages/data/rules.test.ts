import type { ExpectationHistoryView, ExpectationResultView, ExpectationRuleView } from '@twinloop/client';
import { expect, test } from 'vitest';
import {
  historyAnswer,
  openYaml,
  resultWords,
  rulesInOrder,
  shareWords,
  standingOf,
  versionWords,
} from './rules.js';

const version = (n: number, quarantined = 0): ExpectationHistoryView['versions'][number] => ({
  version: `${n}`.repeat(64),
  createdAt: Date.UTC(2024, n, 3, 12),
  rows: 990,
  status: 'accepted',
  quarantined,
});
const holds: ExpectationResultView = { passed: true, count: 0, rows: 1000, observed: null, message: null };
const breaks: ExpectationResultView = {
  passed: false,
  count: 10,
  rows: 1000,
  observed: 0.01,
  message: '10 rows have no temp',
};
const rule = (text: string, over: Partial<ExpectationRuleView>): ExpectationRuleView => ({
  rule: 'nulls',
  subject: 'temp',
  text,
  where: null,
  severity: 'error',
  quarantines: false,
  current: true,
  results: [],
  ...over,
});
const view = (rules: readonly ExpectationRuleView[], apart = 0): ExpectationHistoryView => ({
  dataset: 'flights',
  versions: [version(1), version(2, apart)],
  rules,
});

test('a rule that was not checked neither held nor broke; a warning is not a refusal', () => {
  const of = rule('r', { results: [null, breaks] });
  expect([standingOf(of, 0), standingOf(of, 1)]).toEqual(['unchecked', 'failed']);
  expect(standingOf({ ...of, severity: 'warning' }, 1)).toBe('warned');
  expect(standingOf(rule('r', { results: [holds] }), 0)).toBe('passed');
});

test('a cell says its counts, what was observed, and what became of the rows', () => {
  const of = view([rule('{ rule: nulls, column: temp }', { quarantines: true, results: [null, breaks] })]);
  expect(resultWords(of, 0, 1)).toBe(
    '{ rule: nulls, column: temp }, version 222222222222 of 3 Mar 2024: broken, 10 of 1,000 rows, observed 0.0100; those rows are kept apart. 10 rows have no temp',
  );
  expect(resultWords(of, 0, 0)).toMatch(/not checked\.$/);
  expect(resultWords(view([rule('r', { results: [holds, holds] })]), 0, 0)).toContain(
    'holds over 1,000 rows.',
  );
});

test('the share kept apart is of the rows that came, not of those that went on', () => {
  expect(versionWords(version(1, 10))).toBe(
    '111111111111 of 3 Feb 2024, accepted: 990 rows, 10 kept apart (1.0 %)',
  );
  expect(versionWords(version(1))).toContain('none kept apart');
  expect([shareWords(0), shareWords(0.0002), shareWords(0.2)]).toEqual(['0.0 %', '< 0.1 %', '20.0 %']);
});

test('the answer is about the newest version and the rules that are still declared', () => {
  const old = rule('old', { current: false, results: [breaks, breaks] });
  expect(historyAnswer(view([rule('r', { results: [breaks, holds] }), old], 10))).toBe(
    'The newest version keeps the one rule. 1 of 2 versions had rows kept apart.',
  );
  expect(historyAnswer(view([rule('r', { results: [holds, breaks] })]))).toBe(
    'The newest version breaks 1 of 1 rule: 10 rows have no temp. No row of 2 versions was kept apart.',
  );
  expect(historyAnswer(view([rule('r', { results: [holds, null] })]))).toContain(
    'None of 1 declared rule was checked on the newest version.',
  );
  expect(
    historyAnswer(view([rule('a', { results: [null, holds] }), rule('b', { results: [null, null] })])),
  ).toContain('keeps the one rule checked, of 2 declared');
  expect(historyAnswer(view([]))).toContain('No rule is declared.');
  expect(historyAnswer({ dataset: 'x', versions: [], rules: [] })).toBe(
    'No version has been registered yet.',
  );
});

test('declared rules come first, and of them those that were broken most often', () => {
  const order = rulesInOrder(
    view([
      rule('gone', { current: false, results: [breaks, breaks] }),
      rule('calm', { results: [holds, holds] }),
      rule('often', { results: [breaks, holds] }),
    ]),
  );
  expect(order.rules.map(({ text }) => text)).toEqual(['often', 'calm', 'gone']);
});

test('only what is not declared yet is copied', () => {
  const suggestions = {
    yaml: 'expectations:\n  flights:\n    - { rule: rows, min: 200 } # few\n    - { rule: unique, columns: [id] } # all\n',
    rules: [
      { text: '{ rule: rows, min: 200 }', why: '', declared: false },
      { text: '{ rule: unique, columns: [id] }', why: '', declared: true },
    ],
  };
  expect(openYaml(suggestions)).toBe('expectations:\n  flights:\n    - { rule: rows, min: 200 }\n');
  expect(openYaml({ ...suggestions, rules: suggestions.rules.slice(1) })).toBe('');
});
