import { clock, day, dayYear, moment, utc } from '../format/time.js';

const FORMS = { day, dayYear, moment, clock } as const;

/** A moment in local time; UTC on hover. */
export function Time({ at, form = 'moment' }: { at: number; form?: keyof typeof FORMS }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={utc(at)} className="whitespace-nowrap">
      {FORMS[form](at)}
    </time>
  );
}
