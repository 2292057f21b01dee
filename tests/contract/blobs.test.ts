import { memoryBlobs, openBlobs } from '@twinloop/storage';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blobContract, project } from './blobs-contract.js';
import { freshDirectory } from './workspace.js';

blobContract('memory', async () => memoryBlobs());
blobContract('files', () => openBlobs(join(freshDirectory(), 'blobs')));

describe('blobs as files', () => {
  test('a changed file is storage_corrupt', async () => {
    const blobs = await openBlobs(freshDirectory());
    const hash = await blobs.put(project, Uint8Array.of(1, 2, 3));
    writeFileSync(await blobs.path(project, hash), Uint8Array.of(1, 2, 4));
    await expect(blobs.get(project, hash)).rejects.toMatchObject({ code: 'storage_corrupt' });
  });

  test('nothing temporary stays behind, and blobs survive reopening', async () => {
    const directory = freshDirectory();
    const hash = await (await openBlobs(directory)).put(project, Uint8Array.of(5));
    expect(readdirSync(directory)).toEqual([project]);
    expect([...(await (await openBlobs(directory)).get(project, hash))]).toEqual([5]);
  });

  test('a directory that cannot be made is unwritable', async () => {
    const file = join(freshDirectory(), 'file');
    writeFileSync(file, '');
    await expect(openBlobs(join(file, 'blobs'))).rejects.toMatchObject({ code: 'data_directory_unwritable' });
  });
});
