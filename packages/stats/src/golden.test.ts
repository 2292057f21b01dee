import { describe, expect, it } from 'vitest';
import { goldenCases, mismatches } from '../test-support/golden.js';
import * as stats from './index.js';

type Answer = (api: typeof stats, kind: string, input: object) => Record<string, unknown>;

// Plain JavaScript without types: the exam runs on the built package, too.
const { answer } = (await import(new URL('../exam/answer.mjs', import.meta.url).href)) as { answer: Answer };

const cases = goldenCases();

describe('golden cases of the reference libraries', () => {
  it('are 381 of 35 kinds', () => {
    expect(cases).toHaveLength(381);
    expect(new Set(cases.map(each => each.kind)).size).toBe(35);
  });

  it.each(cases.map(each => [each.kind, each.name, each] as const))('%s: %s', (_kind, _name, each) => {
    expect(mismatches(each, answer(stats, each.kind, each.input))).toEqual([]);
  });
});
