import {
  TwinloopError,
  type BlobStore,
  type BlobUsage,
  type ContentHash,
  type ProjectId,
} from '@twinloop/kernel';
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storageError } from './errors.js';
import { sha256 } from './hash.js';

const HASH = /^[0-9a-f]{64}$/;

/**
 * Blobs as files `<directory>/<project>/<2 hex>/<2 hex>/<hash>`. A blob is written beside its place, flushed to the
 * disk and renamed into it, so that a crash leaves either the whole blob or none.
 */
export async function openBlobs(directory: string): Promise<BlobStore> {
  const place = (project: ProjectId, hash: ContentHash): string => {
    if (!HASH.test(hash)) throw new TwinloopError('not_found', { values: { what: `Blob ${hash}` } });
    return join(directory, project, hash.slice(0, 2), hash.slice(2, 4), hash);
  };
  const exists = async (file: string): Promise<boolean> => {
    try {
      await stat(file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw storageError(error, directory);
    }
  };
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw storageError(error, directory);
  }

  return {
    async put(project, bytes) {
      const hash = sha256(bytes);
      const file = place(project, hash);
      if (await exists(file)) return hash;
      const temporary = join(directory, `.${randomUUID()}.part`);
      try {
        const folder = await makeFolder(dirname(file), directory);
        await writeDurably(temporary, bytes);
        await rename(temporary, file);
        await syncFolder(folder);
      } catch (error) {
        await rm(temporary, { force: true });
        throw storageError(error, directory);
      }
      return hash;
    },
    async get(project, hash) {
      const file = place(project, hash);
      if (!(await exists(file))) throw new TwinloopError('not_found', { values: { what: `Blob ${hash}` } });
      const bytes = await readFile(file);
      if (sha256(bytes) !== hash) {
        throw new TwinloopError('storage_corrupt', { values: { reason: `blob ${hash} has changed` } });
      }
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
    has: async (project, hash) => HASH.test(hash) && exists(place(project, hash)),
    async path(project, hash) {
      const file = place(project, hash);
      if (!(await exists(file))) throw new TwinloopError('not_found', { values: { what: `Blob ${hash}` } });
      return file;
    },
    size: async (project, hash) => (HASH.test(hash) ? bytesOf(place(project, hash)) : 0),
    async delete(project, hash) {
      if (!HASH.test(hash)) return 0;
      const file = place(project, hash);
      const bytes = await bytesOf(file);
      try {
        await rm(file, { force: true });
      } catch (error) {
        throw storageError(error, directory);
      }
      return bytes;
    },
    usage: project => usageOf(join(directory, project)),
    async deleteAll(project) {
      const usage = await usageOf(join(directory, project));
      try {
        await rm(join(directory, project), { recursive: true, force: true });
      } catch (error) {
        throw storageError(error, directory);
      }
      return usage;
    },
  };
}

async function bytesOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

async function usageOf(folder: string): Promise<BlobUsage> {
  let [blobs, bytes] = [0, 0];
  try {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!HASH.test(entry.name)) continue;
      blobs++;
      bytes += await bytesOf(join(entry.parentPath, entry.name));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return { blobs, bytes };
}

async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates `folder` and flushes the entries of every folder that is new below `root`. */
async function makeFolder(folder: string, root: string): Promise<string> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first !== undefined) {
    for (let at = dirname(folder); at.length >= root.length; at = dirname(at)) await syncFolder(at);
  }
  return folder;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
