import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { TwinloopError } from '@twinloop/kernel';

export interface CommandJob {
  /** Program and arguments; no shell reads them. */
  readonly command: readonly string[];
  readonly directory: string;
  /** Added to a minimal environment (PATH, HOME, LANG, TMPDIR): the server's own secrets never reach a project's program. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

const KEPT = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TMPDIR', 'TZ'] as const;

/**
 * Runs a project's program and streams its lines. The whole process group is ended at the time limit or on abort.
 * @throws command_failed when it cannot be started, exits non-zero, or takes too long
 */
export async function runCommand(job: CommandJob, log: (line: string) => void): Promise<void> {
  const [program, ...args] = job.command;
  const text = job.command.join(' ');
  const environment: Record<string, string> = {};
  for (const name of KEPT) if (process.env[name] !== undefined) environment[name] = process.env[name];
  const child = spawn(program!, args, {
    cwd: job.directory,
    env: { ...environment, ...job.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let ended: string | undefined;
  const end = (reason: string): void => {
    ended ??= reason;
    if (child.pid !== undefined) {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // The group is already gone, which is what was wanted.
        child.kill('SIGKILL');
      }
    }
  };
  const timer = setTimeout(() => end(`its time limit of ${job.timeoutMs} ms`), job.timeoutMs);
  const onAbort = (): void => end('a stop');
  job.signal?.addEventListener('abort', onAbort);
  if (job.signal?.aborted === true) onAbort();
  const outputs = [child.stdout, child.stderr].map(stream => {
    const lines = createInterface({ input: stream });
    lines.on('line', log);
    return new Promise<void>(done => lines.on('close', done));
  });
  try {
    const status = await new Promise<string | undefined>(resolve => {
      child.on('error', error => resolve(error.message));
      child.on('close', (code, signal) =>
        resolve(code === 0 ? undefined : (ended ?? `exit code ${code ?? signal}`)),
      );
    });
    if (child.pid !== undefined) await Promise.all(outputs);
    if (status !== undefined)
      throw new TwinloopError('command_failed', { values: { command: text, status } });
  } finally {
    clearTimeout(timer);
    job.signal?.removeEventListener('abort', onAbort);
  }
}
