import { type Column, formatFigure } from '@twinloop/kernel';
import {
  categoricalDrift,
  type ColumnSketch,
  NumericColumnSketch,
  numericDrift,
  populationStabilityIndex,
  quantileBinned,
} from '@twinloop/stats';
import type { Expectation } from '../config.js';
import type { RuleResult } from './judge-rule.js';

type Distribution = Extract<Expectation, { rule: 'distribution' }>;

/** How sure the test must be that the change is greater than what is allowed: the level at which monitors alarm. */
const LEVEL = 0.01;
const DEFAULT_MAX = { drift: 0.2, psi: 0.2, kl: 0.1 } as const;
/** A share below this counts as this, as in the stability index: a value not seen before is news, not infinity. */
const LEAST_SHARE = 1e-4;

/** What is left of a column of another version: its values, or as many as stand for so many rows. */
export type HeldColumn =
  | { readonly type: 'number'; readonly values: Float64Array; readonly rows?: number }
  | { readonly type: 'string'; readonly levels: Levels; readonly other?: true };

/** Values without a level of their own in the reference's sketch. */
const REST = '(other)';
const MOST_VALUES = 2000;

export const heldRows = (column: Column): HeldColumn =>
  column.type === 'string'
    ? { type: 'string', levels: levelsOf(column.values) }
    : { type: 'number', values: column.values };

/** Undefined when the sketch cannot say: texts too long to be levels. */
export function heldSketch(sketch: ColumnSketch): HeldColumn | undefined {
  if (sketch instanceof NumericColumnSketch)
    return { type: 'number', values: sketch.orderStatistics(MOST_VALUES), rows: sketch.quantiles.n };
  const found = sketch.levels();
  if (found === undefined) return undefined;
  if (found.other === 0) return { type: 'string', levels: new Map(found.counts) };
  return { type: 'string', levels: new Map([...found.counts, [REST, found.other]]), other: true };
}

/** Holds a column's distribution against that of another version. */
export function judgeDistribution(
  rule: Distribution,
  reference: HeldColumn,
  current: Column,
  against: string,
): RuleResult {
  const rows = current.values.length;
  const { method = 'drift', max = DEFAULT_MAX[method] } = rule;
  const result = (observed: number, broken: boolean, words: string): RuleResult => ({
    passed: !broken,
    count: broken ? rows : 0,
    rows,
    observed: Number.isFinite(observed) ? observed : null,
    message: broken ? `${rule.column}: ${words}` : null,
  });
  if ((reference.type === 'string') !== (current.type === 'string'))
    return result(Number.NaN, true, `is ${current.type}, and was ${reference.type} in ${against}`);
  const [before, now] = binnedOrCounted(reference, current);
  if (total(now) === 0) return result(Number.NaN, total(before) > 0, 'has no values to compare');
  // Nothing to compare with is no news.
  if (total(before) === 0) return result(Number.NaN, false, '');
  if (method === 'drift') {
    const { effect, pValue } =
      reference.type === 'string' || current.type === 'string'
        ? categoricalDrift(before, now, { tolerance: max })
        : numericDrift(reference.values, current.values, {
            tolerance: max,
            ...(reference.rows === undefined ? {} : { referenceRows: reference.rows }),
          });
    const broken = pValue <= LEVEL;
    return result(
      effect,
      broken,
      `moved by ${formatFigure(effect)} σ from ${against}, ${formatFigure(max)} allowed`,
    );
  }
  const value =
    method === 'psi' ? populationStabilityIndex(before, now, LEAST_SHARE) : divergence(before, now);
  const name = method === 'psi' ? 'the stability index' : 'the divergence';
  return result(
    value,
    value > max,
    `${name} from ${against} is ${formatFigure(value)}, ${formatFigure(max)} allowed`,
  );
}

type Levels = ReadonlyMap<string, number>;
const total = (levels: Levels): number => [...levels.values()].reduce((sum, count) => sum + count, 0);

function levelsOf(values: readonly (string | null)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Counts of both sides over the values, or over ten quantile bins of the reference. */
function binnedOrCounted(reference: HeldColumn, current: Column): readonly [before: Levels, now: Levels] {
  if (reference.type === 'number' && current.type !== 'string') {
    const binned = quantileBinned(reference.values, current.values);
    const counts = (values: readonly number[]): Map<string, number> =>
      new Map(values.map((count, bin) => [String(bin), count]));
    const now = counts(Array.from(binned.current));
    // Without a reference there are no bins, and yet there may be values.
    if (binned.edges.length === 0) now.set('', current.values.filter(value => !Number.isNaN(value)).length);
    return [counts(Array.from(binned.reference)), now];
  }
  const now = current.type === 'string' ? levelsOf(current.values) : new Map<string, number>();
  if (reference.type !== 'string') return [new Map(), now];
  const { levels, other } = reference;
  if (other !== true) return [levels, now];
  const known = new Map<string, number>();
  for (const [level, count] of now) {
    const kept = levels.has(level) ? level : REST;
    known.set(kept, (known.get(kept) ?? 0) + count);
  }
  return [levels, known];
}

/** Kullback–Leibler divergence of the present shares from the reference's, in nats. */
function divergence(before: Levels, now: Levels): number {
  const [n, m] = [total(before), total(now)];
  let sum = 0;
  for (const [level, count] of now)
    if (count > 0)
      sum += (count / m) * Math.log(count / m / Math.max((before.get(level) ?? 0) / n, LEAST_SHARE));
  return Math.max(0, sum);
}
