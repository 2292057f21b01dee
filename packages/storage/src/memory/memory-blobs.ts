import {
  TwinloopError,
  type BlobStore,
  type BlobUsage,
  type ContentHash,
  type ProjectId,
} from '@twinloop/kernel';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../hash.js';

/** Blobs in memory; only `path` writes a file, into the system's temporary directory. */
export function memoryBlobs(): BlobStore {
  const blobs = new Map<string, Uint8Array>();
  const name = (project: ProjectId, hash: ContentHash): string => `${project}/${hash}`;
  const find = (project: ProjectId, hash: ContentHash): Uint8Array => {
    const bytes = blobs.get(name(project, hash));
    if (bytes === undefined) throw new TwinloopError('not_found', { values: { what: `Blob ${hash}` } });
    return bytes;
  };
  const usage = (project: ProjectId): BlobUsage => {
    const own = [...blobs].filter(([key]) => key.startsWith(`${project}/`));
    return { blobs: own.length, bytes: own.reduce((sum, [, bytes]) => sum + bytes.length, 0) };
  };
  const size = (project: ProjectId, hash: ContentHash): number => blobs.get(name(project, hash))?.length ?? 0;
  let folder: Promise<string> | undefined;
  return {
    async put(project, bytes) {
      const hash = sha256(bytes);
      blobs.set(name(project, hash), bytes.slice());
      return hash;
    },
    get: async (project, hash) => find(project, hash).slice(),
    has: async (project, hash) => blobs.has(name(project, hash)),
    async path(project, hash) {
      const bytes = find(project, hash);
      folder ??= mkdtemp(join(tmpdir(), 'twinloop-blobs-'));
      const file = join(await folder, project, hash);
      await mkdir(join(await folder, project), { recursive: true });
      await writeFile(file, bytes);
      return file;
    },
    size: async (project, hash) => size(project, hash),
    async delete(project, hash) {
      const bytes = size(project, hash);
      blobs.delete(name(project, hash));
      return bytes;
    },
    usage: async project => usage(project),
    async deleteAll(project) {
      const all = usage(project);
      for (const key of blobs.keys()) if (key.startsWith(`${project}/`)) blobs.delete(key);
      return all;
    },
  };
}
