import { describe, expect, test } from 'vitest';
import { turnBatch } from './turn-batch.js';

describe('turnBatch', () => {
  test('what one turn submits, also from its promise continuations, is one batch in order', async () => {
    const batches: (readonly number[])[] = [];
    const batch = turnBatch<number, number>(items => {
      batches.push(items);
      return items.map(item => item * 2);
    });
    const later = Promise.resolve().then(() => Promise.resolve().then(() => batch.submit(3)));
    expect(await Promise.all([batch.submit(1), batch.submit(2), later])).toEqual([2, 4, 6]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  test('a batch that fails rejects its own items only', async () => {
    let fail = true;
    const batch = turnBatch<number, number>(items => {
      if (fail) throw new Error('full');
      return items;
    });
    const results = await Promise.allSettled([batch.submit(1), batch.submit(2)]);
    expect(results.map(result => result.status)).toEqual(['rejected', 'rejected']);
    fail = false;
    expect(await batch.submit(3)).toBe(3);
  });

  test('asynchronous batches do not overlap; what comes meanwhile is the next one', async () => {
    const batches: (readonly number[])[] = [];
    let running = 0;
    let rest: Promise<void>[] = [];
    const batch = turnBatch<number, void>(async items => {
      expect(++running).toBe(1);
      batches.push(items);
      if (batches.length === 1) rest = [batch.submit(2), batch.submit(3)];
      await new Promise<void>(resolve => setImmediate(resolve));
      running--;
      return items.map(() => undefined);
    });
    await batch.submit(1);
    await Promise.all(rest);
    expect(batches).toEqual([[1], [2, 3]]);
    await batch.idle();
  });
});
