import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { TwinloopClient } from '@twinloop/client';

export interface ChildServer {
  readonly url: string;
  readonly readyMs: number;
  client(project?: string): TwinloopClient;
  /** Largest resident set so far in bytes; undefined where the system does not tell. */
  peakMemory(): number | undefined;
  /** SIGTERM, and the exit code it ends with. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
}

const READY = /^twinloop ready (http\S+)/;

function exited(child: ChildProcess): Promise<number | null> {
  return new Promise(resolve => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once('exit', resolve);
  });
}

/** Starts a server of its own process on a free port. Its log is kept, to be shown when something fails. */
export async function startChild(data: string): Promise<ChildServer> {
  const main = fileURLToPath(new URL('../main.js', import.meta.url));
  const started = performance.now();
  const child = spawn(process.execPath, [main, '--data', data, 'serve', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  createInterface({ input: child.stderr }).on('line', line => {
    if (/"level":"(error|warn)"/.test(line) || !line.startsWith('{')) log.push(line);
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', line => {
      const match = READY.exec(line);
      if (match !== null) resolve(match[1]!);
    });
    child.once('exit', code =>
      reject(new Error(`the server ended with ${code} before it was ready:\n${log.join('\n')}`)),
    );
  });
  const readyMs = performance.now() - started;
  const token = readFileSync(join(data, 'token'), 'utf8').trim();
  return {
    url,
    readyMs,
    client: project =>
      new TwinloopClient({ baseUrl: url, token, ...(project === undefined ? {} : { project }) }),
    peakMemory() {
      try {
        const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
        return match === null ? undefined : Number(match[1]) * 1024;
      } catch {
        // Only Linux tells; elsewhere the point says so.
        return undefined;
      }
    },
    async stop() {
      child.kill('SIGTERM');
      return exited(child);
    },
    async kill() {
      child.kill('SIGKILL');
      await exited(child);
    },
  };
}
