import type { PredictionRecord } from '@twinloop/kernel';
import { likeliest } from '@twinloop/stats';
import type { ClassAnswers } from '../../app.js';
import type { ShelvedModel } from './shelved-model.js';

type Classes = Pick<ShelvedModel, 'classes' | 'numbers'>;
export type Logged = Pick<PredictionRecord, 'score' | 'scores' | 'output'>;

/**
 * What the log keeps of row `row` of a model's answers: its score; of several classes the largest probability, all of
 * them by the numbers of the project's book (0 for a class that the model does not know), and the likeliest by name.
 * A failed answer (NaN) has no probabilities.
 */
export function loggedAnswer({ classes, numbers }: Classes, answers: Float64Array, row: number): Logged {
  const k = classes.length;
  if (k === 0) return { score: answers[row]! };
  const best = likeliest(answers, row * k, k);
  // What failed as a whole may be shorter than rows × classes.
  const score = answers[row * k + best] ?? Number.NaN;
  if (Number.isNaN(score)) return { score };
  const scores = new Array<number>(Math.max(...numbers) + 1).fill(0);
  for (let c = 0; c < k; c++) scores[numbers[c]!] = answers[row * k + c]!;
  return { score, scores, output: classes[best]! };
}

/** What the client sees of several classes, in the model's order. */
export function classAnswers(names: readonly string[], probabilities: Float64Array): ClassAnswers {
  const k = names.length;
  const predicted = Array.from(
    { length: probabilities.length / k },
    (_, row) => names[likeliest(probabilities, row * k, k)]!,
  );
  return { names, probabilities, predicted };
}
