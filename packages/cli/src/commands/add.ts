import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { TwinloopError } from '@twinloop/kernel';
import { Argument, type Command } from 'commander';
import { globals } from '../context.js';
import { examples } from '../examples.js';
import { print } from '../output.js';

/** The release of the WebAssembly runtime that the product ships; both give the same answers. */
export const NATIVE_RUNTIME = 'onnxruntime-node@1.30.0';

/** Where the package that runs ONNX models stands: what it imports is looked for there first. */
function enginesRoot(): string {
  const server = createRequire(import.meta.url).resolve('@twinloop/server');
  return dirname(dirname(createRequire(server).resolve('@twinloop/engines')));
}

function isPresent(engines: string): boolean {
  return existsSync(join(engines, 'node_modules/onnxruntime-node/package.json'));
}

/** Runs npm with its own output on stderr. @throws native_runtime_failed */
export function npmInstall(directory: string, npm = 'npm'): Promise<void> {
  const args = [
    'install',
    NATIVE_RUNTIME,
    '--prefix',
    directory,
    '--no-audit',
    '--no-fund',
    '--no-package-lock',
  ];
  return new Promise((done, failed) => {
    const refuse = (reason: string, hint?: string): void =>
      failed(
        new TwinloopError('native_runtime_failed', {
          values: { reason },
          ...(hint === undefined ? {} : { hint }),
        }),
      );
    const child = spawn(npm, args, {
      stdio: ['ignore', 2, 2],
      // Its install script would fetch GPU files from outside the registry, and fail where that is closed.
      env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
      shell: process.platform === 'win32',
    });
    child.on('error', error =>
      (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? refuse('npm is not here', 'Install npm, or leave it: models keep running in WebAssembly.')
        : refuse(error.message),
    );
    child.on('exit', (code, signal) =>
      code === 0 ? done() : refuse(`npm ended with ${signal ?? code}; its message is above`),
    );
  });
}

/**
 * Installs into a directory of its own and moves the packages beside the engine, so that npm never touches (or
 * prunes) the tree that Twinloop itself was installed in.
 * @throws native_runtime_failed · file_unwritable
 */
export async function addNativeRuntime(
  engines: string,
  install: (directory: string) => Promise<void>,
): Promise<'added' | 'present'> {
  if (isPresent(engines)) return 'present';
  const staging = join(engines, '.adding');
  try {
    await mkdir(join(engines, 'node_modules'), { recursive: true });
    await rm(staging, { recursive: true, force: true });
    await mkdir(staging);
    await install(staging);
    const packages = (await readdir(join(staging, 'node_modules'))).filter(name => !name.startsWith('.'));
    // The runtime itself last: it counts as present only when what it needs is there.
    packages.sort((a, b) => Number(a === 'onnxruntime-node') - Number(b === 'onnxruntime-node'));
    for (const name of packages) {
      const target = join(engines, 'node_modules', name);
      if (!existsSync(target)) await rename(join(staging, 'node_modules', name), target);
    }
  } catch (error) {
    if (error instanceof TwinloopError) throw error;
    throw new TwinloopError('file_unwritable', {
      field: engines,
      values: { file: engines, reason: error instanceof Error ? error.message : String(error) },
      hint: 'Run it as the user who installed Twinloop.',
      cause: error,
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return 'added';
}

export function addAddCommand(root: Command): void {
  examples(
    root
      .command('add')
      .description(
        `Add an optional part. onnx-native: ${NATIVE_RUNTIME} from the npm registry (about 290 MB), beside the product. ` +
          'ONNX models then run natively instead of in WebAssembly, with the same answers; built-in models use neither. ' +
          "npm runs with ONNXRUNTIME_NODE_INSTALL=skip, since the package's own script would download GPU files from " +
          'elsewhere. Restart the server afterwards; in a checkout `npm ci` takes it away again.',
      )
      .addArgument(new Argument('<part>', 'what to add').choices(['onnx-native']))
      .action(async (part: string, _own: unknown, command: Command) => {
        const { output } = globals(command);
        const engines = enginesRoot();
        const result = await addNativeRuntime(engines, directory => npmInstall(directory));
        print(output, { part, result, directory: engines }, one =>
          one.result === 'present'
            ? `${NATIVE_RUNTIME} is there already (${one.directory})`
            : `added ${NATIVE_RUNTIME} to ${one.directory}; restart the server`,
        );
      }),
    ['twinloop add onnx-native'],
  );
}
