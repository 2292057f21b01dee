import { formatFigure } from '@twinloop/kernel';
import type { ClassAnswer } from '../gate-context.js';
import type { DirectionTest, InvarianceTest } from './prediction-test.js';

/** An answer of a model of one score, or of several classes. */
export type Answer = number | ClassAnswer;

export const NO_CLASSES = 'asks for a class, and the model gives one score';

export interface Wanted {
  readonly class?: string;
  readonly min?: number;
  readonly max?: number;
}

const likeliestOf = (answer: ClassAnswer): readonly [string, number] =>
  [...answer].reduce((best, one) => (one[1] > best[1] ? one : best));

/** What is wrong with the answer to a known case, or undefined. */
export function unlikeKnown(answer: Answer, wanted: Wanted): string | undefined {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = wanted;
  let score: number;
  if (typeof answer === 'number') {
    if (wanted.class !== undefined) return NO_CLASSES;
    score = answer;
  } else {
    const [name, top] = likeliestOf(answer);
    if (wanted.class !== undefined && wanted.class !== name)
      return `answers ${name} (${formatFigure(top)}), ${wanted.class} is expected`;
    score = top;
  }
  if (score >= min && score <= max) return undefined;
  return `answers ${formatFigure(score)}, ${formatFigure(min)} to ${formatFigure(max)} is expected`;
}

/** The score before and after a change that a test looks at: of several classes that of its class, or the one that moved most. */
function looked(
  test: InvarianceTest | DirectionTest,
  before: Answer,
  after: Answer,
): readonly [number, number] | string {
  const named = test.kind === 'direction' ? test.class : undefined;
  if (typeof before === 'number' || typeof after === 'number')
    return named === undefined ? [before as number, after as number] : NO_CLASSES;
  if (test.kind === 'invariance') {
    let most: readonly [number, number] = [0, 0];
    for (const [name, p] of before) {
      const now = after.get(name) ?? 0;
      // A probability that is not a number has moved most of all.
      if (!(Math.abs(now - p) <= Math.abs(most[1] - most[0]))) most = [p, now];
    }
    return most;
  }
  const [was, is] = [before.get(named ?? ''), after.get(named ?? '')];
  if (was !== undefined && is !== undefined) return [was, is];
  const known = [...before.keys()].join(', ');
  return named === undefined ? `names no class; known are ${known}` : `is about ${named}; known are ${known}`;
}

/** What is wrong with how an answer moves, or undefined. */
export function unlikeChange(
  test: InvarianceTest | DirectionTest,
  before: Answer,
  after: Answer,
): string | undefined {
  const scores = looked(test, before, after);
  if (typeof scores === 'string') return scores;
  const [was, is] = scores;
  const told = `(${formatFigure(was)} to ${formatFigure(is)}), ${formatFigure(test.tolerance)} is tolerated`;
  if (test.kind === 'invariance') {
    const moved = Math.abs(is - was);
    return moved <= test.tolerance ? undefined : `moves by ${formatFigure(moved)} ${told}`;
  }
  const against = test.expect === 'up' ? was - is : is - was;
  if (against <= test.tolerance) return undefined;
  return `${test.expect === 'up' ? 'falls' : 'rises'} by ${formatFigure(against)} ${told}`;
}
