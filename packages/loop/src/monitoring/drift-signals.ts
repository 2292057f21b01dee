import { type Column, columnOf, parseDuration, type Signal, type Table } from '@twinloop/kernel';
import { benjaminiHochberg, categoricalDrift, numericDrift, quantile } from '@twinloop/stats';
import type { DriftConfig } from './config.js';
import { count, figure, percent } from './format.js';
import {
  type CategoryReference,
  type DriftReference,
  levelCounts,
  MAX_VALUES,
  MISSING,
  type NumericReference,
  orderStatistics,
  OTHER,
} from './reference.js';

/** How far one column moved, and whether that is a signal. */
export interface DriftFinding {
  readonly subject: string;
  /** The column whose importance weighs it; differs from `subject` for "missing" tests. */
  readonly column: string;
  readonly effect: number;
  readonly adjustedP: number;
  readonly n: number;
  readonly sentence: string;
  /** Null: no more than the tolerance, not certain enough, or the column does not matter to the model. */
  readonly signal: Signal | null;
}

interface Shift {
  readonly subject: string;
  /** Whose importance weighs it. */
  readonly column: string;
  readonly distance: string;
  readonly effect: number;
  readonly interval: readonly [number, number];
  readonly pValue: number;
  readonly n: number;
  readonly words: string;
}

function missingShift(
  name: string,
  a: readonly [number, number],
  b: readonly [number, number],
  tolerance: number,
) {
  const drift = categoricalDrift(
    { missing: a[0], present: a[1] - a[0] },
    { missing: b[0], present: b[1] - b[0] },
    { tolerance },
  );
  const subject = `${name} missing`;
  return shiftOf(
    subject,
    name,
    'share of missing',
    drift,
    b[1],
    `${name} is missing in ${percent(b[0] / b[1])}, was in ${percent(a[0] / a[1])}`,
  );
}

function shiftOf(
  subject: string,
  column: string,
  distance: string,
  drift: {
    readonly effect: number;
    readonly effectInterval: readonly [number, number];
    readonly pValue: number;
  },
  n: number,
  words: string,
): Shift {
  return {
    subject,
    column,
    distance,
    effect: drift.effect,
    interval: drift.effectInterval,
    pValue: drift.pValue,
    n,
    words,
  };
}

function numericShifts(reference: NumericReference, values: Float64Array, tolerance: number): Shift[] {
  const present = values.filter(value => !Number.isNaN(value));
  const { name } = reference;
  const missing = values.length - present.length;
  const shifts: Shift[] = [];
  if (present.length > 0 && reference.values.length > 0) {
    // Equal numbers of order statistics on both sides: as exact as the sketch, conservative (a sketch is smoother than a
    // sample), and the p-value has a closed form; of unequal sizes it costs up to a fifth of a second a column.
    const size = Math.min(MAX_VALUES, present.length, reference.values.length);
    const then = orderStatistics(reference.values, size);
    const now = orderStatistics(present.sort(), size);
    const drift = numericDrift(then, now, { tolerance });
    const words = `${name} moved: median ${figure(quantile(then, 0.5))} → ${figure(quantile(now, 0.5))}`;
    shifts.push(shiftOf(name, name, 'KS', drift, present.length, words));
  }
  if (missing + reference.missing > 0) {
    shifts.push(missingShift(name, [reference.missing, reference.rows], [missing, values.length], tolerance));
  }
  return shifts;
}

function categoryShift(reference: CategoryReference, column: Column, tolerance: number): Shift {
  const { name, counts: before, rows } = reference;
  const now: Record<string, number> = {};
  for (const [level, found] of Object.entries(levelCounts(column))) {
    const kept = OTHER in before && !(level in before) ? OTHER : level;
    now[kept] = (now[kept] ?? 0) + found;
  }
  const n = column.values.length;
  const drift = categoricalDrift(before, now, { tolerance });
  let most = MISSING;
  let largest = -1;
  for (const level of [...new Set([...Object.keys(before), ...Object.keys(now)])].sort()) {
    const change = Math.abs((before[level] ?? 0) / rows - (now[level] ?? 0) / n);
    if (change > largest) [most, largest] = [level, change];
  }
  const words = `${name} moved: ${most} ${percent((before[most] ?? 0) / rows)} → ${percent((now[most] ?? 0) / n)}`;
  return shiftOf(name, name, 'total variation', drift, n, words);
}

