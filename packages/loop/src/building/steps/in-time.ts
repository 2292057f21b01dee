import { numbers, type Table, takeRows } from '@twinloop/kernel';
import { type Fit, fitModel } from './fit-model.js';
import type { BuildPorts } from '../ports.js';
import type { BuildRequest } from '../request.js';
import type { FinishedStep, RunBook } from '../run-record.js';

/**
 * Ranking quality inside the time that a model learned from: each algorithm fitted on the days of the month that do
 * not divide by five, and measured on those that do. Beside the time-ordered hold-out it separates "cannot be
 * predicted" from "has changed". Returns AUC by algorithm; empty for regression and when there are no such days.
 */
export async function measureInTime(
  ports: BuildPorts,
  request: BuildRequest,
  table: Table,
  dayOf: (row: number) => number,
  book: RunBook,
  count: (step: FinishedStep<unknown>) => void,
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  if (request.train.task !== 'binary') return found;
  const learn: number[] = [];
  const measure: number[] = [];
  for (let row = 0; row < table.rows; row++) (dayOf(row) % 5 === 0 ? measure : learn).push(row);
  const labels = numbers(table, request.label);
  const bothClasses = (rows: readonly number[]): boolean =>
    rows.some(row => labels[row] === 1) && rows.some(row => labels[row] === 0);
  if (!bothClasses(learn) || !bothClasses(measure)) return found;

  const measured = takeRows(table, measure);
  const mask = ports.digest(measure.join(','));
  for (const algorithm of request.train.candidates.algorithms) {
    if (request.only !== undefined && algorithm !== request.only) continue;
    const step = await fitModel(
      ports,
      request,
      {
        step: `in-time/${algorithm}`,
        algorithm,
        learn: takeRows(table, learn),
        measure: measured,
        rows: { interleaved: mask },
      },
      book,
    );
    count(step);
    const { auc } = (step.result as unknown as Fit).metrics;
    if (auc !== undefined) found.set(algorithm, auc);
  }
  return found;
}
