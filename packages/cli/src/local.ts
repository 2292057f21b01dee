import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { TwinloopClient } from '@twinloop/client';
import { DEFAULT_PROJECT, TwinloopError, type ProjectId } from '@twinloop/kernel';
import type { LocalDirectory } from '@twinloop/server';
import { clientFor, projectHere, type GlobalOptions } from './context.js';

/** The same command, answered by a server or by the data directory itself. */
export interface EitherWay<T> {
  server(client: TwinloopClient): Promise<T>;
  directory(local: LocalDirectory): Promise<T>;
}

const PROBE_MS = 2000;

/** Whether anything speaks HTTP there; what it says is left to the command. */
export async function answers(server: string): Promise<boolean> {
  try {
    await fetch(new URL('/livez', server), { signal: AbortSignal.timeout(PROBE_MS) });
    return true;
  } catch {
    return false;
  }
}

export function isLoopback(server: string): boolean {
  const { hostname } = new URL(server);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
}

/**
 * Asks the server when one answers. Otherwise, when it would be one of this machine and the data directory is there,
 * opens the directory under its lock and says so on stderr.
 * @throws server_unreachable · data_directory_locked · whatever the command throws
 */
export async function serverOrDirectory<T>(
  options: GlobalOptions,
  { mustHoldData }: { readonly mustHoldData: boolean },
  ways: EitherWay<T>,
): Promise<T> {
  if (await answers(options.server)) return ways.server(await clientFor(options));
  const directory = resolve(options.data);
  if (!isLoopback(options.server) || !existsSync(directory))
    throw new TwinloopError('server_unreachable', {
      values: { url: options.server },
      ...(isLoopback(options.server)
        ? {
            hint: `Start one with \`twinloop serve\`, or name a data directory with --data (${directory} is not there).`,
          }
        : {}),
    });
  const { openLocal } = await import('@twinloop/server');
  let local: LocalDirectory;
  try {
    local = await openLocal(directory, { mustHoldData });
  } catch (error) {
    if (!(error instanceof TwinloopError) || error.code !== 'data_directory_locked') throw error;
    throw new TwinloopError('data_directory_locked', {
      values: { pid: /pid (\d+)/.exec(error.message)?.[1] ?? '?', directory },
      hint: `It does not answer at ${options.server}: give its address with --server.`,
      cause: error,
    });
  }
  process.stderr.write(`no server answers at ${options.server}; using ${directory} itself\n`);
  try {
    return await ways.directory(local);
  } finally {
    await local.close();
  }
}

/** The project that was asked for, that of ./twinloop.yaml, the directory's only one, or `default`. @throws not_found */
export async function localProject(options: GlobalOptions, local: LocalDirectory): Promise<ProjectId> {
  const projects = await local.projects();
  const named =
    options.project ?? (await projectHere()) ?? (projects.length === 1 ? projects[0]! : DEFAULT_PROJECT);
  const found = [DEFAULT_PROJECT, ...projects].find(project => project === named);
  if (found !== undefined) return found;
  throw new TwinloopError('not_found', {
    field: 'project',
    values: { what: `Project ${named}` },
    hint: `Applied here: ${projects.join(', ') || 'none'}. Choose one with --project.`,
  });
}
