import { type ErrorFinding, type Table, TwinloopError, columnOf } from '@twinloop/kernel';
import { columnsOf } from '../expressions/ast.js';
import { parseExpression } from '../expressions/parse.js';
import { bindFeatures } from './bind.js';
import type { FeaturePlan, FeatureSpec } from './spec.js';

export interface LeakRules {
  readonly label: string;
  /** Columns that become known only after the prediction (an arrival time, a delay). */
  readonly availableAfter: readonly string[];
}

export interface Leak {
  readonly feature: string;
  readonly reason: string;
  readonly field: string;
}

export function refuseLeaks(leaks: readonly Leak[]): void {
  const [first] = leaks;
  if (first === undefined) return;
  const details = leaks.map(
    ({ feature, reason, field }): ErrorFinding => ({ message: `${feature}: ${reason}`, field }),
  );
  throw new TwinloopError('feature_leak', {
    field: first.field,
    values: { feature: first.feature, reason: first.reason },
    details,
  });
}

/**
 * Refuses a spec that reads what is not known at prediction time: the label or a later column as an input or inside an
 * expression (also through other derived features).
 * @throws feature_leak with every finding in `details` · expression_invalid
 */
export function checkLeaks(spec: FeatureSpec, rules: LeakRules): void {
  const later = new Set(rules.availableAfter);
  const because = (column: string): string | undefined => {
    if (column === rules.label) return `"${column}" is the label`;
    return later.has(column) ? `"${column}" is known only after the prediction` : undefined;
  };
  const leaks: Leak[] = [];
  const check = (feature: string, column: string, field: string): void => {
    const reason = because(column);
    if (reason !== undefined) leaks.push({ feature, reason, field });
  };
  for (const input of spec.inputs) check(input, input, `features/inputs/${input}`);
  for (const [name, text] of Object.entries(spec.derive ?? {}))
    for (const column of columnsOf(parseExpression(text))) check(name, column, `features/derive/${name}`);
  refuseLeaks(leaks);
}

/** Rows at which a single feature's separation is trusted, and the AUC from which it is too good to be true. */
export const FEWEST_ROWS = 200;
export const SUSPICIOUS_AUC = 0.98;

/**
 * AUC of one feature alone as a score, by mid-ranks (Hanley & McNeil 1982); missing values share the lowest rank.
 * Below 0.5 the feature separates the other way round, so the greater of both sides is given.
 */
export function separation(x: Float64Array, label: Float64Array): number {
  const order = Array.from(x.keys()).sort((a, b) => x[a]! - x[b]! || a - b);
  let ranks = 0;
  let positives = 0;
  for (let i = 0; i < order.length; ) {
    let j = i;
    while (j < order.length && x[order[j]!] === x[order[i]!]) j++;
    for (let k = i; k < j; k++) {
      if (label[order[k]!] !== 1) continue;
      ranks += (i + j + 1) / 2;
      positives++;
    }
    i = j;
  }
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return 0.5;
  const auc = (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
  return Math.max(auc, 1 - auc);
}

/** Replaces a category by its share of positives; a rare category would separate by chance, so shares are smoothed. */
export function byTarget(x: Float64Array, label: Float64Array, categories: number): Float64Array {
  const sums = new Float64Array(categories + 1);
  const counts = new Float64Array(categories + 1);
  const at = (value: number): number => (value === value ? value : categories);
  for (let i = 0; i < x.length; i++) {
    sums[at(x[i]!)]! += label[i]!;
    counts[at(x[i]!)]! += 1;
  }
  return x.map(value => (sums[at(value)]! + 0.5) / (counts[at(value)]! + 1));
}

/**
 * A feature that alone nearly tells a binary label (AUC ≥ 0.98 on at least 200 rows) most likely knows the future.
 * @throws feature_leak with every suspect in `details`
 */
export function suspectLeaks(table: Table, label: string, plan: FeaturePlan): void {
  const column = columnOf(table, label);
  if (column === undefined || column.type === 'string' || table.rows < FEWEST_ROWS) return;
  const y = column.values;
  if (!y.every(value => value === 0 || value === 1)) return;
  const features = bindFeatures(plan);
  const encoded = features.encodeTable(table);
  const leaks: Leak[] = [];
  plan.features.forEach((feature, f) => {
    let x: Float64Array = Float64Array.from(y, (_, i) => encoded[i * features.width + f]!);
    if (feature.type === 'categorical') x = byTarget(x, y, feature.categories.length);
    else x = x.map(value => (value === value ? value : Number.NEGATIVE_INFINITY));
    const auc = separation(x, y);
    if (auc < SUSPICIOUS_AUC) return;
    const reason = `alone it tells the label with AUC ${auc.toFixed(3)}`;
    leaks.push({ feature: feature.name, reason, field: `features/${feature.name}` });
  });
  refuseLeaks(leaks);
}
