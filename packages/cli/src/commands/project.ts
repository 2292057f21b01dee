import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { PlanChange, PlanView } from '@twinloop/client';
import { TwinloopError } from '@twinloop/kernel';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { clientFor, globals } from '../context.js';
import { examples } from '../examples.js';
import { EXIT, ExitStatus } from '../exit.js';
import { print } from '../output.js';

const SIGN = { create: '+', change: '~', remove: '-' } as const;

function line({ kind, path, before, after }: PlanChange): string {
  const was = before === undefined ? '' : JSON.stringify(before);
  const now = after === undefined ? '' : JSON.stringify(after);
  return `${SIGN[kind]} ${path}: ${kind === 'change' ? `${was} → ${now}` : was + now}`;
}

function describe(plan: PlanView): string {
  if (plan.changes.length === 0) return `${plan.project}: no changes`;
  return [
    `${plan.project}: ${plan.changes.length} change(s)`,
    ...plan.changes.map(change => `  ${line(change)}`),
  ].join('\n');
}

async function readProject(
  file: string,
): Promise<{ text: string; directory: string; project: string | undefined }> {
  const path = resolve(file);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new TwinloopError('dataset_file_missing', {
      values: { file },
      hint: 'Give the path of a twinloop.yaml; `twinloop init` writes one.',
      cause: error,
    });
  }
  let project: unknown;
  try {
    project = (parse(text) as { project?: unknown } | null)?.project;
  } catch {
    // The server names the syntax error with its line.
    project = undefined;
  }
  return { text, directory: dirname(path), project: typeof project === 'string' ? project : undefined };
}

const TEMPLATE = (
  project: string,
): string => `# twinloop.yaml: one project. \`twinloop plan\` shows what applying it would change.
project: ${project}
timezone: UTC
datasets:
  cases:
    source: cases.csv # CSV, Parquet or JSONL; a path beside this file, or an http(s) URL
    key: id
    time: time
    label: { column: label }
expectations:
  cases:
    - { rule: rows, min: 100 }
    - { rule: unique, columns: [id] }
features:
  inputs: [a, b]
train:
  task: binary
  candidates: { algorithms: [linear, gbt], windows: [all] }
gates:
  - { gate: metric, metric: auc, min: 0.6 }
endpoint:
  name: cases
`;

export function addProjectCommands(root: Command): void {
  examples(
    root
      .command('init')
      .description('Write a twinloop.yaml to start from')
      .argument(
        '[name]',
        'project name',
        basename(process.cwd())
          .toLowerCase()
          .replace(/[^a-z0-9-]+/g, '-'),
      )
      .action(async (name: string) => {
        try {
          await writeFile('twinloop.yaml', TEMPLATE(name), { flag: 'wx' });
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
          throw new TwinloopError('usage', {
            values: { reason: 'twinloop.yaml exists already' },
            hint: 'Edit it, or work in another directory.',
          });
        }
        process.stdout.write(
          'wrote twinloop.yaml; next: put your data beside it, then `twinloop plan` and `twinloop apply`\n',
        );
      }),
    ['twinloop init churn'],
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
