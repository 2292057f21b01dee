import { TwinloopError } from '@twinloop/kernel';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A process that cannot be mistaken for a later one with the same number. */
interface Holder {
  readonly pid: number;
  /** Where the system tells: the boot and the moment within it at which the process started. */
  readonly started: string;
}

/** A lock file that names a live process. @returns its release. @throws data_directory_locked */
export function lockForProcess(file: string): () => void {
  const self: Holder = { pid: process.pid, started: startOf(process.pid) };
  const own = `${file}.${process.pid}`;
  // Linking a finished file makes the lock appear whole or not at all.
  writeFileSync(own, JSON.stringify(self), { mode: 0o600 });
  try {
    for (;;) {
      try {
        linkSync(own, file);
        return () => {
          if (holderOf(file)?.pid === self.pid) rmSync(file, { force: true });
        };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = holderOf(file);
      if (holder !== undefined && isAlive(holder)) throw locked(file, holder);
      moveAside(file, holder);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** Takes a dead process's lock away; puts back what another process may have placed there since it was looked at. */
function moveAside(file: string, stale: Holder | undefined): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = holderOf(aside);
  if (moved !== undefined && (moved.pid !== stale?.pid || moved.started !== stale.started)) {
    renameSync(aside, file);
    throw locked(file, moved);
  }
  rmSync(aside, { force: true });
}

function locked(file: string, holder: Holder): TwinloopError {
  return new TwinloopError('data_directory_locked', {
    values: { pid: holder.pid, directory: dirname(file) },
  });
}

function holderOf(file: string): Holder | undefined {
  try {
    const { pid, started } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder>;
    return typeof pid === 'number' && typeof started === 'string' ? { pid, started } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to someone else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startOf(pid) === started;
}

function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces; the start time is the 20th field after it.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${ticks}`;
  } catch {
    return '';
  }
}