function spans(table: Table, window: number): boolean {
  const at = columnOf(table, '$at');
  if (at === undefined || at.type === 'string') return true;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const time of at.values) {
    if (time < first) first = time;
    if (time > last) last = time;
  }
  return last - first >= 0.9 * window;
}

/**
 * Which inputs of the window are no longer what the champion was trained on. Per column by its type: Kolmogorov–Smirnov
 * distance for numbers, total variation for categories, and the share of missing values; each tested against "no more
 * than the tolerance", corrected over all columns (Benjamini–Hochberg), and weighted by importance: a column with
 * less than the average importance must move in proportion more, an unused one never signals.
 *
 * The window holds the requests of an interval of prediction time; no label is needed. Columns that are absent from it
 * count as missing in every row. Null when it holds fewer than `minRows` rows, or, having a column `$at`, spans less than nine
 * tenths of `window` (the first days of an endpoint): then it says nothing, not "clean".
 */
export function driftSignals(
  config: DriftSettings,
  reference: DriftReference,
  current: Table,
): readonly Signal[] | null {
  const report = driftReport(config, reference, current);
  if (report === null) return null;
  return report
    .flatMap(({ signal }) => (signal === null ? [] : [signal]))
    .sort((a, b) => b.severity - a.severity || (a.subject < b.subject ? -1 : 1));
}

type DriftSettings = Pick<DriftConfig, 'window' | 'alpha' | 'tolerance' | 'minRows'>;

/** Every test of the window behind {@link driftSignals}, those that are no signal too, in the reference's order. */
export function driftReport(
  config: DriftSettings,
  reference: DriftReference,
  current: Table,
): readonly DriftFinding[] | null {
  if (current.rows < config.minRows || !spans(current, parseDuration(config.window))) return null;
  const shifts = reference.columns.flatMap(column => {
    const found = columnOf(current, column.name);
    if (column.type === 'category') {
      const values = new Array<null>(current.rows).fill(null);
      return [
        categoryShift(column, found ?? { name: column.name, type: 'string', values }, config.tolerance),
      ];
    }
    const values =
      found === undefined || found.type === 'string'
        ? new Float64Array(current.rows).fill(Number.NaN)
        : found.values;
    return numericShifts(column, values, config.tolerance);
  });
  const adjusted = benjaminiHochberg(shifts.map(({ pValue }) => pValue));
  return shifts.map((shift, i): DriftFinding => {
    const weight = Math.min(1, (reference.importance[shift.column] ?? 0) * reference.columns.length);
    const severity = (weight * shift.effect) / config.tolerance;
    const pValue = adjusted[i]!;
    const { subject, column, effect, n } = shift;
    const sentence = `${shift.words}, ${shift.distance} ${effect.toFixed(2)}, tolerance ${config.tolerance.toFixed(2)}, ${count(n)} rows`;
    const finding = { subject, column, effect, adjustedP: pValue, n, sentence };
    if (!(pValue <= config.alpha && severity >= 1))
      // What did not move beyond tolerance is not said to have moved.
      return { ...finding, sentence: sentence.replace(`${column} moved: `, `${column}: `), signal: null };
    return {
      ...finding,
      signal: {
        monitor: `drift/${subject}`,
        kind: 'data-drift',
        subject,
        severity,
        evidence: {
          statistic: `${shift.distance} distance to training`,
          value: effect,
          n,
          interval: shift.interval,
          threshold: config.tolerance,
          method: `${shift.distance} against a tolerance, Benjamini–Hochberg over ${shifts.length} tests, α = ${config.alpha}`,
          pValue,
        },
        sentence,
      },
    };
  });
}
