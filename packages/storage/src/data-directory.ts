import { TwinloopError, type EpochMs } from '@twinloop/kernel';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { storageError } from './errors.js';
import { lockForProcess } from './process-lock.js';

export interface DataDirectoryParts {
  wallNow(): EpochMs;
  randomBytes(size: number): Uint8Array;
}

export interface DataDirectory {
  readonly path: string;
  readonly ledger: string;
  readonly metadata: string;
  readonly blobs: string;
  readonly telemetry: string;
  /** Local callers prove with this that they may read the directory; its file is `token`. */
  readonly token: string;
  /** Releases the lock. */
  close(): void;
}

const TOKEN = /^[0-9a-f]{64}$/;

/**
 * Creates (0700) or opens a data directory for this process alone.
 * @throws data_directory_locked when a live process holds it · data_directory_unwritable
 */
export function openDataDirectory(path: string, parts: DataDirectoryParts): DataDirectory {
  const directory = resolve(path);
  const failing = (error: unknown): TwinloopError => {
    if (error instanceof TwinloopError) return error;
    const known = storageError(error, directory);
    if (known.code !== 'internal') return known;
    const reason = error instanceof Error ? error.message : String(error);
    return new TwinloopError('data_directory_unwritable', { values: { directory, reason }, cause: error });
  };
  let release: () => void;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    release = lockForProcess(join(directory, 'lock'));
  } catch (error) {
    throw failing(error);
  }
  try {
    probe(directory, parts.wallNow());
    return {
      path: directory,
      ledger: join(directory, 'ledger.db'),
      metadata: join(directory, 'metadata.db'),
      blobs: join(directory, 'blobs'),
      telemetry: join(directory, 'telemetry'),
      token: tokenIn(join(directory, 'token'), parts),
      close: release,
    };
  } catch (error) {
    release();
    throw failing(error);
  }
}

/** A write that fails now is told now, not at the first fact. */
function probe(directory: string, now: EpochMs): void {
  const file = join(directory, '.probe');
  writeFileSync(file, String(now), { mode: 0o600 });
  rmSync(file);
}

function tokenIn(file: string, parts: DataDirectoryParts): string {
  try {
    const token = readFileSync(file, 'utf8').trim();
    if (TOKEN.test(token)) {
      chmodSync(file, 0o600);
      return token;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const token = Buffer.from(parts.randomBytes(32)).toString('hex');
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return token;
}
