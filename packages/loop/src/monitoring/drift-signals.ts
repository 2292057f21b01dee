import { columnOf, parseDuration, type Signal, type Table } from '@twinloop/kernel';
import { weightedHolm } from '@twinloop/stats';
import type { DriftConfig } from './config.js';
import { columnShifts } from './drift/column-shifts.js';
import { type ExpectedLoss, lossWords } from './drift/drift-causes.js';
import type { DriftFinding } from './drift/finding.js';
import { jointShift } from './drift/joint-shift.js';
import type { Shift } from './drift/shift.js';
import { count, percent } from './format.js';
import type { DriftReference } from './reference.js';

export type DriftSettings = Pick<DriftConfig, 'window' | 'alpha' | 'tolerance' | 'matters' | 'minRows'> &
  Partial<Pick<DriftConfig, 'rows'>>;

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

/** Whether the window holds enough to say anything: rows, and (having a column `$at`) nine tenths of its time. */
export function windowSpeaks(config: DriftSettings, current: Table): boolean {
  if (current.rows === 0) return false;
  if ((config.rows ?? 0) > 0) return current.rows >= config.rows!;
  return current.rows >= config.minRows && spans(current, parseDuration(config.window));
}

/**
 * Which inputs of the window are no longer what the champion was trained on. Three questions, all of which must be answered
 * yes:
 *
 * 1. **Is it real?** Each subject's p-value of "an effect of at most `tolerance`" is corrected over all subjects by Holm's
 *    procedure with weights: the chance that an undrifted window has any signal is at most `alpha`, under any dependence
 *    between columns. Half of the rate is dealt out evenly, half by importance.
 * 2. **Does it matter?** Effect × relative importance must reach `matters`: a column with less than the average importance must
 *    move in proportion more, an unused one never signals.
 * 3. **Does it last?** That is asked of several windows: see the policy.
 *
 * The window holds the requests of an interval of prediction time (or the newest `rows`); no label is needed. Columns that are absent
 * from it count as missing in every row; columns that the reference does not know are not looked at. Null when the window
 * holds fewer than `minRows` rows, or spans less than nine tenths of `window` (the first days of an endpoint): then it says
 * nothing, not "clean". `others`: tests of what is not a column.
 */
export function driftSignals(
  config: DriftSettings,
  reference: DriftReference,
  current: Table,
  others: readonly Shift[] = [],
  expected: ExpectedLoss | null = null,
): readonly Signal[] | null {
  const report = driftReport(config, reference, current, others, expected);
  return report === null ? null : signalsOf(report);
}

/** The signals of a report, strongest first. */
export function signalsOf(report: readonly DriftFinding[]): readonly Signal[] {
  return report
    .flatMap(({ signal }) => (signal === null ? [] : [signal]))
    .sort((a, b) => b.severity - a.severity || (a.subject < b.subject ? -1 : 1));
}

/** Every test of the window behind {@link driftSignals}, those that are no signal too, in the reference's order. */
export function driftReport(
  config: DriftSettings,
  reference: DriftReference,
  current: Table,
  others: readonly Shift[] = [],
  expected: ExpectedLoss | null = null,
): readonly DriftFinding[] | null {
  if (!windowSpeaks(config, current)) return null;
  const columns = reference.columns.flatMap(column => columnShifts(column, current, config.tolerance));
  const joint = reference.joint === undefined ? null : jointShift(reference.joint, current, config.tolerance);
  const shifts = [...columns, ...(joint === null ? [] : [joint]), ...others];
  return decideDrift(config, reference, shifts, expected);
}

/** The decision over all tests of a window: correction, weight, words. */
export function decideDrift(
  { alpha, tolerance, matters }: Pick<DriftConfig, 'alpha' | 'tolerance' | 'matters'>,
  {
    importance,
    columns,
  }: { readonly importance: DriftReference['importance']; readonly columns: { readonly length: number } },
  shifts: readonly Shift[],
  expected: ExpectedLoss | null = null,
): readonly DriftFinding[] {
  const relative = ({ column }: Shift): number =>
    column === null ? 1 : (importance[column] ?? 0) * columns.length;
  const adjusted = weightedHolm(
    shifts.map(({ pValue }) => pValue),
    shifts.map(shift => 0.5 + relative(shift) / 2),
  );
  return shifts.map((shift, i): DriftFinding => {
    const { subject, kind, column, effect, n } = shift;
    const weight = Math.min(1, relative(shift)) * (shift.unexplained ?? 1);
    const severity = (weight * effect) / matters;
    const pValue = adjusted[i]!;
    const share = column === null ? null : (importance[column] ?? 0);
    const numbers = `${effect.toFixed(2)} σ over ${count(n)} rows`;
    const finding = { subject, kind, column, importance: share, effect, adjustedP: pValue, n };
    // What is not certain, or does not matter, is not said to have moved.
    if (!(pValue <= alpha && severity >= 1))
      return { ...finding, sentence: `${shift.still}, ${numbers}`, signal: null };
    const weighs = share === null ? '' : `; it carries ${percent(share)} of the model's importance`;
    const costs = column !== null && subject === column ? lossWords(column, expected) : '';
    const sentence = `${shift.moved}, ${numbers}${weighs}${costs}`;
    return {
      ...finding,
      sentence,
      signal: {
        monitor: `drift/${subject}`,
        kind: 'data-drift',
        subject,
        severity,
        evidence: {
          statistic: 'effect in standard deviations',
          value: effect,
          n,
          interval: shift.interval,
          threshold: matters / Math.max(weight, 1e-12),
          method: `${shift.statistic}, H0: effect ≤ ${tolerance} σ, weighted Holm over ${shifts.length} tests, α = ${alpha}`,
          pValue,
        },
        sentence,
      },
    };
  });
}
