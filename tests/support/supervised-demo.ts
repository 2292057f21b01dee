import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { TwinloopClient } from '@twinloop/client';
import { root } from './checkout.js';

const MAIN = join(root, 'packages/cli/dist/main.js');

/** `twinloop demo`: a server under its supervisor, with the flights that it begins to play. */
export class SupervisedDemo {
  readonly #child: ChildProcess;
  readonly #url: string;
  readonly #token: string;

  private constructor(child: ChildProcess, url: string, token: string) {
    this.#child = child;
    this.#url = url;
    this.#token = token;
  }

  static async start(data: string): Promise<SupervisedDemo> {
    const child = spawn(process.execPath, [MAIN, '--data', data, 'demo', '--port', '0', '--no-open'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: Object.fromEntries(
        Object.entries(process.env).filter(([name]) => !/^(TWINLOOP|VITEST)/.test(name)),
      ),
    });
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', line => resolve(new URL(line).origin));
      child.once('exit', code => reject(new Error(`the demo ended with ${code}`)));
    });
    return new SupervisedDemo(child, url, (await readFile(join(data, 'token'), 'utf8')).trim());
  }

  get url(): string {
    return this.#url;
  }

  client(project: string): TwinloopClient {
    return new TwinloopClient({ baseUrl: this.#url, token: this.#token, project });
  }

  /** SIGTERM, and the exit code; safe to call twice. */
  stop(): Promise<number | null> {
    return new Promise(resolve => {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        return resolve(this.#child.exitCode);
      this.#child.once('exit', code => resolve(code));
      this.#child.kill('SIGTERM');
    });
  }
}
