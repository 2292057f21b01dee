import { createReadStream, existsSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { Readable } from 'node:stream';
import type { TwinloopClient } from '@twinloop/client';
import { isProjectId, TwinloopError } from '@twinloop/kernel';
import { Option, type Command } from 'commander';
import { clientFor, globals, type GlobalOptions } from '../context.js';
import { examples } from '../examples.js';
import { EXIT, ExitStatus } from '../exit.js';
import { personAt, type Person } from '../init/ask.js';
import { choose, type InitOptions } from '../init/choose.js';
import { describeCheck, describeDraft, describeEnd, findingLine } from '../init/describe.js';
import { answers, isLoopback } from '../local.js';
import { print } from '../output.js';
import { starterProject } from '../starter-project.js';
import { follow } from './runs.js';
import { launch, untilStopped } from './serve.js';

async function writeNew(file: string, content: string): Promise<void> {
  try {
    await writeFile(file, content, { flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new TwinloopError('usage', {
        values: { reason: `${file} exists already` },
        hint: 'Edit it, or work in another directory.',
        cause: error,
      });
    throw new TwinloopError('file_unwritable', {
      field: file,
      values: { file, reason: message },
      cause: error,
    });
  }
}

/** The directory's name as far as it can be a project's. */
function nameHere(): string {
  const name = basename(process.cwd())
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 63);
  return isProjectId(name) ? name : 'cases';
}

async function writeStarter(given: string | undefined, { output, server }: GlobalOptions): Promise<void> {
  const name = given ?? nameHere();
  if (!isProjectId(name))
    throw new TwinloopError('usage', {
      field: 'name',
      values: { reason: `"${name}" cannot name a project` },
      hint: 'Lower-case letters, digits and hyphens, beginning with a letter or digit.',
    });
  await writeNew('twinloop.yaml', starterProject(name, server));
  print(
    output,
    { project: name, file: 'twinloop.yaml' },
    () =>
      'wrote twinloop.yaml; next: name your file and its columns in it, then `twinloop plan` and `twinloop apply`',
  );
}

/** A name with a path or an ending is a file; a project's name has neither. */
const isFile = (given: string): boolean => /[./\\]/.test(given) || existsSync(given);

interface Serving {
  readonly client: (project?: string) => Promise<TwinloopClient>;
  /** When no server answered, and one was started here. */
  readonly own: { readonly close: () => Promise<void>; readonly stopped: () => Promise<void> } | undefined;
}

/** The server that answers, or one started here for this command. @throws server_unreachable */
async function reach(options: GlobalOptions, say: (line: string) => void): Promise<Serving> {
  if (await answers(options.server))
    return { client: project => clientFor(options, project ?? 'default'), own: undefined };
  if (!isLoopback(options.server))
    throw new TwinloopError('server_unreachable', { values: { url: options.server } });
  const server = await launch(
    options.data,
    { port: Number(new URL(options.server).port || 80) },
    () => undefined,
  );
  say(`no server answers at ${options.server}; started one on ${resolve(options.data)}`);
  const here = { ...options, server: server.url };
  return {
    client: project => clientFor(here, project ?? 'default'),
    own: { close: () => server.close(), stopped: () => untilStopped(server) },
  };
}

async function upload(client: TwinloopClient, file: string) {
  const info = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new TwinloopError('file_unreadable', {
      field: file,
      values: { file, reason: error.code === 'ENOENT' ? 'there is no such file' : error.message },
      cause: error,
    });
  });
  if (!info.isFile())
    throw new TwinloopError('file_unreadable', { field: file, values: { file, reason: 'it is not a file' } });
  return client.uploadDraft(basename(file), Readable.toWeb(createReadStream(file)) as ReadableStream);
}

