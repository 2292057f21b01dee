import { figure } from '../format.js';
import type { DriftFinding } from './finding.js';

/** Why the window departs: one subject's part in it. */
export interface DriftCause {
  readonly subject: string;
  /** Share of all importance-weighted effects of the window's signals. */
  readonly weight: number;
  readonly expectedLoss: { readonly metric: string; readonly value: number } | null;
  readonly sentence: string;
}

export interface ExpectedLoss {
  readonly metric: string;
  /** By column; absent where it cannot be said. */
  readonly change: Readonly<Record<string, number>>;
}

/** Below that nobody would read the figure. */
const SMALLEST = 0.0005;

/** The window's signals as causes, heaviest first: severity is effect times importance, and its share is the weight. */
export function driftCauses(
  report: readonly DriftFinding[],
  expected: ExpectedLoss | null,
): readonly DriftCause[] {
  const causes = report.flatMap(finding =>
    finding.signal === null ? [] : [{ finding, signal: finding.signal }],
  );
  const total = causes.reduce((sum, { signal }) => sum + signal.severity, 0);
  return causes
    .sort((a, b) => b.signal.severity - a.signal.severity || (a.finding.subject < b.finding.subject ? -1 : 1))
    .map(({ finding: { subject, column, sentence }, signal }): DriftCause => {
      const change =
        expected === null || column === null || subject !== column ? undefined : expected.change[column];
      return {
        subject,
        weight: signal.severity / total,
        expectedLoss:
          change === undefined || !Number.isFinite(change)
            ? null
            : { metric: expected!.metric, value: change },
        sentence,
      };
    });
}

/** `; expected log loss 0.03 higher`: what the sentence of a signal says of its consequence; empty when it is too small to say. */
export function lossWords(column: string, expected: ExpectedLoss | null): string {
  const change = expected?.change[column];
  if (change === undefined || !(Math.abs(change) >= SMALLEST)) return '';
  const size = Math.abs(change) < 0.1 ? Math.abs(change).toFixed(3) : figure(Math.abs(change));
  return `; expected ${expected!.metric.replaceAll('_', ' ')} ${size} ${change > 0 ? 'higher' : 'lower'}`;
}
