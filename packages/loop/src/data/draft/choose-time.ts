import { formatCount, TwinloopError, type DataFinding } from '@twinloop/kernel';
import { clockReport, type ClockReport } from './clock.js';
import type { LookedColumn, LookedFile } from './look.js';
import { readMoments, type Moments } from './moments.js';
import { timeFindings } from './profile-draft.js';
import type { TimeChoice } from './suggest.js';

export interface ChosenTime {
  /** Columns that say the time; none for rows in order. */
  readonly columns: readonly string[];
  /** The dated rows' column as the dataset will call it; absent for rows in order. */
  readonly as?: string;
  readonly composed: boolean;
  /** Epoch milliseconds by row of the sample, as far as order matters; NaN for rows without. */
  readonly values: Float64Array;
  /** For `read.times`: only columns that are not plainly ISO. */
  readonly forms: Readonly<Record<string, readonly string[]>>;
  readonly hours: boolean;
  readonly timezone: string;
  readonly clock: ClockReport;
  readonly findings: readonly DataFinding[];
}

export function columnNamed(file: LookedFile, name: string, field: string): LookedColumn {
  const column = file.columns.find(each => each.name === name);
  if (column !== undefined) return column;
  const found = file.columns.slice(0, 30).map(each => each.name);
  throw new TwinloopError('dataset_column_missing', {
    field,
    values: {
      column: name,
      dataset: 'the file',
      found: found.join(', ') + (file.columns.length > found.length ? ', …' : ''),
    },
  });
}

/** Patterns in an order in which none takes another's texts: `iso` last, for it reads 01/02/03 as a year 1. */
export function formsOf({ forms }: Moments): readonly string[] | undefined {
  const patterns = forms.map(({ pattern }) => pattern);
  if (patterns.length === 0 || patterns.every(pattern => pattern === 'iso')) return undefined;
  return [...patterns.filter(pattern => pattern !== 'iso'), ...patterns.filter(pattern => pattern === 'iso')];
}

/** A name that no column has, for a time made of two. */
function freeName(file: LookedFile): string {
  const taken = new Set(file.columns.map(({ name }) => name.toLowerCase()));
  return ['time', 'at', 'happened_at'].find(name => !taken.has(name)) ?? `time_${file.columns.length}`;
}

const NO_CLOCK: ClockReport = { skipped: [], doubled: [], findings: [] };
const HOUR = 36e5;

function hoursIn(column: LookedColumn): Float64Array {
  return Float64Array.from(column.texts, (text, i) => {
    if (text === null) return Number.NaN;
    const own = column.numbers?.[i];
    if (own !== undefined) return own >= 0 && own < 24 ? own : Number.NaN;
    const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim());
    if (match === null || Number(match[1]) > 23) return Number.NaN;
    return Number(match[1]) + Number(match[2]) / 60 + Number(match[3] ?? 0) / 3600;
  });
}

/**
 * Reads the chosen time: one column, a date and an hour, or the order of the rows.
 * A zone is asked for wherever the values do not carry one; none is guessed.
 * @throws dataset_column_missing · invalid_request for an unknown zone
 */
export function chooseTime(
  file: LookedFile,
  choice: TimeChoice,
  timezone: string | undefined,
  dayFirst: boolean | undefined,
): ChosenTime {
  if ('order' in choice) {
    return {
      columns: [],
      composed: false,
      values: file.probe.rowNumbers,
      forms: {},
      hours: false,
      timezone: timezone ?? 'UTC',
      clock: NO_CLOCK,
      findings: [
        {
          level: 'warning',
          code: 'time_order',
          message: 'no column says the time, so the rows are taken to stand in order, oldest first',
          hint: 'The last rows are held out to judge the model. If the order means nothing, expect figures that are too good.',
        },
      ],
    };
  }
  const composed = 'date' in choice;
  const column = columnNamed(
    file,
    composed ? choice.date : choice.column,
    composed ? 'time/date' : 'time/column',
  );
  const read =
    column.moments?.absolute === true || column.type === 'time'
      ? again(column, dayFirst)
      : readMoments(column.texts, dayFirst);
  const findings: DataFinding[] = [...timeFindings({ name: column.name, moments: read }, file)];
  const { values } = read;
  let hours = read.hours;
  if (composed) {
    const hour = columnNamed(file, choice.hour, 'time/hour');
    const offsets = hoursIn(hour);
    let wrong = 0;
    offsets.forEach((value, row) => {
      if (Number.isNaN(value) && hour.texts[row] !== null) wrong++;
      values[row] = Math.floor(values[row]! / 864e5) * 864e5 + value * HOUR;
    });
    hours = true;
    if (wrong > 0)
      findings.push({
        level: 'error',
        code: 'hour_unread',
        column: hour.name,
        message: `${hour.name}: ${formatCount(wrong)} values are no hour of the day`,
        hint: 'Hours are 0 to 23, or HH:MM.',
      });
  }
  const missing = values.reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0) - read.unread.count;
  if (missing > 0 && findings.every(({ level }) => level !== 'error'))
    findings.push({
      level: composed ? 'error' : 'warning',
      code: 'time_missing',
      column: column.name,
      message: `${formatCount(missing)} rows have no time`,
      hint: composed ? 'Fill them in, or leave the rows out.' : 'They count as older than all others.',
    });
  let clock = NO_CLOCK;
  if (!read.absolute && timezone === undefined) {
    findings.push({
      level: 'error',
      code: 'timezone_missing',
      column: column.name,
      message: `${column.name} does not say its time zone`,
      hint: 'Choose the zone in which the times were written (`timezone`), such as Europe/Zurich or UTC.',
    });
  } else {
    clock = clockReport(values, read.absolute ? 'UTC' : timezone!);
    findings.push(...clock.findings);
  }
  const forms = formsOf(read);
  return {
    columns: composed ? [column.name, choice.hour] : [column.name],
    as: composed ? freeName(file) : column.name,
    composed,
    values,
    forms:
      forms === undefined || (file.probe.format !== 'csv' && column.type === 'time')
        ? {}
        : { [column.name]: forms },
    hours,
    timezone: timezone ?? 'UTC',
    clock,
    findings,
  };
}

/** The moments again, as a copy that may be changed, with what a person said of day and month. */
function again({ texts, moments }: LookedColumn, dayFirst: boolean | undefined): Moments {
  return { ...readMoments(texts, dayFirst), absolute: moments!.absolute };
}
