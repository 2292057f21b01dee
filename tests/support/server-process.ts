import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { TwinloopClient, type RunDetail } from '@twinloop/client';
import { vi } from 'vitest';
import { root } from './checkout.js';

// Processes take their time on a busy machine: what hangs is ended, what is slow is not.
vi.setConfig({ hookTimeout: 60_000, testTimeout: 60_000 });

const MAIN = join(root, 'packages/cli/dist/main.js');
const READY = /^twinloop ready (http\S+) data (\S+) pid (\d+)$/;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Nothing of the caller's own configuration reaches the process under test. */
function environment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(TWINLOOP|VITEST|NODE_OPTIONS)/.test(name));
  return { ...Object.fromEntries(own), ...extra };
}

function start(args: readonly string[], cwd: string, extra: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: environment(extra),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  living.add(child);
  child.once('exit', () => living.delete(child));
  return child;
}

const living = new Set<ChildProcess>();
// A test that fails half-way leaves no server behind.
process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise(resolve => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once('close', resolve);
  });
}

/** Runs the command to its end. */
export async function cli(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  const child = start(args, options.cwd ?? tmpdir(), options.env ?? {});
  let [stdout, stderr] = ['', ''];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return { code: await ended(child), stdout, stderr };
}

/** A server of its own process. */
export class ServerProcess {
  readonly url: string;
  readonly data: string;
  readonly token: string;
  /** Lines on standard output so far. */
  readonly stdout: readonly string[];
  readonly log: readonly string[];
  readonly #child: ChildProcess;

  private constructor(
    child: ChildProcess,
    known: { url: string; data: string; token: string; stdout: string[]; log: string[] },
  ) {
    this.#child = child;
    this.url = known.url;
    this.data = known.data;
    this.token = known.token;
    this.stdout = known.stdout;
    this.log = known.log;
  }

  /** Resolves when the ready line was printed; rejects with the log when the process ends before. */
  static async start(data: string, args: readonly string[] = []): Promise<ServerProcess> {
    const child = start(['--data', data, 'serve', '--port', '0', ...args], tmpdir(), {});
    const stdout: string[] = [];
    const log: string[] = [];
    createInterface({ input: child.stderr! }).on('line', line => log.push(line));
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout! }).on('line', line => {
        stdout.push(line);
        const match = READY.exec(line);
        if (match !== null) resolve(match[1]!);
      });
      child.once('close', code =>
        reject(new Error(`the server ended with ${code} before it was ready:\n${log.join('\n')}`)),
      );
    });
    const token = (await readFile(join(data, 'token'), 'utf8')).trim();
    return new ServerProcess(child, { url, data, token, stdout, log });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  client(
    options: { readonly project?: string; readonly token?: boolean; readonly key?: string } = {},
  ): TwinloopClient {
    const { project = 'small', token = true, key } = options;
    return new TwinloopClient({
      baseUrl: this.url,
      project,
      ...(token ? { token: this.token } : {}),
      ...(key === undefined ? {} : { key }),
    });
  }

  /** The command line against this server. */
  cli(
    args: readonly string[],
    options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
  ): Promise<Ended> {
    return cli(['--server', this.url, '--data', this.data, ...args], options);
  }

  /** SIGTERM, and the exit code. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    return ended(this.#child);
  }

  /** kill -9: nothing is flushed, nobody is asked. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await ended(this.#child);
  }
}

/** A directory under the system's temporary one, with what removes it. */
export async function scratch(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'twinloop-acceptance-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Asks again until the answer is there. */
export async function eventually<T>(
  ask: () => Promise<T | undefined>,
  what: string,
  ms = 30_000,
): Promise<T> {
  const until = performance.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > until) throw new Error(`${what} did not happen in ${ms} ms`);
    await wait(20);
  }
}

/** Starts a run and follows it to its end. */
export async function runToEnd(
  client: TwinloopClient,
  input: { readonly reason: string; readonly algorithms?: readonly string[] } = {
    reason: 'asked for by a test',
  },
): Promise<RunDetail> {
  const { run } = await client.startRun(input);
  return eventually(async () => {
    const detail = await client.run(run);
    return detail.status === 'running' ? undefined : detail;
  }, `the end of ${run}`);
}
