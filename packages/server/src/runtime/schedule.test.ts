import { VirtualClock } from '@twinloop/kernel';
import { expect, test } from 'vitest';
import { nextCron, nextLook, repeat } from './schedule.js';

const DAY = 864e5;

test('daily looks are at four local time on both sides of daylight saving', () => {
  const winter = nextLook(Date.UTC(2013, 2, 8, 12), DAY, 'America/New_York');
  const summer = nextLook(Date.UTC(2013, 2, 10, 12), DAY, 'America/New_York');
  expect([winter, summer].map(at => new Date(at).toISOString())).toEqual([
    '2013-03-09T09:00:00.000Z',
    '2013-03-11T08:00:00.000Z',
  ]);
});

test('other cadences fall on multiples of themselves', () => {
  expect(nextLook(Date.UTC(2013, 0, 1, 5, 1), 6 * 36e5, 'UTC')).toBe(Date.UTC(2013, 0, 1, 6));
  expect(nextLook(Date.UTC(2013, 0, 1, 6), 6 * 36e5, 'UTC')).toBe(Date.UTC(2013, 0, 1, 12));
});

test('cron expressions are read in their zone', () => {
  expect(nextCron(Date.UTC(2013, 6, 1), '30 2 1 * *', 'Europe/Zurich')).toBe(Date.UTC(2013, 6, 1, 0, 30));
  expect(() => nextCron(0, 'every now and then', 'UTC')).toThrow();
});

test('a series goes on after a failure, and ends when it is stopped', async () => {
  const clock = new VirtualClock(0);
  const times: number[] = [];
  const errors: unknown[] = [];
  const stop = repeat(
    clock,
    after => after + 10,
    async () => {
      times.push(clock.now());
      if (clock.now() === 20) throw new Error('once');
    },
    error => errors.push(error),
  );
  await clock.advanceTo(35);
  stop();
  await clock.advanceTo(100);
  expect(times).toEqual([10, 20, 30]);
  expect(errors).toEqual([new Error('once')]);
});
