import type { DeletionView, DependantsView, ObjectKind, TwinloopClient } from '@twinloop/client';
import { Argument, type Command } from 'commander';
import { clientFor, globals, type GlobalOptions } from '../context.js';
import { examples } from '../examples.js';
import { EXIT, ExitStatus } from '../exit.js';
import { many, print, table } from '../output.js';

function kindArgument(): Argument {
  return new Argument('<kind>', 'what it is').choices(['project', 'dataset-version', 'run', 'model']);
}
const ID = 'its name; a dataset version is `<dataset>@<version>`';

/** A project is spoken to under its own name, wherever the command is called. */
function clientOf(options: GlobalOptions, kind: ObjectKind, id: string): Promise<TwinloopClient> {
  return clientFor(options, kind === 'project' ? id : undefined);
}

function bytes(count: number): string {
  if (count < 1e6) return `${(count / 1e3).toFixed(1)} kB`;
  return count < 1e9 ? `${(count / 1e6).toFixed(1)} MB` : `${(count / 1e9).toFixed(1)} GB`;
}

export function describeDependants(view: DependantsView): string {
  const { own, all } = view.bytes;
  const counts = Object.entries(view.counts).map(([kind, count]) => many(count, kind.replace('-', ' ')));
  const lines = [
    `${view.kind} ${view.id}: ${bytes(own)}${all === own ? '' : `, ${bytes(all)} with what hangs on it`}`,
    counts.length === 0 ? 'nothing hangs on it' : counts.join(', '),
  ];
  if (view.dependants.length > 0)
    lines.push(
      '',
      table(
        ['what', 'id', '', 'made of', 'in use'],
        view.dependants.map(one => [
          one.kind,
          one.id,
          one.kind === 'rollout' ? 'stays as history' : one.archived ? 'archived' : 'in the lists',
          one.of,
          one.inUse.join('; '),
        ]),
      ),
    );
  if (view.because !== null)
    lines.push('', `${view.deletable === 'no' ? 'cannot be deleted: ' : ''}${view.because}`);
  return lines.join('\n');
}

function describeDeletion(one: DeletionView): string {
  const along = one.dependants.length === 0 ? '' : ` with ${many(one.dependants.length, 'dependant')}`;
  return `deleted ${one.kind} ${one.id}${along}: ${many(one.records, 'record')}, ${many(one.blobs, 'blob')}, ${bytes(one.bytes)}; the ledger stays`;
}

interface DeleteOptions {
  readonly reason: string;
  readonly cascade?: true;
  readonly yes?: true;
}

export function addObjectCommands(root: Command): void {
  examples(
    root
      .command('archive')
      .description('Take an object out of the lists; an archived project serves nothing and keeps everything')
      .addArgument(kindArgument())
      .argument('<id>', ID)
      .option('--reason <text>', 'goes into the ledger', 'archived from the command line')
      .action(async (kind: ObjectKind, id: string, own: { reason: string }, command: Command) => {
        const options = globals(command);
        const client = await clientOf(options, kind, id);
        print(
          options.output,
          await client.archiveObject(kind, id, own.reason),
          one => `archived ${one.kind} ${one.id}`,
        );
      }),
    [
      'twinloop archive model late@3f2a91c04b7e --reason "superseded"',
      'twinloop archive project flight-delays --reason "season is over"',
    ],
  );
  examples(
    root
      .command('restore')
      .description('Put an archived object back; a project serves again')
      .addArgument(kindArgument())
      .argument('<id>', ID)
      .action(async (kind: ObjectKind, id: string, _own: unknown, command: Command) => {
        const options = globals(command);
        const client = await clientOf(options, kind, id);
        print(options.output, await client.restoreObject(kind, id), one => `restored ${one.kind} ${one.id}`);
      }),
    ['twinloop restore project flight-delays'],
  );
  examples(
    root
      .command('delete')
      .description('Show what hangs on an archived object; with --yes delete its records and bytes for ever')
      .addArgument(kindArgument())
      .argument('<id>', ID)
      .option('--reason <text>', 'goes into the ledger', 'deleted from the command line')
      .option('--cascade', 'archived dependants too')
      .option('--yes', 'delete; without it nothing happens (exit 1)')
      .action(async (kind: ObjectKind, id: string, own: DeleteOptions, command: Command) => {
        const options = globals(command);
        const client = await clientOf(options, kind, id);
        const preview = await client.dependants(kind, id);
        if (own.yes !== true) {
          print(
            options.output,
            preview,
            view => `${describeDependants(view)}\n\nnothing was deleted: repeat with --yes`,
          );
          throw new ExitStatus(EXIT.failure);
        }
        // The result alone goes to standard output as JSON; people read the preview before it.
        if (options.output === 'text') process.stdout.write(`${describeDependants(preview)}\n\n`);
        const deleted = await client.deleteObject(kind, preview.id, {
          reason: own.reason,
          confirm: preview.id,
          ...(own.cascade === undefined ? {} : { cascade: own.cascade }),
        });
        print(options.output, deleted, describeDeletion);
      }),
    [
      'twinloop delete run run-3',
      'twinloop delete dataset-version flights@1f2e3d4c5b6a --cascade --reason "asked to forget" --yes',
    ],
  );
}
