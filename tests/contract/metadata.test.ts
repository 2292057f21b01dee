import type { ProjectId } from '@twinloop/kernel';
import { memoryMetadata, openMetadata } from '@twinloop/storage';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { metadataContract } from './metadata-contract.js';
import { freshDirectory } from './workspace.js';

metadataContract('memory', async () => memoryMetadata());
metadataContract('embedded', () => openMetadata(join(freshDirectory(), 'metadata.db')));

describe('the embedded metadata store', () => {
  test('records survive reopening; migrations that have run do not run again', async () => {
    const file = join(freshDirectory(), 'metadata.db');
    const first = await openMetadata(file);
    await first.cursors.put('shop' as ProjectId, 'replay', 7);
    await first.close();
    const second = await openMetadata(file);
    expect(await second.cursors.get('shop' as ProjectId, 'replay')).toBe(7);
    await second.close();
  });

  test('a file that is no database is storage_corrupt, a place that cannot hold one is unwritable', async () => {
    const directory = freshDirectory();
    writeFileSync(join(directory, 'metadata.db'), 'this is not a database '.repeat(100));
    await expect(openMetadata(join(directory, 'metadata.db'))).rejects.toMatchObject({
      code: 'storage_corrupt',
    });
    mkdirSync(join(directory, 'folder'));
    for (const place of ['folder', 'no/such/metadata.db']) {
      await expect(openMetadata(join(directory, place))).rejects.toMatchObject({
        code: 'data_directory_unwritable',
      });
    }
  });
});
