import { writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { PlanChange, PlanView } from '@twinloop/client';
import { isProjectId, TwinloopError } from '@twinloop/kernel';
import type { Command } from 'commander';
import { clientFor, globals, projectOf } from '../context.js';
import { examples } from '../examples.js';
import { EXIT, ExitStatus } from '../exit.js';
import { readNamedFile } from '../files.js';
import { many, print } from '../output.js';
import { starterProject } from '../starter-project.js';

const SIGN = { create: '+', change: '~', remove: '-' } as const;

function line({ kind, path, before, after }: PlanChange): string {
  const was = before === undefined ? '' : JSON.stringify(before);
  const now = after === undefined ? '' : JSON.stringify(after);
  return `${SIGN[kind]} ${path}: ${kind === 'change' ? `${was} → ${now}` : was + now}`;
}

function describe(plan: PlanView): string {
  if (plan.changes.length === 0) return `${plan.project}: no changes`;
  return [
    `${plan.project}: ${many(plan.changes.length, 'change')}`,
    ...plan.changes.map(change => `  ${line(change)}`),
  ].join('\n');
}

async function readProject(
  file: string,
): Promise<{ text: string; directory: string; project: string | undefined }> {
  const path = resolve(file);
  const text = await readNamedFile(path, 'Give the path of a twinloop.yaml; `twinloop init` writes one.');
  return { text, directory: dirname(path), project: projectOf(text) };
}

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

export function addProjectCommands(root: Command): void {
  examples(
    root
      .command('init')
      .description('Write a twinloop.yaml to start from')
      .argument('[name]', 'project name (default: that of the directory)')
      .action(async (given: string | undefined, _own: unknown, command: Command) => {
        const { output, server } = globals(command);
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
      }),
    ['twinloop init', 'twinloop init churn'],
  );
  for (const verb of ['plan', 'apply'] as const) {
    examples(
      root
        .command(verb)
        .description(
          verb === 'plan'
            ? 'Show what applying a project file would change (exit 0: nothing, 2: changes, 1: error)'
            : 'Apply a project file; a second time changes nothing',
        )
        .argument('[file]', 'project file', 'twinloop.yaml')
        .option('--clock <time>', 'the project lives in virtual time that starts here (for replays)')
        .action(async (file: string, own: { clock?: string }, command: Command) => {
          const options = globals(command);
          const { text, directory, project } = await readProject(file);
          const client = await clientFor(options, options.project ?? project ?? 'default');
          const body = { file: text, directory, ...(own.clock === undefined ? {} : { clock: own.clock }) };
          const plan = await client[verb](body);
          print(options.output, plan, describe);
          if (verb === 'plan' && plan.changes.length > 0) throw new ExitStatus(EXIT.changes);
        }),
      verb === 'plan'
        ? ['twinloop plan', 'twinloop plan examples/flight-delays/twinloop.yaml -o json']
        : ['twinloop apply', 'twinloop apply --clock 2013-03-01 examples/flight-delays/twinloop.yaml'],
    );
  }
}
