import { dirname, resolve } from 'node:path';
import type { PlanChange, PlanView } from '@twinloop/client';
import type { Command } from 'commander';
import { clientFor, globals, projectOf } from '../context.js';
import { examples } from '../examples.js';
import { EXIT, ExitStatus } from '../exit.js';
import { readNamedFile } from '../files.js';
import { many, print } from '../output.js';

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

export function addProjectCommands(root: Command): void {
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
