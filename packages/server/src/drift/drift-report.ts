import { TwinloopError } from '@twinloop/kernel';
import { driftDefaults, driftTools, type DriftFinding } from '@twinloop/loop/monitoring';
import { type FilePair, withFilePair } from '@twinloop/storage';

export interface DriftReportOptions {
  /** The column that is predicted: looked at, and named as the label. */
  readonly label?: string;
  readonly alpha?: number;
  readonly tolerance?: number;
  readonly matters?: number;
}

/** The drift decision on two files. */
export interface DriftReport {
  readonly reference: { readonly file: string; readonly rows: number };
  readonly current: { readonly file: string; readonly rows: number };
  readonly alpha: number;
  readonly tolerance: number;
  readonly matters: number;
  readonly drifted: boolean;
  /** Strongest first. */
  readonly findings: readonly (Omit<DriftFinding, 'signal' | 'column' | 'importance'> & {
    readonly drifted: boolean;
  })[];
  /** Columns that were not compared, and why. */
  readonly skipped: readonly { readonly column: string; readonly reason: string }[];
}

const LEVELS = 10_000;
/** So many numbers of both files are read in one pass: 24 MB, or a column of each. */
const VALUES_IN_MEMORY = 3_000_000;
const MISSING = '(missing)';

/**
 * Compares two files by the rule of the drift monitor, all columns weighing the same; see docs/explain/alarms.md. Numbers are read a few
 * columns at a time, so that memory does not grow with their number. A column that only one file has counts as missing in every row of the other.
 * @throws dataset_file_missing · dataset_unreadable · dataset_empty · dataset_column_missing
 */
export async function driftReport(
  reference: string,
  current: string,
  { label, ...settings }: DriftReportOptions = {},
): Promise<DriftReport> {
  const rule = { ...driftDefaults, ...settings };
  return withFilePair(reference, current, async pair => {
    if (label !== undefined && !pair.columns.some(({ name }) => name === label))
      throw new TwinloopError('dataset_column_missing', {
        field: '--label',
        values: {
          column: label,
          dataset: 'either file',
          found: pair.columns.map(({ name }) => name).join(', '),
        },
      });
    const shifts: driftTools.Shift[] = [];
    const skipped: DriftReport['skipped'][number][] = [];
    const add = (column: string, found: readonly driftTools.Shift[] | string): void => {
      if (typeof found === 'string') skipped.push({ column, reason: found });
      else shifts.push(...found);
    };
    const numeric: string[] = [];
    for (const column of pair.columns) {
      if (!column.inReference) add(column.name, 'the reference does not have it');
      else if (column.kind === 'time') add(column.name, 'time always moves');
      else if (column.kind === 'number') numeric.push(column.name);
      else add(column.name, await levelShifts(pair, column.name, rule.tolerance));
    }
    const [rows, rowsNow] = pair.rows;
    const together = Math.max(1, Math.floor(VALUES_IN_MEMORY / (rows + rowsNow)));
    for (let first = 0; first < numeric.length; first += together) {
      const names = numeric.slice(first, first + together);
      const read = await pair.numbers(names);
      names.forEach((name, i) => {
        const [values, now] = read[i]!;
        let missing = 0;
        for (let row = 0; row < rows; row++) if (Number.isNaN(values[row]!)) missing++;
        add(name, driftTools.numericShifts({ name, values, missing, rows }, now, rule.tolerance));
      });
    }
    const importance = Object.fromEntries(pair.columns.map(({ name }) => [name, 1 / pair.columns.length]));
    const decided = driftTools.decideDrift(
      rule,
      { importance, columns: { length: pair.columns.length } },
      shifts.map(shift => ({
        ...shift,
        column: null,
        ...(shift.subject === label ? { kind: 'label' as const } : {}),
      })),
    );
    const findings = decided
      .map(({ subject, kind, effect, adjustedP, n, sentence, signal }) => ({
        ...{ subject, kind, effect, adjustedP, n, sentence },
        drifted: signal !== null,
      }))
      .sort((a, b) => Number(b.drifted) - Number(a.drifted) || b.effect - a.effect);
    return {
      reference: { file: reference, rows: pair.rows[0] },
      current: { file: current, rows: pair.rows[1] },
      ...rule,
      drifted: findings.some(({ drifted }) => drifted),
      findings,
      skipped,
    };
  });
}

async function levelShifts(
  pair: FilePair,
  name: string,
  tolerance: number,
): Promise<readonly driftTools.Shift[] | string> {
  const levels = await pair.levels(name, LEVELS);
  if (levels === null) return `more than ${LEVELS} different values`;
  const [then, now] = levels.map(({ counts, missing }) => {
    const all = Object.assign(Object.create(null) as Record<string, number>, counts);
    if (missing > 0) all[MISSING] = (all[MISSING] ?? 0) + missing;
    return all;
  }) as [Record<string, number>, Record<string, number>];
  return [driftTools.levelShift(name, then, now, tolerance)];
}
