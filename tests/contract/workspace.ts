import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const directories: string[] = [];
afterAll(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A directory of its own, gone when the file's tests are done. */
export function freshDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'twinloop-test-'));
  directories.push(directory);
  return directory;
}
