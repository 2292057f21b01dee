import { type Task, UNKNOWN_CLASS } from '@twinloop/kernel';
import { likeliest, LOSS_CLIP, lossFunction, type LossName } from '@twinloop/stats';
import type { GateContext, HeldOut } from '../gate-context.js';

/** The labels of the rows at `indices`, and what the truth of each is among several classes. */
export interface Truth {
  readonly task: Task;
  readonly labels: Float64Array;
  /** Of several classes: the index of the true one, -1 or past the model's own for one that it does not know. */
  readonly classes?: Float64Array;
}

export function truthAt({ task, labels, classes }: GateContext, indices: ArrayLike<number>): Truth {
  const pick = (values: Float64Array): Float64Array => Float64Array.from(indices, row => values[row]!);
  return { task, labels: pick(labels), ...(classes === undefined ? {} : { classes: pick(classes.truth) }) };
}

/** The score of each row that its loss is of: the answer, or of several classes the probability of the one that came. */
function scored(answers: Float64Array, { classes }: Truth, { width }: Pick<HeldOut, 'width'>): Float64Array {
  if (classes === undefined) return answers;
  return classes.map((truth, row) =>
    truth >= 0 && truth < width ? answers[row * width + truth]! : UNKNOWN_CLASS,
  );
}

/** The loss of each row, probabilities clipped as wherever models are compared. */
export function rowLosses(
  metric: LossName,
  answers: Float64Array,
  truth: Truth,
  held: Pick<HeldOut, 'width'>,
): Float64Array {
  const loss = lossFunction(metric, LOSS_CLIP);
  return scored(answers, truth, held).map((score, row) => loss(truth.labels[row]!, score));
}

/** What each row is decided to be: 0 or 1, or the likeliest class. For regression there is no such thing: undefined. */
export function decisions(
  answers: Float64Array,
  { task }: Pick<Truth, 'task'>,
  { width }: Pick<HeldOut, 'width'>,
): Float64Array | undefined {
  if (task === 'regression') return undefined;
  if (task === 'binary') return answers.map(score => (score >= 0.5 ? 1 : 0));
  return Float64Array.from({ length: answers.length / width }, (_, row) =>
    likeliest(answers, row * width, width),
  );
}
