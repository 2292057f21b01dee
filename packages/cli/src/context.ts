import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TwinloopClient } from '@twinloop/client';
import { DEFAULT_PROJECT, TwinloopError } from '@twinloop/kernel';
import { InvalidArgumentError, type Command } from 'commander';
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

/** @throws InvalidArgumentError for what no server can be reached by */
export function serverUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new InvalidArgumentError('It is an address like http://127.0.0.1:4600.');
  return text;
}

async function unlessAbsent(file: string, also: readonly string[] = []): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (['ENOENT', ...also].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** The data directory's token, if this machine holds it: proof that the caller may run a project's commands. */
async function readToken(data: string): Promise<string | undefined> {
  return (await unlessAbsent(join(data, 'token'), ['EACCES', 'ENOTDIR']))?.trim();
}

/** The project that a file names; undefined when it names none or is no YAML (the server says where it is wrong). */
export function projectOf(text: string): string | undefined {
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    return undefined;
  }
  const project =
    typeof value === 'object' && value !== null ? (value as { project?: unknown }).project : undefined;
  return typeof project === 'string' ? project : undefined;
}

/** The project named in ./twinloop.yaml, so that commands in a project's directory need no --project. */
export async function projectHere(): Promise<string | undefined> {
  const text = await unlessAbsent('twinloop.yaml', ['EACCES', 'EISDIR']);
  return text === undefined ? undefined : projectOf(text);
}

export async function clientFor(options: GlobalOptions, project?: string): Promise<TwinloopClient> {
  const token = await readToken(options.data);
  const key = options.key ?? process.env['TWINLOOP_KEY'];
  const connection = {
    baseUrl: options.server,
    ...(token === undefined ? {} : { token }),
    ...(key === undefined ? {} : { key }),
  };
  const chosen =
    project ??
    options.project ??
    (await projectHere()) ??
    (await onlyProject(new TwinloopClient(connection)));
  return new TwinloopClient({ ...connection, ...(chosen === undefined ? {} : { project: chosen }) });
}

/** The server's only project; undefined leaves it to the server (`default`). @throws usage when there is a choice */
async function onlyProject(client: TwinloopClient): Promise<string | undefined> {
  const names = (await client.projects()).map(({ project }) => project);
  if (names.length <= 1 || names.includes(DEFAULT_PROJECT)) return names.length === 1 ? names[0] : undefined;
  throw new TwinloopError('usage', {
    field: 'project',
    values: { reason: `There are several projects: ${names.join(', ')}` },
    hint: 'Choose one with --project, or work in the directory of its twinloop.yaml.',
  });
}

/** The endpoint that was named, or the project's only one. @throws usage when there is a choice */
export async function endpointOf(client: TwinloopClient, name: string | undefined): Promise<string> {
  if (name !== undefined) return name;
  const endpoints = await client.endpoints();
  if (endpoints.length === 1) return endpoints[0]!;
  throw new TwinloopError('usage', {
    field: 'endpoint',
    values: { reason: `Name the endpoint: ${endpoints.join(', ') || 'there is none yet'}` },
  });
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
