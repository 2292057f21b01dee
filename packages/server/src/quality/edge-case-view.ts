import type { EdgeCasesView, EdgeCaseView, EdgeTestView } from '@twinloop/client';
import { type Interval, rowAt, takeRows } from '@twinloop/kernel';
import type { InputProfile } from '@twinloop/loop/monitoring';
import { findEdgeCases } from '@twinloop/loop/monitoring';
import type { Answers } from './read-answers.js';

/** So many are listed, strangest first. */
const LISTED = 100;

/** A request before anything is made of it. */
export type EdgeCase = Omit<EdgeCaseView, 'test' | 'tested'>;

export interface EdgeCaseParts {
  readonly endpoint: string;
  readonly window: Interval;
  readonly limit: number;
  readonly profile: InputProfile;
  readonly answers: Answers;
  readonly tests: readonly EdgeTestView[];
  /** The prediction test that an edge case would become, as YAML. */
  readonly testOf: (edge: EdgeCase) => string;
}

/** Requests of the window that are unlike training, with the reason in words. */
export function edgeCasesView(parts: EdgeCaseParts): EdgeCasesView {
  const { endpoint, window, limit, profile, answers, tests, testOf } = parts;
  const { cases, kinds } = findEdgeCases(profile, answers.inputs, limit);
  const tested = new Set(tests.map(({ prediction }) => prediction));
  const listed = cases.slice(0, LISTED);
  const inputs = takeRows(
    answers.inputs,
    listed.map(({ row }) => row),
  );
  return {
    endpoint,
    ...window,
    requests: answers.rows,
    expected: 1 - limit,
    limit,
    outside: cases.length,
    kinds,
    cases: listed.map(({ row, strangeness, reasons }, i): EdgeCaseView => {
      const label = answers.outcome[row]!;
      const edge = {
        id: answers.ids[row]!,
        at: answers.at[row]!,
        strangeness,
        reasons,
        inputs: rowAt(inputs, i),
        score: answers.score[row]!,
        label: Number.isNaN(label) ? null : label,
      };
      return { ...edge, test: testOf(edge), tested: tested.has(edge.id) };
    }),
    tests,
  };
}
