import { TwinloopError } from '@twinloop/kernel';

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const DAY = 86_400_000;
/** Days and quarter hours remembered a zone; beyond it the memory starts anew. */
const REMEMBERED = 4096;

/** Milliseconds to add to epoch time to get the zone's wall clock. */
export type ZoneOffset = (epochMs: number) => number;

function formatted(zone: string): ZoneOffset {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (cause) {
    throw new TwinloopError('invalid_request', {
      field: 'timezone',
      values: { reason: `there is no time zone "${zone}"` },
      hint: 'Use an IANA name such as Europe/Berlin.',
      cause,
    });
  }
  return epochMs => {
    const parts: Record<string, number> = {};
    for (const part of format.formatToParts(epochMs)) parts[part.type] = Number(part.value);
    const wall = Date.UTC(parts.year!, parts.month! - 1, parts.day, parts.hour, parts.minute, parts.second);
    return wall - Math.floor(epochMs / 1000) * 1000;
  };
}

/**
 * Offsets of an IANA zone. Asking Intl costs microseconds, so offsets are remembered: a whole UTC day when both its
 * ends agree, else (a day with a clock change) by quarter hour, on which every zone's changes since 1970 fall.
 * @throws invalid_request for an unknown zone
 */
export function zoneOffset(zone: string): ZoneOffset {
  if (zone === 'UTC') return () => 0;
  const ask = formatted(zone);
  const days = new Map<number, number>();
  const quarters = new Map<number, number>();
  const recall = (memory: Map<number, number>, key: number, compute: () => number): number => {
    let value = memory.get(key);
    if (value === undefined) {
      if (memory.size >= REMEMBERED) memory.clear();
      memory.set(key, (value = compute()));
    }
    return value;
  };
  return epochMs => {
    const day = Math.floor(epochMs / DAY);
    const offset = recall(days, day, () => {
      const from = ask(day * DAY);
      return from === ask((day + 1) * DAY) ? from : Number.NaN;
    });
    if (!Number.isNaN(offset)) return offset;
    const quarter = Math.floor(epochMs / QUARTER);
    return recall(quarters, quarter, () => ask(quarter * QUARTER));
  };
}

/** `dayofweek` counts from Monday = 0 (as pandas does), `month`, `day` and `dayofyear` from 1. */
export const DATE_PARTS = [
  'year',
  'month',
  'day',
  'dayofyear',
  'dayofweek',
  'hour',
  'minute',
  'second',
] as const;
export type DatePart = (typeof DATE_PARTS)[number];

/** The largest time an ECMAScript date can hold. */
const MAX_TIME = 8.64e15;

/** Reads one part of the wall clock in a zone; null beyond the calendar. */
export function datePart(part: DatePart, offset: ZoneOffset): (epochMs: number) => number | null {
  const read = PARTS[part];
  return epochMs => (Math.abs(epochMs) <= MAX_TIME - DAY ? read(epochMs + offset(epochMs)) : null);
}

const modulo = (a: number, b: number): number => a - b * Math.floor(a / b);

/** Parts of a wall-clock time given as milliseconds; 1970-01-01 was a Thursday. */
const PARTS: Readonly<Record<DatePart, (wall: number) => number>> = {
  year: wall => new Date(wall).getUTCFullYear(),
  month: wall => new Date(wall).getUTCMonth() + 1,
  day: wall => new Date(wall).getUTCDate(),
  dayofyear: wall => {
    const year = new Date(wall).getUTCFullYear();
    return Math.floor((wall - new Date(0).setUTCFullYear(year, 0, 1)) / DAY) + 1;
  },
  dayofweek: wall => modulo(Math.floor(wall / DAY) + 3, 7),
  hour: wall => Math.floor(modulo(wall, DAY) / (60 * MINUTE)),
  minute: wall => Math.floor(modulo(wall, 60 * MINUTE) / MINUTE),
  second: wall => Math.floor(modulo(wall, MINUTE) / 1000),
};
