import type { DataFinding } from '@twinloop/kernel';
import { zoneOffset, type ZoneOffset } from '@twinloop/model';

const HOUR = 36e5;
const DAY = 24 * HOUR;
/** More changes than that are not listed by name; 20 years have 40. */
const MOST_LISTED = 40;

export interface LocalHour {
  /** `2011-03-13 02:00` */
  readonly local: string;
  readonly rows: number;
}

export interface ClockReport {
  readonly skipped: readonly LocalHour[];
  readonly doubled: readonly LocalHour[];
  /** Epoch milliseconds. */
  readonly from?: number;
  readonly until?: number;
  readonly findings: readonly DataFinding[];
}

interface Change {
  readonly kind: 'skipped' | 'doubled';
  /** Wall-clock milliseconds (as if UTC): half-open. */
  readonly from: number;
  readonly until: number;
}

/** The moments at which a zone's clock is set, between two moments. */
function changes(offset: ZoneOffset, from: number, until: number): Change[] {
  const found: Change[] = [];
  for (let day = Math.floor(from / DAY) * DAY; day < until + DAY; day += DAY) {
    const [before, after] = [offset(day), offset(day + DAY)];
    if (before === after) continue;
    let low = day;
    let high = day + DAY;
    while (high - low > 60_000) {
      const middle = Math.floor((low + high) / 2 / 60_000) * 60_000;
      if (offset(middle) === before) low = middle;
      else high = middle;
    }
    const [x, y] = [high + before, high + after];
    found.push(x < y ? { kind: 'skipped', from: x, until: y } : { kind: 'doubled', from: y, until: x });
  }
  return found;
}

const shown = (wall: number): string => new Date(wall).toISOString().slice(0, 16).replace('T', ' ');

function rowsWord(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'row' : 'rows'}`;
}

/**
 * What a zone's daylight saving does to wall-clock times: hours that do not exist there, and hours that come twice.
 * @param wall wall-clock milliseconds as if UTC, in the file's order; NaN where there is none
 */
export function clockReport(wall: Float64Array, timezone: string): ClockReport {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of wall) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return { skipped: [], doubled: [], findings: [] };
  const offset = zoneOffset(timezone);
  const epoch = (value: number): number => value - offset(value - offset(value));
  const findings: DataFinding[] = [];
  const listed: Record<Change['kind'], LocalHour[]> = { skipped: [], doubled: [] };
  for (const change of changes(offset, low - DAY, high + DAY)) {
    if (change.until <= low || change.from > high) continue;
    const rows = wall.reduce((sum, value) => sum + (value >= change.from && value < change.until ? 1 : 0), 0);
    listed[change.kind].push({ local: shown(change.from), rows });
    if (rows === 0) continue;
    const gap = change.until - change.from;
    findings.push(
      change.kind === 'skipped'
        ? {
            level: 'warning',
            code: 'hour_skipped',
            message: `${shown(change.from)} does not exist in ${timezone}: ${rowsWord(rows)} moved to ${shown(change.from + gap).slice(11)}`,
            hint: 'If the times were written in another zone (UTC, say), choose that one.',
          }
        : {
            level: 'info',
            code: 'hour_doubled',
            message: `${shown(change.from)} comes twice in ${timezone}: ${rowsWord(rows)} of it kept in the file's order, read as the second`,
            hint: 'Nothing to do unless minutes matter; times with an offset (+01:00) leave no doubt.',
          },
    );
  }
  const shorten = (hours: readonly LocalHour[]): readonly LocalHour[] =>
    hours.length <= MOST_LISTED ? hours : hours.filter(({ rows }) => rows > 0).slice(-MOST_LISTED);
  return {
    skipped: shorten(listed.skipped),
    doubled: shorten(listed.doubled),
    from: epoch(low),
    until: epoch(high),
    findings,
  };
}
