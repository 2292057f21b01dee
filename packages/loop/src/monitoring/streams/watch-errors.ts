import { hashSeed, seededRng, shuffle, type Signal } from '@twinloop/kernel';
import { bernoulliGlr } from '@twinloop/stats';
import { count, percent } from '../format.js';

/** When an answer counts as an error. */
export type ErrorRule =
  | { readonly task: 'binary'; readonly threshold: number }
  /** `score` is the probability of the class that came. */
  | { readonly task: 'multiclass' }
  /** Its loss is above `limit`, the 90 % quantile of the losses in training. */
  | { readonly task: 'regression'; readonly limit: number; loss(label: number, score: number): number };

/** Memory of the detector; plain JSON. Null: nothing was seen. */
export type ErrorsMemory = ReturnType<ReturnType<typeof bernoulliGlr>['state']> | null;

export function isError(rule: ErrorRule, label: number, score: number): boolean {
  switch (rule.task) {
    case 'binary':
      return score >= rule.threshold !== label >= 0.5;
    case 'multiclass':
      return score < 0.5;
    case 'regression':
      return rule.loss(label, score) > rule.limit;
  }
}

/** Labels that arrived in one stretch of time, with the scores that had been given. */
export interface LabelBlock {
  readonly label: ArrayLike<number>;
  readonly score: ArrayLike<number>;
}

/**
 * Takes the labels of one block as error bits ({@link bernoulliGlr}), both ways: fewer errors tell of a change, too. The
 * order within a block is drawn anew, as for inputs.
 */
export function takeErrors(
  rule: ErrorRule,
  memory: ErrorsMemory,
  { label, score }: LabelBlock,
  seed: string,
): { readonly memory: ErrorsMemory; readonly signals: readonly Signal[] } {
  if (label.length === 0) return { memory, signals: [] };
  const detector = bernoulliGlr();
  if (memory !== null) detector.restore(memory);
  const order = shuffle(
    Uint32Array.from({ length: label.length }, (_, row) => row),
    seededRng(hashSeed(seed)),
  );
  const signals: Signal[] = [];
  for (const row of order) {
    const [truth, answer] = [label[row]!, score[row]!];
    if (Number.isNaN(truth) || Number.isNaN(answer)) continue;
    if (detector.update(isError(rule, truth, answer) ? 1 : 0)) signals.push(signalOf(rule, detector.state()));
  }
  return { memory: detector.state(), signals };
}

function signalOf(rule: ErrorRule, state: NonNullable<ErrorsMemory>): Signal {
  const [lag, before, after] = [Number(state['lag']), Number(state['before']), Number(state['after'])];
  const errors = rule.task === 'regression' ? 'large errors' : 'wrong answers';
  return {
    monitor: 'stream/errors',
    kind: 'model-drift',
    subject: 'errors',
    severity: 1,
    evidence: {
      statistic: `change of the share of ${errors}`,
      value: after - before,
      n: lag,
      method:
        'Bernoulli generalised likelihood ratio, both ways, fewer than two false warnings in 1,000,000 independent labels',
    },
    sentence: `${errors} ${after > before ? 'rose' : 'fell'} from ${percent(before)} to ${percent(after)} over the last ${count(lag)} labels`,
  };
}
