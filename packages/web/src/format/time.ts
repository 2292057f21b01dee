const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'short' });
const DAY_YEAR = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const ZONE = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short', hour: '2-digit' });

/** `14 Jun`, local. */
export function day(at: number): string {
  return DAY.format(at).replace('Sept', 'Sep');
}

/** `Jun`, local. */
export function month(at: number): string {
  return MONTH.format(at).replace('Sept', 'Sep');
}

/** `14 Jun 2013`, local. */
export function dayYear(at: number): string {
  return DAY_YEAR.format(at).replace('Sept', 'Sep');
}

/** `01:00`, local. */
export function clock(at: number): string {
  return CLOCK.format(at);
}

/** `14 Jun 2013 01:00`, local. */
export function moment(at: number): string {
  return `${dayYear(at)} ${clock(at)}`;
}

/** `14 Jun 2013`, in the zone that is named. */
export function dayYearIn(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone })
    .format(at)
    .replace('Sept', 'Sep');
}

/** `14 Jun 2013 01:00`, in the zone that is named. */
export function momentIn(at: number, timeZone: string): string {
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone });
  return `${dayYearIn(at, timeZone)} ${time.format(at)}`;
}

/** `2013-06-14 05:00:00 UTC`: what a local time says on hover. */
export function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** The name of the zone in which local times are shown. */
export function zoneName(at: number): string {
  return ZONE.formatToParts(at).find(part => part.type === 'timeZoneName')?.value ?? 'local';
}

const UNITS: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
];

/** The two largest units: `6 d 4 h`, `20 min`, `1 min 4 s`; below a second `340 ms`. */
export function duration(ms: number): string {
  const size = Math.max(0, Math.round(ms));
  const first = UNITS.findIndex(([unit]) => size >= unit);
  if (first < 0) return `${size} ms`;
  const [unit, name] = UNITS[first]!;
  const next = UNITS[first + 1];
  const rest = next === undefined ? 0 : Math.floor((size % unit) / next[0]);
  return `${Math.floor(size / unit)} ${name}${rest > 0 ? ` ${rest} ${next![1]}` : ''}`;
}
