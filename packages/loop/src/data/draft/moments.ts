const DAY = 864e5;

/** Texts read as times: wall-clock milliseconds (as if UTC) where they carry no zone, epoch milliseconds where they do. */
export interface Moments {
  /** NaN where there is no value or none that can be read. */
  readonly values: Float64Array;
  /** Whether every value says its zone (an offset, or an epoch): then no zone needs to be known to read it. */
  readonly absolute: boolean;
  /** Forms in use, most frequent first. `pattern` is what `read.times` takes. */
  readonly forms: readonly {
    readonly pattern: string;
    readonly shown: string;
    readonly count: number;
    readonly example: string;
  }[];
  /** Values that are in none of the forms. */
  readonly unread: { readonly count: number; readonly example?: string; readonly row?: number };
  /** Values like 01/02/2013 whose order of day and month neither they nor the rest of the column tell. */
  readonly ambiguous: { readonly count: number; readonly example?: string; readonly row?: number };
  /** Whether any value has a time of day beside its date. */
  readonly hours: boolean;
}

const ISO =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)? ?(Z|[+-]\d{2}(?::?\d{2})?)?$/;
const PARTS =
  /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:([ T]|, )(\d{1,2}):(\d{2})(?::(\d{2}))?(?:( ?)([AaPp][Mm]))?)?$/;
const COMPACT = /^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/;
const EPOCH_S = /^[12]\d{9}(\.0+)?$/;
const EPOCH_MS = /^[12]\d{12}(\.0+)?$/;

const SHOWN: Readonly<Record<string, string>> = {
  iso: 'YYYY-MM-DD',
  'epoch-s': 'seconds since 1970',
  'epoch-ms': 'milliseconds since 1970',
  '%Y%m%d': 'YYYYMMDD',
};

function shownOf(pattern: string): string {
  const words: Readonly<Record<string, string>> = {
    d: 'DD',
    m: 'MM',
    Y: 'YYYY',
    y: 'YY',
    H: 'HH',
    I: 'HH',
    M: 'mm',
    S: 'ss',
    p: 'AM/PM',
  };
  return SHOWN[pattern] ?? pattern.replace(/%(\w)/g, (_, letter: string) => words[letter] ?? letter);
}

/** Undefined for what is not on the calendar: 30 February, hour 25. */
function wall(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
): number | undefined {
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return undefined;
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  return new Date(at).getUTCDate() === day ? at : undefined;
}

interface Read {
  readonly at: number;
  readonly pattern: string;
  readonly absolute: boolean;
}

function readIso(match: RegExpExecArray): Read | undefined {
  const [year, month, day, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(part => (part === undefined ? undefined : Number(part)));
  const at = wall(year!, month!, day!, hour, minute, second);
  if (at === undefined) return undefined;
  const zone = match[7];
  if (zone === undefined) return { at, pattern: 'iso', absolute: false };
  const offset = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  const minutes = offset === null ? 0 : Number(offset[2]) * 60 + Number(offset[3] ?? 0);
  return { at: at - (offset?.[1] === '-' ? -minutes : minutes) * 60_000, pattern: 'iso', absolute: true };
}

function readParts(match: RegExpExecArray, dayFirst: boolean): Read | undefined {
  const [, a, separator, b, year = '', gap, hour, minute, second, space, half] = match;
  const [day, month] = dayFirst ? [a, b] : [b, a];
  const pm = half?.toLowerCase() === 'pm';
  const hours =
    hour === undefined ? 0 : half === undefined ? Number(hour) : (Number(hour) % 12) + (pm ? 12 : 0);
  const at = wall(
    year.length === 2 ? Number(year) + (Number(year) < 69 ? 2000 : 1900) : Number(year),
    Number(month),
    Number(day),
    hours,
    Number(minute ?? 0),
    Number(second ?? 0),
  );
  if (at === undefined) return undefined;
  const date = [dayFirst ? '%d' : '%m', dayFirst ? '%m' : '%d', year.length === 2 ? '%y' : '%Y'].join(
    separator,
  );
  const clock =
    hour === undefined
      ? ''
      : `${gap}${half === undefined ? '%H' : '%I'}:%M${second === undefined ? '' : ':%S'}${half === undefined ? '' : `${space}%p`}`;
  return { at, pattern: date + clock, absolute: false };
}

/** Which of day and month stands first, as far as the column itself tells; undefined when it does not. */
function order(
  texts: readonly (string | null)[],
  chosen: boolean | undefined,
): { dayFirst: boolean | undefined; mixed: boolean } {
  let day = 0;
  let month = 0;
  for (const text of texts) {
    const match = text === null ? null : PARTS.exec(text.trim());
    if (match === null) continue;
    // The point is the separator of countries that write the day first.
    if (Number(match[1]) > 12 || match[2] === '.') day++;
    else if (Number(match[3]) > 12) month++;
  }
  const told = day > 0 && month === 0 ? true : month > 0 && day === 0 ? false : undefined;
  return { dayFirst: told ?? chosen, mixed: day > 0 && month > 0 };
}

/**
 * Reads a column of texts as times, value by value.
 * @param dayFirst what a person answered where the column does not tell
 */
export function readMoments(texts: readonly (string | null)[], dayFirst?: boolean): Moments {
  const values = new Float64Array(texts.length).fill(Number.NaN);
  const forms = new Map<string, { count: number; example: string }>();
  const unread: { count: number; example?: string; row?: number } = { count: 0 };
  const ambiguous: { count: number; example?: string; row?: number } = { count: 0 };
  const found = order(texts, dayFirst);
  let absolute = true;
  let hours = false;
  texts.forEach((raw, row) => {
    if (raw === null) return;
    const text = raw.trim();
    let read: Read | undefined;
    const iso = ISO.exec(text);
    const parts = iso === null ? PARTS.exec(text) : null;
    if (iso !== null) read = readIso(iso);
    else if (parts !== null) {
      const [a, b] = [Number(parts[1]), Number(parts[3])];
      const own = a > 12 || parts[2] === '.' ? true : b > 12 ? false : a === b ? true : undefined;
      if (own === undefined && (found.mixed || found.dayFirst === undefined) && dayFirst === undefined) {
        if (ambiguous.count++ === 0) Object.assign(ambiguous, { example: raw, row });
      }
      read = readParts(parts, own ?? found.dayFirst ?? dayFirst ?? true);
    } else if (COMPACT.test(text))
      read = asRead(
        wall(Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6))),
        '%Y%m%d',
      );
    else if (EPOCH_MS.test(text)) read = { at: Number(text), pattern: 'epoch-ms', absolute: true };
    else if (EPOCH_S.test(text)) read = { at: Number(text) * 1000, pattern: 'epoch-s', absolute: true };
    if (read === undefined) {
      if (unread.count++ === 0) Object.assign(unread, { example: raw, row });
      return;
    }
    values[row] = read.at;
    absolute &&= read.absolute;
    hours ||= read.at % DAY !== 0;
    const form = forms.get(read.pattern);
    if (form === undefined) forms.set(read.pattern, { count: 1, example: raw });
    else form.count++;
  });
  return {
    values,
    absolute: absolute && forms.size > 0,
    forms: [...forms]
      .map(([pattern, form]) => ({ pattern, shown: shownOf(pattern), ...form }))
      .sort((x, y) => y.count - x.count),
    unread,
    ambiguous,
    hours,
  };
}

function asRead(at: number | undefined, pattern: string): Read | undefined {
  return at === undefined ? undefined : { at, pattern, absolute: false };
}
