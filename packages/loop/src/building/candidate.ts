import { type Task, TwinloopError } from '@twinloop/kernel';
import type { TrainConfig } from './config.js';

/** One way of learning: an algorithm on a window of the past. */
export interface Candidate {
  /** `<algorithm>/<window>`. */
  readonly name: string;
  readonly algorithm: string;
  readonly window: string;
}

/** Every algorithm on every window, in the declared order; that order breaks ties. @throws invalid_request */
export function listCandidates(train: TrainConfig, only?: string): readonly Candidate[] {
  const algorithms = train.candidates.algorithms.filter(name => only === undefined || name === only);
  if (algorithms.length === 0) {
    throw new TwinloopError('invalid_request', {
      field: 'only',
      values: { reason: `"${only}" is not one of the declared algorithms` },
      hint: `Declared under train.candidates: ${train.candidates.algorithms.join(', ')}.`,
    });
  }
  return algorithms.flatMap(algorithm =>
    train.candidates.windows.map(window => ({ name: `${algorithm}/${window}`, algorithm, window })),
  );
}

/** The hold-out figure that candidates are chosen by; smaller is better. */
export function choiceMetric(task: Task): 'log_loss' | 'rmse' {
  return task === 'regression' ? 'rmse' : 'log_loss';
}

/**
 * The candidate with the lowest hold-out loss; of equals the one declared first. An undefined loss loses to any.
 * @param algorithm consider this one alone (`train.first`, while nothing is in service)
 */
export function choose<
  C extends { readonly algorithm: string; readonly metrics: Readonly<Record<string, number>> },
>(candidates: readonly C[], task: Task, algorithm?: string): C | undefined {
  const metric = choiceMetric(task);
  const loss = (candidate: C): number => {
    const value = candidate.metrics[metric];
    return value === undefined || Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  };
  return candidates
    .filter(candidate => algorithm === undefined || candidate.algorithm === algorithm)
    .reduce<C | undefined>(
      (best, next) => (best === undefined || loss(next) < loss(best) ? next : best),
      undefined,
    );
}
