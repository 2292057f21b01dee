import type { OutcomeRecord, ProjectId } from '@twinloop/kernel';
import { memoryPredictionLog } from '@twinloop/storage';
import { describe, expect, it } from 'vitest';
import { LabelRepeats } from './label-repeats.js';

const outcome = (
  predictionId: string | null,
  value: number,
  more: Partial<OutcomeRecord> = {},
): OutcomeRecord => ({
  project: 'shop' as ProjectId,
  endpoint: 'late',
  predictionId,
  key: null,
  time: null,
  metric: 'late',
  value,
  at: 1,
  source: 'test',
  revision: 0,
  ...more,
});

function repeats(policy: ConstructorParameters<typeof LabelRepeats>[0]) {
  const log = memoryPredictionLog();
  const labels = new LabelRepeats(policy, log);
  const send = (records: readonly OutcomeRecord[]) =>
    labels.take(records, async admitted => {
      await log.appendOutcomes(admitted.records);
      return { taken: admitted.records.map(({ value }) => value), ...admitted };
    });
  return { labels, send };
}

describe('a label that comes twice', () => {
  it('last: everything is taken', async () => {
    const { send } = repeats('last');
    await send([outcome('a', 0)]);
    expect((await send([outcome('a', 1)])).taken).toEqual([1]);
  });

  it.each(['first', 'reject'] as const)('%s: the first one stays, also within one request', async policy => {
    const { send, labels } = repeats(policy);
    expect((await send([outcome('a', 0), outcome('b', 1), outcome('a', 1)])).taken).toEqual([0, 1]);
    const again = await send([outcome('b', 0), outcome('c', 1)]);
    expect(again.taken).toEqual([1]);
    expect(again.conflicts).toEqual(policy === 'reject' ? [0] : []);
    expect(again.ignored).toBe(policy === 'first' ? 1 : 0);
    expect([labels.ignored, labels.rejected]).toEqual(policy === 'first' ? [2, 0] : [0, 2]);
  });

  it.each(['first', 'reject'] as const)(
    '%s: the same again is harmless, a higher revision corrects',
    async policy => {
      const { send } = repeats(policy);
      await send([outcome('a', 0)]);
      expect((await send([outcome('a', 0, { at: 5 })])).taken).toEqual([0]);
      expect((await send([outcome('a', 1, { revision: 1 })])).taken).toEqual([1]);
      // The correction is what counts from then on.
      expect((await send([outcome('a', 0)])).taken).toEqual([]);
    },
  );

  it('of two requests at once only one is first', async () => {
    const { send } = repeats('reject');
    const [one, other] = await Promise.all([send([outcome('a', 0)]), send([outcome('a', 1)])]);
    expect([one.taken, other.taken]).toEqual([[0], []]);
  });

  it('a request that fails holds up nobody', async () => {
    const { labels, send } = repeats('first');
    const failed = labels.take([outcome('a', 0)], () => Promise.reject(new Error('disk full')));
    await expect(failed).rejects.toThrow('disk full');
    expect((await send([outcome('a', 1)])).taken).toEqual([1]);
  });

  it('cases are told apart by id, by key with its time, and by metric', async () => {
    const { send } = repeats('reject');
    const keyed = (key: string, time: number, value: number) => outcome(null, value, { key, time });
    await send([keyed('k', 1, 0), outcome('k', 1), outcome('k', 3, { metric: 'delay' })]);
    expect((await send([keyed('k', 2, 1), keyed('k', 1, 1), outcome('k', 0)])).conflicts).toEqual([1, 2]);
  });
});
