import { formatCount, type Table, takeRows } from '@twinloop/kernel';
import {
  checkLeaks,
  checkLookupLeaks,
  fitFeatures,
  suspectLeaks,
  suspectSelfInclusion,
} from '@twinloop/model';
import { labelledRows } from '../evaluate.js';
import type { BuildRequest } from '../request.js';

/** Enough rows to see a feature that tells the label, and a bound on what the check costs (about 40 ms for 16 features). */
const SAMPLE = 5000;

/** At most that many rows, evenly spread over the table. */
function sampled(table: Table): Table {
  if (table.rows <= SAMPLE) return table;
  return takeRows(
    table,
    Int32Array.from({ length: SAMPLE }, (_, i) => Math.floor((i * table.rows) / SAMPLE)),
  );
}

/**
 * Looks for features that know the future: those that read the label or the time at which it becomes known, and
 * those that tell a binary label all by themselves.
 * @returns what was found to be well, in words
 * @throws feature_leak naming the feature · expression_invalid · dataset_column_missing
 */
export function findLeaks(request: BuildRequest): string {
  const { features, label, arrives, lookedUp, train } = request;
  const rules = { label, availableAfter: arrives === undefined ? [] : [arrives] };
  checkLeaks(features, rules);
  if (lookedUp !== undefined) {
    checkLookupLeaks(lookedUp.spec, rules);
    if (train.task === 'binary') suspectSelfInclusion(lookedUp.at, lookedUp.before, label);
  }
  if (train.task === 'binary') {
    const sample = sampled(labelledRows(request.table, label, train.task).table);
    // Word by word it would cost seconds; a text that often repeats is looked at as a whole.
    const { text: _, ...plain } = features;
    suspectLeaks(sample, label, fitFeatures(plain, sample, { label }));
  }
  const { inputs, derive = {} } = features;
  const looked = lookedUp?.before.columns.length ?? 0;
  const counts = [
    `${formatCount(inputs.length - looked)} inputs`,
    `${formatCount(Object.keys(derive).length)} derived`,
    `${formatCount(looked)} looked up`,
  ];
  return `${counts.join(', ')}: none knows the label or its time`;
}
