import { openDataDirectory } from '@twinloop/storage';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { freshDirectory } from './workspace.js';

const parts = { wallNow: () => 1, randomBytes: (size: number) => new Uint8Array(size).fill(0xab) };
const code = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('data directory', () => {
  test('it is private, and its token is made once', () => {
    const path = join(freshDirectory(), 'deep', 'data');
    const first = openDataDirectory(path, parts);
    expect(first.token).toBe('ab'.repeat(32));
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(path, 'token')).mode & 0o777).toBe(0o600);
    first.close();
    const second = openDataDirectory(path, { ...parts, randomBytes: size => new Uint8Array(size) });
    expect(second.token).toBe(first.token);
    second.close();
    expect(existsSync(join(path, 'lock'))).toBe(false);
  });

  test('a second server is refused while the first lives, and served when it has closed', () => {
    const path = freshDirectory();
    const first = openDataDirectory(path, parts);
    expect(code(() => openDataDirectory(path, parts))).toBe('data_directory_locked');
    first.close();
    openDataDirectory(path, parts).close();
  });

  test('the lock of a dead process is taken over, that of a live one is not', () => {
    const path = freshDirectory();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(join(path, 'lock'), JSON.stringify({ pid, started: 'boot/1' }));
    const taken = openDataDirectory(path, parts);
    expect((JSON.parse(readFileSync(join(path, 'lock'), 'utf8')) as { pid: number }).pid).toBe(process.pid);
    taken.close();
    // The same number, but another process: this one had started at another moment.
    writeFileSync(join(path, 'lock'), JSON.stringify({ pid: process.pid, started: 'boot/1' }));
    if (existsSync('/proc/self/stat')) openDataDirectory(path, parts).close();
    // Cut off while it was written: no one holds it.
    writeFileSync(join(path, 'lock'), '{"pid":');
    openDataDirectory(path, parts).close();
  });

  test('a place that cannot be written is told at once', () => {
    const parent = freshDirectory();
    writeFileSync(join(parent, 'file'), '');
    expect(code(() => openDataDirectory(join(parent, 'file'), parts))).toBe('data_directory_unwritable');
    expect(code(() => openDataDirectory(join(parent, 'file', 'data'), parts))).toBe(
      'data_directory_unwritable',
    );
  });
});
