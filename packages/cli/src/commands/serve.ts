import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunningServer } from '@twinloop/server';
import { type Command, InvalidArgumentError } from 'commander';
import { globals } from '../context.js';
import { examples } from '../examples.js';
import { readNamedFile } from '../files.js';
import { leaveSupervisor, obeySupervisor, supervision } from '../supervisor/supervised.js';

export const { version: VERSION } = createRequire(import.meta.url)('../../package.json') as {
  version: string;
};

/** The built pages beside this package; absent in a checkout that was not built. */
function webRoot(): string | undefined {
  const root = fileURLToPath(new URL('../../../web/dist', import.meta.url));
  return existsSync(join(root, 'index.html')) ? root : undefined;
}

export function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new InvalidArgumentError('a port is a whole number from 0 to 65535');
  return port;
}

export interface ServeOptions {
  readonly port?: number;
  readonly host?: string;
  readonly config?: string;
}

/** Starts a server in this process; the server's code is loaded only now. */
export async function launch(
  data: string,
  own: ServeOptions,
  log: (line: string) => void,
): Promise<RunningServer> {
  // Read here first: a name that was mistyped is the user's error, not the server's.
  if (own.config !== undefined) await readNamedFile(own.config);
  const { jsonLogger, loadServerConfig, startServer } = await import('@twinloop/server');
  const config = await loadServerConfig(own.config);
  const root = webRoot();
  const supervised = supervision();
  return startServer({
    dataDirectory: resolve(data),
    config: {
      ...config,
      ...(own.port === undefined ? {} : { port: own.port }),
      ...(own.host === undefined ? {} : { host: own.host }),
    },
    logger: jsonLogger(log, Date.now),
    version: VERSION,
    ...(supervised === undefined ? {} : { supervised }),
    ...(root === undefined ? {} : { webRoot: root }),
  });
}

/** Resolves when the process was asked to stop and the server has drained. */
export function untilStopped(server: RunningServer): Promise<void> {
  return new Promise((done, failed) => {
    const stop = (): void => {
      process.off('SIGTERM', stop);
      process.off('SIGINT', stop);
      server.close().then(done, failed);
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}

export function addServeCommands(root: Command): void {
  examples(
    root
      .command('serve')
      .description('Start a server; prints one line when it is ready')
      .option('--port <port>', 'port (0: any free one; default: 4600, or what server.yaml says)', portOf)
      .option('--host <address>', 'address to listen on; anything but loopback needs a key')
      .option(
        '--config <file>',
        'server.yaml: network, fetching, durability (docs/reference/configuration.md)',
      )
      .action(async (own: ServeOptions, command: Command) => {
        const { data } = globals(command);
        const server = await launch(data, own, line => process.stderr.write(`${line}\n`));
        process.stdout.write(`twinloop ready ${server.url} data ${resolve(data)} pid ${process.pid}\n`);
        const stopped = untilStopped(server);
        if (supervision() !== undefined) obeySupervisor(server);
        await stopped;
        leaveSupervisor();
      }),
    [
      'twinloop serve',
      'twinloop serve --port 0 --data /var/lib/twinloop',
      'twinloop serve --host 0.0.0.0 --config server.yaml',
    ],
  );
}
