import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { TwinloopApiError, TwinloopClient } from '@twinloop/client';
import type { Command } from 'commander';
import { DEMO_PROJECT, playDemo } from '../demo/flights.js';
import { globals } from '../context.js';
import { examples } from '../examples.js';
import { runOnce } from '../once/run-once.js';
import { ExitStatus } from '../exit.js';
import { Supervisor } from '../supervisor/supervise.js';
import { portOf, type ServeOptions } from './serve.js';

const DEFAULT_PORT = 4600;

interface DemoOptions extends ServeOptions {
  readonly once?: true;
  readonly strict?: true;
  readonly open: boolean;
}

/** Opens the page where there is a desktop to open it on. */
function openPage(url: string): void {
  const command =
    process.platform === 'darwin'
      ? 'open'
      : process.platform === 'win32'
        ? 'explorer'
        : process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']
          ? 'xdg-open'
          : undefined;
  if (command === undefined || process.env['CI']) return;
  const child = spawn(command, [url], { stdio: 'ignore', detached: true });
  // A desktop without the opener only means that the person opens the printed address.
  child.on('error', () => undefined);
  child.unref();
}

/** What a server answers, or fails to answer, while it is being started again. */
const PASSING: readonly string[] = ['unreachable', 'shutting_down', 'run_open'];
const AGAIN_MS = 1000;

/** A server that is killed while the year is being prepared comes back; then what is left to do is done. */
async function keepPlaying(client: TwinloopClient, server: Supervisor): Promise<void> {
  let ended = false;
  void server.ended.then(() => {
    ended = true;
  });
  while (!ended) {
    try {
      return await playDemo(client, 1);
    } catch (error) {
      // An answer that was cut off in its middle is a TypeError of `fetch`.
      const passing =
        error instanceof TwinloopApiError ? PASSING.includes(error.code) : error instanceof TypeError;
      if (!passing) throw error;
    }
    // When it was asked to stop, it will have ended by then.
    await Promise.race([wait(AGAIN_MS), server.ended]);
  }
}

export function addDemoCommand(root: Command): void {
  examples(
    root
      .command('demo')
      .description(
        'The closed loop on a year of real flights; with --once, check every acceptance point and leave',
      )
      .option('--port <port>', 'port (0: any free one)', portOf)
      .option(
        '--once',
        'play the clean run and the fault runs, print one line a point, exit non-zero when a decision point fails',
      )
      .option('--strict', 'with --once: timings and sizes change the exit code too')
      .option('--no-open', 'do not open the page')
      .action(async (own: DemoOptions, command: Command) => {
        if (own.once === true) return runOnce({ strict: own.strict === true });
        const { data } = globals(command);
        // The server is a process of its own, so that it can be killed on the page and come back.
        const server = await Supervisor.start({
          data: resolve(data),
          port: own.port ?? DEFAULT_PORT,
          log: line => process.stderr.write(`${line}\n`),
        });
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
          process.on(signal, () => server.stop(signal === 'SIGHUP' ? 'SIGTERM' : signal));
        process.stdout.write(`${server.url}/p/${DEMO_PROJECT}/\n`);
        if (own.open) openPage(`${server.url}/p/${DEMO_PROJECT}/`);
        const client = new TwinloopClient({
          baseUrl: server.url,
          project: DEMO_PROJECT,
          token: (await readFile(join(data, 'token'), 'utf8')).trim(),
        });
        await Promise.race([keepPlaying(client, server), server.ended]);
        const code = await server.ended;
        if (code !== 0) throw new ExitStatus(code);
      }),
    ['npm start', 'npm start -- --once', 'npm start -- --once --strict'],
  );
}
