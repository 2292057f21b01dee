import { formatCount, formatFigure, type Row, TwinloopError, type Verdict } from '@twinloop/kernel';
import type { ClassAnswer, GateContext } from './gate-context.js';
import type { DirectionTest, KnownTest, PredictionTest } from './prediction-test.js';

type Asking = Pick<GateContext, 'predict' | 'predictClasses'>;

interface Asked {
  readonly before: number;
  /** The score after the change; absent for known cases. */
  readonly after?: number;
}

/** What is wrong with the answers, or undefined. */
function complaint(test: PredictionTest, { before, after = Number.NaN }: Asked): string | undefined {
  switch (test.kind) {
    case 'known': {
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = test.expect;
      if (before >= min && before <= max) return undefined;
      return `answers ${formatFigure(before)}, ${formatFigure(min)} to ${formatFigure(max)} is expected`;
    }
    case 'invariance': {
      const moved = Math.abs(after - before);
      if (moved <= test.tolerance) return undefined;
      return `moves by ${formatFigure(moved)} (${formatFigure(before)} to ${formatFigure(after)}), ${formatFigure(test.tolerance)} is tolerated`;
    }
    case 'direction': {
      const against = test.expect === 'up' ? before - after : after - before;
      if (against <= test.tolerance) return undefined;
      const way = test.expect === 'up' ? 'falls' : 'rises';
      return `${way} by ${formatFigure(against)} (${formatFigure(before)} to ${formatFigure(after)}), ${formatFigure(test.tolerance)} is tolerated`;
    }
  }
}

const rowsOf = (test: PredictionTest): readonly Row[] =>
  test.kind === 'known' ? [test.inputs] : [test.inputs, { ...test.inputs, ...test.change }];

/** What is wrong with the answers of a model of several classes, or undefined. */
function classComplaint(test: PredictionTest, [before, after]: readonly ClassAnswer[]): string | undefined {
  const [likeliest, top] = [...before!].reduce((best, one) => (one[1] > best[1] ? one : best));
  switch (test.kind) {
    case 'known': {
      const { class: wanted = likeliest, ...bounds } = test.expect;
      if (wanted !== likeliest) return `answers ${likeliest} (${formatFigure(top)}), ${wanted} is expected`;
      return complaint({ ...test, expect: bounds }, { before: top });
    }
    case 'invariance': {
      const moved = [...before!].map(([name, p]) => ({ name, p, by: Math.abs(p - (after!.get(name) ?? 0)) }));
      const most = moved.reduce((best, one) => (one.by > best.by ? one : best));
      return complaint(test, { before: most.p, after: after!.get(most.name) ?? 0 });
    }
    case 'direction': {
      const { class: name } = test;
      const [was, is] = [before!.get(name ?? ''), after!.get(name ?? '')];
      if (was !== undefined && is !== undefined) return complaint(test, { before: was, after: is });
      const known = [...before!.keys()].join(', ');
      return name === undefined
        ? `names no class; known are ${known}`
        : `is about ${name}; known are ${known}`;
    }
  }
}

function run(test: PredictionTest, ask: Asking): string | undefined {
  const rows = rowsOf(test);
  try {
    if (ask.predictClasses !== undefined) return classComplaint(test, ask.predictClasses(rows));
    if (test.kind !== 'invariance' && wantsClass(test))
      return 'asks for a class, and the model gives one score';
    const scores = ask.predict(rows);
    return complaint(test, { before: scores[0]!, ...(rows.length === 1 ? {} : { after: scores[1]! }) });
  } catch (error) {
    // A row that the model cannot read is the test's finding; anything else is not ours to explain.
    if (!(error instanceof TwinloopError)) throw error;
    return `cannot be asked: ${error.message}`;
  }
}

const wantsClass = (test: KnownTest | DirectionTest): boolean =>
  (test.kind === 'known' ? test.expect.class : test.class) !== undefined;

/** All tests are run, and the first complaints told: people repair a file, not a line. */
export function predictionsGate(file: string, tests: readonly PredictionTest[], ask: Asking): Verdict {
  const complaints = tests.flatMap(test => {
    const found = run(test, ask);
    return found === undefined ? [] : [`"${test.name}" ${found}`];
  });
  const total = formatCount(tests.length);
  const told = complaints.slice(0, 3).join('; ');
  const more = complaints.length > 3 ? `; and ${formatCount(complaints.length - 3)} more` : '';
  return {
    gate: 'predictions',
    status: complaints.length === 0 ? 'pass' : 'fail',
    reason:
      complaints.length === 0
        ? `${total} prediction tests of ${file} hold`
        : `${formatCount(complaints.length)} of ${total} prediction tests of ${file} do not hold: ${told}${more}`,
    evidence: [
      {
        statistic: 'prediction tests failed',
        value: complaints.length,
        n: tests.length,
        threshold: 0,
        method: `known inputs, invariance and direction tests of ${file}`,
      },
    ],
  };
}
