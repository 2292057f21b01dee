import {
  decisionText,
  entryPreimage,
  fact,
  GENESIS,
  type AnyNewFact,
  type ContentHash,
  type Ledger,
  type ProjectId,
} from '@twinloop/kernel';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';

export const project = 'shop' as ProjectId;
const other = 'other' as ProjectId;

export function held(reason: string, more: Partial<Omit<AnyNewFact, 'type' | 'payload'>> = {}): AnyNewFact {
  return fact('PolicyHeld', { endpoint: 'delays', reason }, { at: 1000, actor: 'ana', ...more });
}
const resumed = (more: Partial<Omit<AnyNewFact, 'type' | 'payload'>> = {}): AnyNewFact =>
  fact('PolicyResumed', { endpoint: 'delays' }, { at: 2000, actor: 'bo', ...more });
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export function ledgerContract(name: string, open: () => Promise<Ledger>): void {
  describe(`ledger: ${name}`, () => {
    test('entries are numbered from 1 and each hash covers the one before', async () => {
      const ledger = await open();
      expect(await ledger.head(project)).toEqual({ seq: 0, hash: GENESIS });
      const [first, second] = await ledger.append(project, [
        held('wait', { correlation: 'c', causation: 'shop/0', idempotencyKey: 'k' }),
        resumed(),
      ]);
      expect(first).toMatchObject({
        project,
        seq: 1,
        type: 'PolicyHeld',
        v: 1,
        at: 1000,
        actor: 'ana',
        causation: 'shop/0',
        correlation: 'c',
        idempotencyKey: 'k',
        prev: GENESIS,
        payload: { endpoint: 'delays', reason: 'wait' },
      });
      expect(second).toMatchObject({ seq: 2, prev: first!.hash, correlation: null, idempotencyKey: null });
      expect(second!.hash).toBe(sha256(entryPreimage(second!)));
      expect(await ledger.head(project)).toEqual({ seq: 2, hash: second!.hash });
      expect(await ledger.read({ project })).toEqual([first, second]);
      expect(await ledger.verify(project)).toEqual({ ok: true, entries: 2, head: second!.hash });
    });

    test('an idempotency key returns the entry it made first, also within one append', async () => {
      const ledger = await open();
      const [first] = await ledger.append(project, [held('one', { idempotencyKey: 'k' })]);
      const again = await ledger.append(project, [
        held('two', { idempotencyKey: 'k', at: 5 }),
        resumed({ idempotencyKey: 'r' }),
        resumed({ idempotencyKey: 'r', at: 7 }),
      ]);
      expect(again[0]).toEqual(first);
      expect(again[2]).toEqual(again[1]);
      expect((await ledger.read({ project })).map(entry => entry.seq)).toEqual([1, 2]);
      const [elsewhere] = await ledger.append(other, [held('one', { idempotencyKey: 'k' })]);
      expect(elsewhere).toMatchObject({ project: other, seq: 1 });
    });

    test('appends of one turn keep their order, and projects have chains of their own', async () => {
      const ledger = await open();
      const results = await Promise.all(
        Array.from({ length: 40 }, (_, i) => ledger.append(i % 2 === 0 ? project : other, [held(String(i))])),
      );
      expect(results.map(([entry]) => entry!.seq)).toEqual(
        Array.from({ length: 40 }, (_, i) => Math.floor(i / 2) + 1),
      );
      expect(await ledger.verify(project)).toMatchObject({ ok: true, entries: 20 });
      expect(await ledger.verify(other)).toMatchObject({ ok: true, entries: 20 });
      expect(await ledger.append(project, [])).toEqual([]);
    });

    test('a fact that cannot be written refuses its own append only', async () => {
      const ledger = await open();
      const circular: { self?: unknown } = {};
      circular.self = circular;
      const bad = { ...held('x'), payload: circular } as unknown as AnyNewFact;
      const [good, refused] = await Promise.allSettled([
        ledger.append(project, [held('good')]),
        ledger.append(project, [bad]),
      ]);
      expect([good.status, refused.status]).toEqual(['fulfilled', 'rejected']);
      expect(await ledger.verify(project)).toMatchObject({ ok: true, entries: 1 });
    });

    test('read filters by position, type and correlation, in either direction', async () => {
      const ledger = await open();
      await ledger.append(project, [
        held('1', { correlation: 'a' }),
        resumed({ correlation: 'b' }),
        held('3', { correlation: 'b' }),
        held('4'),
      ]);
      const seqs = async (query: Omit<Parameters<Ledger['read']>[0], 'project'>) =>
        (await ledger.read({ project, ...query })).map(entry => entry.seq);
      expect(await seqs({ after: 2 })).toEqual([3, 4]);
      expect(await seqs({ types: ['PolicyHeld'] })).toEqual([1, 3, 4]);
      expect(await seqs({ types: [] })).toEqual([]);
      expect(await seqs({ correlation: 'b' })).toEqual([2, 3]);
      expect(await seqs({ limit: 2 })).toEqual([1, 2]);
      expect(await seqs({ limit: 2, descending: true, after: 1 })).toEqual([4, 3]);
      expect(await ledger.read({ project: other })).toEqual([]);
    });

    test('an erased payload is skipped by reads; the chain still verifies and its key still counts', async () => {
      const ledger = await open();
      await ledger.append(project, [held('1'), held('secret', { idempotencyKey: 'k' }), held('3')]);
      await ledger.erase(project, 2);
      await ledger.erase(project, 2);
      expect((await ledger.read({ project })).map(entry => entry.seq)).toEqual([1, 3]);
      expect(await ledger.verify(project)).toMatchObject({ ok: true, entries: 3 });
      const [same] = await ledger.append(project, [held('secret', { idempotencyKey: 'k' })]);
      expect(same!.seq).toBe(2);
    });

    test('the decision hash is that of the decision texts: wall time, salt and keys do not enter it', async () => {
      const ledger = await open();
      const entries = await ledger.append(project, [held('1', { idempotencyKey: 'k' }), resumed()]);
      const text = entries.map(entry => `${decisionText(entry)}\n`).join('');
      expect(await ledger.decisionHash(project)).toBe(sha256(text));
      expect(await ledger.decisionHash(other)).toBe(sha256('') as ContentHash);
    });

    test('whatever a payload holds is read back equal, and the chain verifies', async () => {
      const ledger = await open();
      let appended = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.string({ unit: 'grapheme' }),
          fc.double(),
          fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }),
          async (reason, at, correlation) => {
            fc.pre(Number.isFinite(at) && !Object.is(at, -0));
            const more = correlation === undefined ? { at } : { at, correlation };
            const [entry] = await ledger.append(project, [held(reason, more)]);
            appended++;
            const [back] = await ledger.read({ project, after: entry!.seq - 1, limit: 1 });
            expect(back).toEqual(entry);
            expect(back!.payload).toEqual({ endpoint: 'delays', reason: reason });
          },
        ),
        { numRuns: 60, seed: 3 },
      );
      expect(await ledger.verify(project)).toMatchObject({ ok: true, entries: appended });
    });
  });
}