async function initFrom(file: string, own: InitOptions, options: GlobalOptions): Promise<void> {
  // Results go to standard output; what happens on the way does not.
  const say = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  const asks = process.stdin.isTTY && process.stderr.isTTY && own.yes !== true;
  const person: Person | undefined = asks
    ? personAt({ input: process.stdin, output: process.stderr })
    : undefined;
  const serving = await reach(options, say);
  try {
    const client = await serving.client();
    const draft = await upload(client, file);
    say(describeDraft(draft));
    const { choices, checked } = await choose(draft, own, {
      check: wanted => client.checkDraft(draft.draft, wanted),
      person,
      say,
    }).catch(async (error: unknown) => {
      await client.deleteDraft(draft.draft);
      throw error;
    });
    say(describeCheck(checked));
    const errors = checked.findings.filter(({ level }) => level === 'error');
    if (errors.length > 0) {
      await client.deleteDraft(draft.draft);
      throw new TwinloopError('draft_invalid', {
        values: { reason: errors[0]!.message },
        hint: errors[0]!.hint,
        ...(errors[0]!.column === undefined ? {} : { field: errors[0]!.column }),
        details: errors.map(finding => ({ message: findingLine(finding) })),
      });
    }
    const project =
      options.project ??
      (person === undefined
        ? draft.suggestions.project
        : await person.ask('What is the project called', draft.suggestions.project));
    const made = await client.createProject(draft.draft, { ...choices, project });
    const scoped = await serving.client(made.project);
    const run = await follow(scoped, made.run);
    if (run.status !== 'passed') {
      say(`${run.run} ${run.status}: ${run.steps.at(-1)?.summary ?? ''}`);
      for (const verdict of run.verdicts) say(`  ${verdict.gate}: ${verdict.status}, ${verdict.reason}`);
      say(`The project stands; see ${made.directory}/twinloop.yaml and \`twinloop logs ${run.run}\`.`);
      throw new ExitStatus(EXIT.failure);
    }
    const endpoint = await scoped.endpoint(made.endpoint);
    print(
      options.output,
      { ...made, status: run.status, model: run.model, curl: endpoint.curl, python: endpoint.python },
      () => describeEnd(run, endpoint, `${made.directory}/twinloop.yaml`),
    );
    if (serving.own === undefined) return;
    if (person === undefined) say('the server stops now; `twinloop serve` starts it again');
    else {
      person.close();
      say('serving; Ctrl-C stops it');
      await serving.own.stopped();
    }
  } finally {
    person?.close();
    await serving.own?.close();
  }
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');

export function addInitCommand(root: Command): void {
  examples(
    root
      .command('init')
      .description(
        'Make a project of a CSV, Parquet or JSON Lines file, from profile to answering endpoint; without a file, write a twinloop.yaml to start from',
      )
      .argument('[file]', 'the file; or the name of a project to write a starter file for')
      .option('--label <column>', 'what is to be predicted')
      .option('--positive <value>', 'the value of the label that counts as yes')
      .addOption(
        new Option('--task <task>', 'default: what the label’s values say').choices([
          'binary',
          'multiclass',
          'regression',
        ]),
      )
      .option('--time <column>', 'when a case happened; `rows` when no column says it and rows are in order')
      .option('--hour <column>', 'with --time: the column of hours that goes with a column of dates')
      .option('--timezone <zone>', 'the zone in which the times were written; never guessed')
      .option('--day-first', '01/02/2013 is 1 February')
      .option('--no-day-first', '01/02/2013 is 2 January')
      .option('--id <column>', 'the column that names a case')
      .option('--delay <delay>', 'when a label becomes known: a duration (2d), or the column that says it')
      .option('--exclude <columns>', 'columns that no model sees, separated by commas', listOf)
      .option('--yes', 'take the guesses for label and time, and leave out columns that know the answer')
      .action(async (given: string | undefined, own: InitOptions & { id?: string }, command: Command) => {
        const options = globals(command);
        if (given === undefined || !isFile(given)) return writeStarter(given, options);
        const { dayFirst, id, ...rest } = own;
        // The pair of flags has no default: neither was given unless it stands on the line.
        const said = command.getOptionValueSource('dayFirst') === 'cli' ? { dayFirst: dayFirst! } : {};
        await initFrom(given, { ...rest, ...said, ...(id === undefined ? {} : { key: id }) }, options);
      }),
    [
      'twinloop init orders.csv',
      'twinloop init bikes.csv --label cnt --time dteday --hour hr --timezone America/New_York --yes',
      'twinloop init churn.csv --label churned --positive yes --time rows --exclude note,agent -p churn',
      'twinloop init',
    ],
  );
}
