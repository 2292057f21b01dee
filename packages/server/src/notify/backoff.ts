import type { DeliveryRecord, EpochMs, NotifyResult, Rng } from '@twinloop/kernel';

const FIRST_MS = 10_000;
const LONGEST_MS = 3_600_000;
export const GIVE_UP_MS = 24 * 3_600_000;

/**
 * How long to wait after the `attempts`-th failure: 10 s, doubled each time up to an hour, ± 20 % so that the messages
 * of one outage do not come back in one burst.
 */
export function pauseAfter(attempts: number, rng: Rng): number {
  const pause = Math.min(FIRST_MS * 2 ** (attempts - 1), LONGEST_MS);
  return Math.round(pause * (0.8 + 0.4 * rng.next()));
}

/** The row after an attempt that ended `now`. The last attempt is made at the very end of its time. */
export function afterAttempt(
  record: DeliveryRecord,
  result: NotifyResult,
  now: EpochMs,
  rng: Rng,
): DeliveryRecord {
  const attempts = record.attempts + 1;
  const tried = { ...record, attempts, triedAt: now };
  if (result.status === 'delivered')
    return {
      ...tried,
      state: 'delivered',
      nextAt: null,
      deliveredAt: now,
      failingSince: null,
      lastError: null,
    };
  const nextAt =
    result.retryable && now < record.giveUpAt
      ? Math.min(now + pauseAfter(attempts, rng), record.giveUpAt)
      : null;
  return {
    ...tried,
    state: nextAt === null ? 'given-up' : 'failed',
    nextAt,
    failingSince: record.failingSince ?? now,
    lastError: result.reason,
  };
}
