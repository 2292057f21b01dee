import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { ContentHash } from '@twinloop/kernel';

export function sha256(content: string | Uint8Array): ContentHash {
  return createHash('sha256').update(content).digest('hex') as ContentHash;
}

const LARGEST = 1 << 20;
const DATA = /\.(csv|parquet|jsonl|ndjson)$/i;
const SKIPPED = new Set(['node_modules', 'dist', '__pycache__']);

async function* files(directory: string, prefix = ''): AsyncGenerator<string> {
  const entries = await readdir(directory, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) continue;
    const path = prefix + entry.name;
    if (entry.isDirectory()) yield* files(join(directory, entry.name), `${path}/`);
    else if (entry.isFile() && !DATA.test(entry.name)) yield path;
  }
}

/**
 * One hash over a project's own code: every file of its directory up to 1 MiB but data, dot files and dependencies, by
 * name and content. `written` are files that its programs write (relative to the directory): they are no source.
 */
export async function codeDigest(directory: string, written: readonly string[] = []): Promise<ContentHash> {
  const outputs = new Set(written.map(file => relative(directory, resolve(directory, file))));
  const hash = createHash('sha256');
  for await (const path of files(directory)) {
    if (outputs.has(path) || (await stat(join(directory, path))).size > LARGEST) continue;
    hash.update(`${path}\0${sha256(await readFile(join(directory, path)))}\n`);
  }
  return hash.digest('hex') as ContentHash;
}
