import { TwinloopError, type EpochMs } from '@twinloop/kernel';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(timezone: string): Intl.DateTimeFormat {
  let known = formats.get(timezone);
  if (known === undefined) {
    known = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(timezone, known);
  }
  return known;
}

export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

export function localTime(at: EpochMs, timezone: string): LocalTime {
  const parts: Record<string, number> = {};
  for (const { type, value } of format(timezone).formatToParts(at)) parts[type] = Number(value);
  return {
    year: parts['year']!,
    month: parts['month']!,
    day: parts['day']!,
    hour: parts['hour']!,
    minute: parts['minute']!,
    second: parts['second']!,
  };
}

/** The local day of a moment, as `2013-03-01`. */
export function localDay(at: EpochMs, timezone: string): string {
  const { year, month, day } = localTime(at, timezone);
  return [year, String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');
}

/** Milliseconds that local time is ahead of UTC at that moment. */
export function zoneOffset(at: EpochMs, timezone: string): number {
  const { year, month, day, hour, minute, second } = localTime(at, timezone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

/** The moment a local wall-clock time names. In a repeated hour the first one; in a skipped hour the moment after the gap. */
export function fromLocal(
  local: Partial<LocalTime> & { year: number; month: number; day: number },
  timezone: string,
): EpochMs {
  const utc = Date.UTC(
    local.year,
    local.month - 1,
    local.day,
    local.hour ?? 0,
    local.minute ?? 0,
    local.second ?? 0,
  );
  const early = utc - zoneOffset(utc - 864e5, timezone);
  const late = utc - zoneOffset(utc + 864e5, timezone);
  const fits = (at: number): boolean => at + zoneOffset(at, timezone) === utc;
  if (fits(early)) return early;
  return fits(late) ? late : Math.max(early, late);
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,3})?)?)?(Z|[+-]\d{2}:\d{2})?$/;

/** Whether there is such a day and time: no 30 February, no hour 25. */
function onCalendar([, year, month, day, hour = '0', minute = '0', second = '0']: RegExpExecArray): boolean {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return (
    date.getUTCMonth() === Number(month) - 1 &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60
  );
}

/** Reads an ISO date or time, to the millisecond; one without a zone is in `timezone`. @throws invalid_request */
export function parseTime(text: string, timezone: string): EpochMs {
  const match = ISO.exec(text);
  const zoned = match?.[8] === undefined ? undefined : Date.parse(text.replace(' ', 'T'));
  if (match === null || !onCalendar(match) || Number.isNaN(zoned))
    throw new TwinloopError('invalid_request', {
      values: { reason: `"${text}" is not an ISO date or time` },
    });
  if (zoned !== undefined) return zoned;
  const [year, month, day, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(part => (part === undefined ? undefined : Number(part)));
  const milliseconds = Math.round(Number(match[7] ?? 0) * 1000);
  return fromLocal({ year: year!, month: month!, day: day!, hour, minute, second }, timezone) + milliseconds;
}

/** The next time after `after` at which a local clock shows `hour`:00. */
export function nextLocalHour(after: EpochMs, hour: number, timezone: string): EpochMs {
  const { year, month, day } = localTime(after, timezone);
  for (let ahead = 0; ; ahead++) {
    const noon = new Date(Date.UTC(year, month - 1, day + ahead, 12));
    const at = fromLocal(
      { year: noon.getUTCFullYear(), month: noon.getUTCMonth() + 1, day: noon.getUTCDate(), hour },
      timezone,
    );
    if (at > after) return at;
  }
}
