import { Cron } from 'croner';
import type { Clock, EpochMs } from '@twinloop/kernel';
import { nextLocalHour } from './zoned-time.js';

const DAY = 864e5;
/** Daily looks happen when the night is over and the day's labels are in. */
const DAILY_HOUR = 4;

/** The next look at the monitors: daily at four local time, or at the next multiple of a shorter or longer cadence. */
export function nextLook(after: EpochMs, every: number, timezone: string): EpochMs {
  if (every === DAY) return nextLocalHour(after, DAILY_HOUR, timezone);
  return Math.floor(after / every) * every + every;
}

/** The next time a cron expression names in a zone; undefined when it never does. @throws on a malformed expression */
export function nextCron(after: EpochMs, expression: string, timezone: string): EpochMs | undefined {
  return new Cron(expression, { timezone, paused: true }).nextRun(new Date(after))?.getTime();
}

/** Runs `work` at every time after `from` that `next` names, one after the other; a failure is reported and the series goes on. */
export function repeat(
  clock: Clock,
  next: (after: EpochMs) => EpochMs | undefined,
  work: () => Promise<void>,
  onError: (error: unknown) => void,
  from: EpochMs = clock.now(),
): () => void {
  let cancel: () => void = () => undefined;
  let stopped = false;
  const arm = (after: EpochMs): void => {
    const time = next(after);
    if (time === undefined || stopped) return;
    cancel = clock.at(time, async () => {
      try {
        await work();
      } catch (error) {
        onError(error);
      }
      arm(Math.max(time, clock.now()));
    });
  };
  arm(from);
  return () => {
    stopped = true;
    cancel();
  };
}
