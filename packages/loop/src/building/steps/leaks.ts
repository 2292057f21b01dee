import { formatCount, type Table, takeRows } from '@twinloop/kernel';
import { checkLeaks, fitFeatures, suspectLeaks } from '@twinloop/model';
import { labelledRows } from '../evaluate.js';
import { type BuildRequest, lookupsFor } from '../request.js';

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
  const { features, label, arrives, joined, train } = request;
  const lookups = lookupsFor(features, joined);
  checkLeaks(features, {
    label,
    availableAfter: arrives === undefined ? [] : [arrives],
    schema: request.table.columns.map(({ name, type }) => ({ name, type, nullable: true })),
    lookups,
  });
  if (train.task === 'binary') {
    const sample = sampled(labelledRows(request.table, label, train.task).table);
    // Word by word it would cost seconds; a text that often repeats is looked at as a whole.
    const { text: _, ...plain } = features;
    suspectLeaks(sample, label, fitFeatures(plain, sample, { label, lookups }), lookups);
  }
  const { inputs, derive = {}, joins = [] } = features;
  const counts = [
    `${formatCount(inputs.length)} inputs`,
    `${formatCount(Object.keys(derive).length)} derived`,
    `${formatCount(joins.length)} joins`,
  ];
  return `${counts.join(', ')}: none knows the label or its time`;
}
