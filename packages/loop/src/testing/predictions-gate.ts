import { formatCount, formatFigure, type Row, TwinloopError, type Verdict } from '@twinloop/kernel';
import type { PredictionTest } from './prediction-test.js';

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

function run(test: PredictionTest, predict: (rows: readonly Row[]) => Float64Array): string | undefined {
  const rows: readonly Row[] =
    test.kind === 'known' ? [test.inputs] : [test.inputs, { ...test.inputs, ...test.change }];
  let scores: Float64Array;
  try {
    scores = predict(rows);
  } catch (error) {
    // A row that the model cannot read is the test's finding; anything else is not ours to explain.
    if (!(error instanceof TwinloopError)) throw error;
    return `cannot be asked: ${error.message}`;
  }
  return complaint(test, { before: scores[0]!, ...(rows.length === 1 ? {} : { after: scores[1]! }) });
}

/** All tests are run, and the first complaints told: people repair a file, not a line. */
export function predictionsGate(
  file: string,
  tests: readonly PredictionTest[],
  predict: (rows: readonly Row[]) => Float64Array,
): Verdict {
  const complaints = tests.flatMap(test => {
    const found = run(test, predict);
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
