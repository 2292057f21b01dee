import { rocAuc } from '@twinloop/stats';
import type { LookedColumn } from './look.js';
import type { DraftTask } from './suggest.js';

const FOLDS = 5;
const BINS = 50;
/** Texts rarer than these many most frequent ones share a bin. */
const CATEGORIES = 200;

/** A label as numbers: 0 and 1, class indices, or amounts; NaN where it is missing. */
export interface LabelValues {
  readonly task: DraftTask;
  readonly values: Float64Array;
  /** Multiclass: how many. */
  readonly classes: number;
}

/** How well one column alone tells the label: AUC, R², or accuracy beyond that of the most frequent class. */
export interface Separation {
  readonly measure: 'AUC' | 'R²' | 'accuracy';
  readonly value: number;
}

/** Values as bin numbers: quantiles of numbers, frequent texts; the last bin holds what is missing or rare. */
export function binned(column: LookedColumn, only?: 'presence'): { bins: Int32Array; count: number } {
  const { numbers, texts } = column;
  if (only === 'presence') return { bins: Int32Array.from(texts, text => (text === null ? 1 : 0)), count: 2 };
  if (numbers !== undefined) {
    const sorted = numbers.filter(value => !Number.isNaN(value)).sort();
    const distinct = [...new Set(sorted)];
    const edges =
      distinct.length <= BINS
        ? distinct
        : [
            ...new Set(
              Array.from({ length: BINS }, (_, i) => sorted[Math.floor((i * sorted.length) / BINS)]!),
            ),
          ];
    const bins = Int32Array.from(numbers, value => {
      if (Number.isNaN(value)) return edges.length;
      let low = 0;
      let high = edges.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >>> 1;
        if (edges[middle]! <= value) low = middle;
        else high = middle - 1;
      }
      return low;
    });
    return { bins, count: edges.length + 1 };
  }
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== null) counts.set(text, (counts.get(text) ?? 0) + 1);
  const frequent = [...counts]
    .filter(([, count]) => count > 1)
    .sort((a, b) => b[1] - a[1])
    .slice(0, CATEGORIES);
  const index = new Map(frequent.map(([text], i) => [text, i]));
  const bins = Int32Array.from(texts, text =>
    text === null ? index.size : (index.get(text) ?? index.size + 1),
  );
  return { bins, count: index.size + 2 };
}

/**
 * Scores a rule that knows one column: the label's mean (or its most frequent class) in the column's bin, learned on
 * four fifths of the rows and judged on the fifth (contiguous blocks, so that rows beside each other do not help).
 * What fits by chance alone does not score.
 */
export function separation(
  { bins, count }: { readonly bins: Int32Array; readonly count: number },
  label: LabelValues,
): Separation {
  const { values, task, classes } = label;
  const rows: number[] = [];
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) rows.push(i);
  const width = task === 'multiclass' ? classes : 1;
  const scores = new Float64Array(rows.length);
  let right = 0;
  let common = 0;
  for (let fold = 0; fold < FOLDS; fold++) {
    const from = Math.floor((fold * rows.length) / FOLDS);
    const until = Math.floor(((fold + 1) * rows.length) / FOLDS);
    const sums = new Float64Array(count * width);
    const totals = new Float64Array(width);
    const seen = new Float64Array(count);
    let all = 0;
    for (let i = 0; i < rows.length; i++) {
      if (i >= from && i < until) continue;
      const [bin, y] = [bins[rows[i]!]!, values[rows[i]!]!];
      const slot = task === 'multiclass' ? y : 0;
      sums[bin * width + slot]! += task === 'multiclass' ? 1 : y;
      totals[slot]! += task === 'multiclass' ? 1 : y;
      seen[bin]! += 1;
      all++;
    }
    const usual = indexOfLargest(totals, 0, width);
    for (let i = from; i < until; i++) {
      const [bin, y] = [bins[rows[i]!]!, values[rows[i]!]!];
      if (task === 'multiclass') {
        const said = seen[bin] === 0 ? usual : indexOfLargest(sums, bin * width, width);
        if (said === y) right++;
        if (usual === y) common++;
      } else scores[i] = (sums[bin]! + totals[0]! / Math.max(1, all)) / (seen[bin]! + 1);
    }
  }
  const y = Float64Array.from(rows, row => values[row]!);
  if (task === 'multiclass') {
    const rest = rows.length - common;
    return { measure: 'accuracy', value: rest <= 0 ? 0 : (right - common) / rest };
  }
  if (task === 'binary') {
    const auc = rocAuc(y, scores);
    return { measure: 'AUC', value: Number.isNaN(auc) ? 0.5 : auc };
  }
  return { measure: 'R²', value: rSquared(y, scores) };
}

function indexOfLargest(values: Float64Array, from: number, width: number): number {
  let best = 0;
  for (let i = 1; i < width; i++) if (values[from + i]! > values[from + best]!) best = i;
  return best;
}

function rSquared(y: Float64Array, scores: Float64Array): number {
  let mean = 0;
  for (const value of y) mean += value / y.length;
  let residual = 0;
  let total = 0;
  for (let i = 0; i < y.length; i++) {
    residual += (y[i]! - scores[i]!) ** 2;
    total += (y[i]! - mean) ** 2;
  }
  return total === 0 ? 0 : 1 - residual / total;
}
