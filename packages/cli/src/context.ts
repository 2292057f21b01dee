import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TwinloopClient } from '@twinloop/client';
import type { Command } from 'commander';
import { parse } from 'yaml';
import type { Format } from './output.js';

export interface GlobalOptions {
  readonly server: string;
  readonly data: string;
  readonly project?: string;
  readonly key?: string;
  readonly output: Format;
}

export function globals(command: Command): GlobalOptions {
  return command.optsWithGlobals();
}

/** The data directory's token, if this machine holds it: proof that the caller may run a project's commands. */
async function readToken(data: string): Promise<string | undefined> {
  try {
    return (await readFile(join(data, 'token'), 'utf8')).trim();
  } catch (error) {
    if (
      (error as NodeJS.ErrnoException).code === 'ENOENT' ||
      (error as NodeJS.ErrnoException).code === 'EACCES'
    )
      return undefined;
    throw error;
  }
}

/** The project named in ./twinloop.yaml, so that commands in a project's directory need no --project. */
async function projectHere(): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile('twinloop.yaml', 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const value: unknown = parse(text);
  const project =
    typeof value === 'object' && value !== null ? (value as { project?: unknown }).project : undefined;
  return typeof project === 'string' ? project : undefined;
}

export async function clientFor(options: GlobalOptions, project?: string): Promise<TwinloopClient> {
  const token = await readToken(options.data);
  const key = options.key ?? process.env['TWINLOOP_KEY'];
  const chosen = project ?? options.project ?? (await onlyProject(options, token, key));
  return new TwinloopClient({
    baseUrl: options.server,
    ...(chosen === undefined ? {} : { project: chosen }),
    ...(token === undefined ? {} : { token }),
    ...(key === undefined ? {} : { key }),
  });
}

/** Without a name: the project of this directory, else the server's only one. */
async function onlyProject(
  options: GlobalOptions,
  token: string | undefined,
  key: string | undefined,
): Promise<string | undefined> {
  const here = await projectHere();
  if (here !== undefined) return here;
  const client = new TwinloopClient({
    baseUrl: options.server,
    ...(token === undefined ? {} : { token }),
    ...(key === undefined ? {} : { key }),
  });
  const projects = await client.projects();
  return projects.length === 1 ? projects[0]!.project : undefined;
}

/** Registers an action that gets a client and prints what it returns. */
export function withClient<Args extends unknown[]>(
  action: (client: TwinloopClient, options: GlobalOptions, ...args: Args) => Promise<void>,
): (...args: [...Args, Record<string, unknown>, Command]) => Promise<void> {
  return async (...all) => {
    const command = all.at(-1) as Command;
    const options = globals(command);
    await action(await clientFor(options), options, ...(all.slice(0, -2) as Args));
  };
}
