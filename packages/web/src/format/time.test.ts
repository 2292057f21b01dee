import { describe, expect, test } from 'vitest';
import { day, duration, moment, utc } from './time.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('time', () => {
  test('durations name their two largest units', () => {
    expect(
      [0, 340, 64 * SECOND, 20 * MINUTE, 6 * DAY + 4 * HOUR + 5 * MINUTE, 2 * DAY].map(duration),
    ).toEqual(['0 ms', '340 ms', '1 min 4 s', '20 min', '6 d 4 h', '2 d']);
  });

  test('a local time and its UTC name the same moment', () => {
    const at = new Date(2013, 5, 14, 1, 0).getTime();
    expect([day(at), moment(at)]).toEqual(['14 Jun', '14 Jun 2013 01:00']);
    expect(Date.parse(utc(at).replace(' UTC', 'Z').replace(' ', 'T'))).toBe(at);
  });

  test('September is as short as the other months', () => {
    expect(day(new Date(2013, 8, 3).getTime())).toBe('3 Sep');
  });
});
