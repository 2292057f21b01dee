import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromLocal, localTime, nextLocalHour, parseTime } from './zoned-time.js';

const NEW_YORK = 'America/New_York';
const iso = (at: number): string => new Date(at).toISOString();

test.each([
  ['2013-03-01', NEW_YORK, '2013-03-01T05:00:00.000Z'],
  ['2013-07-01 12:30', NEW_YORK, '2013-07-01T16:30:00.000Z'],
  ['2013-07-01T12:30:00Z', NEW_YORK, '2013-07-01T12:30:00.000Z'],
  ['2024-02-15T06:00:00+05:30', 'UTC', '2024-02-15T00:30:00.000Z'],
  ['2024-01-01', 'Asia/Kolkata', '2023-12-31T18:30:00.000Z'],
])('%s in %s is %s', (text, zone, expected) => {
  expect(iso(parseTime(text, zone))).toBe(expected);
});

test('an hour that daylight saving repeats is its first one, an hour that it skips is the moment after the gap', () => {
  expect(iso(fromLocal({ year: 2013, month: 11, day: 3, hour: 1, minute: 30 }, NEW_YORK))).toBe(
    '2013-11-03T05:30:00.000Z',
  );
  const skipped = fromLocal({ year: 2013, month: 3, day: 10, hour: 2, minute: 30 }, NEW_YORK);
  expect(localTime(skipped, NEW_YORK)).toMatchObject({ day: 10, hour: 3, minute: 30 });
});

test.each(['yesterday', '2013-13-01', '2013-02-30', '12:00', ''])('"%s" is no time', text => {
  expect(() => parseTime(text, 'UTC')).toThrow(expect.objectContaining({ code: 'invalid_request' }));
});

test('the next local hour is later, at that hour, and at most 25 hours away', () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(2012, 0, 1), max: Date.UTC(2014, 0, 1) }), after => {
      const next = nextLocalHour(after, 4, NEW_YORK);
      expect(next).toBeGreaterThan(after);
      expect(next - after).toBeLessThanOrEqual(25 * 36e5);
      expect(localTime(next, NEW_YORK)).toMatchObject({ hour: 4, minute: 0, second: 0 });
    }),
    { numRuns: 300 },
  );
});
