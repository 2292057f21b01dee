import type { BlobStore, ContentHash, ProjectId } from '@twinloop/kernel';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

export const project = 'shop' as ProjectId;
const other = 'other' as ProjectId;

export function blobContract(name: string, open: () => Promise<BlobStore>): void {
  describe(`blob store: ${name}`, () => {
    test('bytes come back equal under their SHA-256, however often they are put', async () => {
      const blobs = await open();
      for (const bytes of [new Uint8Array(0), Uint8Array.of(0, 255, 10), new Uint8Array(100_000).fill(7)]) {
        const hash = await blobs.put(project, bytes);
        expect(hash).toBe(createHash('sha256').update(bytes).digest('hex'));
        expect(await Promise.all([blobs.put(project, bytes), blobs.put(project, bytes)])).toEqual([
          hash,
          hash,
        ]);
        expect(Buffer.from(await blobs.get(project, hash)).equals(bytes)).toBe(true);
        expect(await blobs.has(project, hash)).toBe(true);
        expect(readFileSync(await blobs.path(project, hash)).equals(bytes)).toBe(true);
      }
    });

    test('what the caller does to its bytes later does not reach the store', async () => {
      const blobs = await open();
      const bytes = Uint8Array.of(1, 2, 3);
      const hash = await blobs.put(project, bytes);
      bytes[0] = 9;
      (await blobs.get(project, hash))[1] = 9;
      expect([...(await blobs.get(project, hash))]).toEqual([1, 2, 3]);
    });

    test('what is deleted is gone for its project alone, and its bytes are told', async () => {
      const blobs = await open();
      const [first, second] = [Uint8Array.of(1, 2, 3), new Uint8Array(1000).fill(4)];
      const hash = await blobs.put(project, first);
      const large = await blobs.put(project, second);
      await blobs.put(other, first);
      expect(await blobs.size(project, hash)).toBe(3);
      expect(await blobs.usage(project)).toEqual({ blobs: 2, bytes: 1003 });
      expect(await blobs.delete(project, hash)).toBe(3);
      expect(await blobs.delete(project, hash)).toBe(0);
      for (const nowhere of ['0'.repeat(64), '../../../etc/passwd', '']) {
        expect(await blobs.size(project, nowhere as ContentHash)).toBe(0);
        expect(await blobs.delete(project, nowhere as ContentHash)).toBe(0);
      }
      expect(await blobs.has(project, hash)).toBe(false);
      await expect(blobs.get(project, hash)).rejects.toMatchObject({ code: 'not_found' });
      expect(await blobs.has(other, hash)).toBe(true);
      expect(await blobs.put(project, first)).toBe(hash);
      expect(await blobs.deleteAll(project)).toEqual({ blobs: 2, bytes: 1003 });
      expect(await blobs.deleteAll(project)).toEqual({ blobs: 0, bytes: 0 });
      expect(await blobs.usage(project)).toEqual({ blobs: 0, bytes: 0 });
      expect(await blobs.has(project, large)).toBe(false);
      expect(await blobs.has(other, hash)).toBe(true);
    });

    test('projects are apart, and unknown or malformed hashes are not found', async () => {
      const blobs = await open();
      const hash = await blobs.put(project, Uint8Array.of(1));
      expect(await blobs.has(other, hash)).toBe(false);
      await expect(blobs.get(other, hash)).rejects.toMatchObject({ code: 'not_found' });
      for (const unknown of ['0'.repeat(64), '../../../etc/passwd', '']) {
        expect(await blobs.has(project, unknown as ContentHash)).toBe(false);
        await expect(blobs.get(project, unknown as ContentHash)).rejects.toMatchObject({ code: 'not_found' });
        await expect(blobs.path(project, unknown as ContentHash)).rejects.toMatchObject({
          code: 'not_found',
        });
      }
    });
  });
}
