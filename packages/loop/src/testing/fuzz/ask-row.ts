import { formatFigure, parseDuration, type Row, type Task, TwinloopError } from '@twinloop/kernel';
import type { GateContext, Served } from '../gate-context.js';

/** What became of one row. */
export type Asked =
  | { readonly kind: 'answered'; readonly answers: Float64Array }
  /** A typed error about the input: the client is told what is wrong with it. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'wrong'; readonly complaint: string };

/** Probabilities of a row may miss 1 by so much. */
const SUM = 1e-6;

/** What is wrong with the answers of a row, or undefined. */
export function complaintAbout(answers: Float64Array, task: Task): string | undefined {
  const odd = answers.find(value => !Number.isFinite(value));
  if (odd !== undefined) return `answers ${Number.isNaN(odd) ? 'NaN' : formatFigure(odd)}`;
  if (task === 'regression') return undefined;
  const outside = answers.find(value => value < 0 || value > 1);
  if (outside !== undefined) return `answers ${formatFigure(outside)}, which is no probability`;
  if (task === 'binary') return undefined;
  const sum = answers.reduce((all, value) => all + value, 0);
  return Math.abs(sum - 1) <= SUM ? undefined : `answers probabilities whose sum is ${formatFigure(sum)}`;
}

/** Tries at a row before it is called slow: the first may have met a pause of the process. */
const TRIES = 3;

/** Asks row after row as a client would, and says what is wrong with how it went. */
export function asker(
  served: Served,
  { task, monotonic }: Pick<GateContext, 'task' | 'monotonic'>,
  within: string,
): (row: Row) => Promise<Asked> {
  const limit = parseDuration(within);
  const now = monotonic ?? (() => 0);
  return async row => {
    for (let tries = TRIES; ; tries--) {
      const started = now();
      let asked: Asked;
      try {
        const answered = served.one(row);
        const answers = answered instanceof Float64Array ? answered : await answered;
        const complaint = complaintAbout(answers, task);
        // A model may hand out one buffer again and again.
        asked =
          complaint === undefined
            ? { kind: 'answered', answers: answers.slice() }
            : { kind: 'wrong', complaint };
      } catch (error) {
        asked =
          error instanceof TwinloopError && error.status < 500
            ? { kind: 'refused', reason: error.message }
            : {
                kind: 'wrong',
                complaint: `fails: ${error instanceof Error ? error.message : String(error)}`,
              };
      }
      if (now() - started <= limit) return asked;
      if (tries === 1) return { kind: 'wrong', complaint: `needs more than ${within}` };
    }
  };
}
