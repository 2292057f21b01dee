import { columnOf, type Column, type Scalar, type Table } from '@twinloop/kernel';
import { columnsOf } from '../expressions/ast.js';
import { parseExpression } from '../expressions/parse.js';
import {
  byTarget,
  FEWEST_ROWS,
  type Leak,
  type LeakRules,
  refuseLeaks,
  separation,
} from '../features/leaks.js';
import type { AggregateSpec, JoinSpec, LookupsSpec } from './spec.js';

/**
 * Refuses lookups that read what is not known at prediction time: a key of ours that is the label or comes later, or a
 * value of theirs that is (in the dataset trained on, or by the same name elsewhere), unless the lookup says through
 * `available` (or its own time) when that column became known.
 * @throws feature_leak with every finding in `details` · expression_invalid
 */
export function checkLookupLeaks(
  { joins, aggregates }: LookupsSpec,
  { label, availableAfter }: LeakRules,
): void {
  const later = new Set(availableAfter);
  const tells = (column: string): string | undefined => {
    if (column === label) return `"${column}" is the label`;
    return later.has(column) ? `"${column}" is known only after the prediction` : undefined;
  };
  const leaks: Leak[] = [];
  const look = (spec: JoinSpec | AggregateSpec, reads: readonly string[], field: string): void => {
    for (const key of Object.keys(spec.by)) {
      const reason = tells(key);
      if (reason !== undefined) leaks.push({ feature: spec.name, reason, field: `${field}/by` });
    }
    const { available, at } = spec;
    // Where no column says when the label is known, a delay has to.
    const dated =
      later.size === 0
        ? available.column !== undefined || available.lag > 0
        : later.has(available.column ?? at);
    if (dated) return;
    for (const column of new Set([...reads, ...Object.values(spec.by)])) {
      const reason = tells(column);
      if (reason === undefined) continue;
      const known = availableAfter[0];
      leaks.push({
        feature: spec.name,
        reason: `${reason}; say when a row of ${spec.dataset} is known${known === undefined ? '' : `: available: ${known}`}`,
        field: `${field}/available`,
      });
    }
  };
  joins.forEach((join, i) => look(join, join.columns, `features/joins/${i}`));
  aggregates.forEach((one, i) => {
    const texts = [one.value, one.filter].filter(text => text !== undefined);
    look(
      one,
      texts.flatMap(text => [...columnsOf(parseExpression(text))]),
      `features/aggregates/${i}`,
    );
  });
  refuseLeaks(leaks);
}

/** So much AUC may a column lose when the rows of the very moment are left out. */
const MOST_LOST = 0.1;

function score(column: Column, label: Float64Array): number {
  if (column.type !== 'string')
    return separation(
      column.values.map(value => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value)),
      label,
    );
  const categories = new Map<Scalar, number>();
  const x = Float64Array.from(column.values, value => {
    if (value === null) return Number.NaN;
    if (!categories.has(value)) categories.set(value, categories.size);
    return categories.get(value)!;
  });
  return separation(byTarget(x, label, categories.size), label);
}

/**
 * A looked-up value that tells a binary label, and no longer does once the rows of that very moment are left out, holds
 * the row itself: its source stamps rows earlier than they can be known. Both tables hold the same rows; `before` was
 * looked up without rows of the row's own moment.
 * @throws feature_leak with every such column in `details`
 */
export function suspectSelfInclusion(at: Table, before: Table, label: string): void {
  const truth = columnOf(at, label);
  if (truth === undefined || truth.type === 'string' || at.rows < FEWEST_ROWS) return;
  const y = truth.values;
  if (!y.every(value => value === 0 || value === 1)) return;
  const leaks: Leak[] = [];
  for (const column of before.columns) {
    const now = score(columnOf(at, column.name)!, y);
    const then = score(column, y);
    if (now - then < MOST_LOST) continue;
    leaks.push({
      feature: column.name,
      reason: `it tells the label with AUC ${now.toFixed(3)}, and ${then.toFixed(3)} without the rows of the very moment: its source holds the row itself, so it was not known yet`,
      field: `features/${column.name}`,
    });
  }
  refuseLeaks(leaks);
}
