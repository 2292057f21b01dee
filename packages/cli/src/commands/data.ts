import { parse, resolve } from 'node:path';
import type { TwinloopClient } from '@twinloop/client';
import { TwinloopError } from '@twinloop/kernel';
import { InvalidArgumentError, type Command } from 'commander';
import { clientFor, type GlobalOptions, globals, withClient } from '../context.js';
import { examples } from '../examples.js';
import { EXIT, ExitStatus } from '../exit.js';
import { many, print, table, when } from '../output.js';
import { checkWords, profileWords, quarantineCsv, quarantineWords } from './data/words.js';
import { writeRules } from './data/write-rules.js';

const sourceOf = (source: string): string => (/^https?:/.test(source) ? source : resolve(source));

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 100_000)
    throw new InvalidArgumentError('It is a whole number up to 100,000.');
  return value;
}

async function newestVersion(client: TwinloopClient, dataset: string): Promise<string> {
  const found = (await client.datasets()).find(
    one =>
      one.dataset === dataset && one.status === 'accepted' && !one.source.startsWith('logged requests of '),
  );
  if (found !== undefined) return found.version;
  throw new TwinloopError('not_found', {
    values: { what: `An accepted version of ${dataset}` },
    hint: 'Add one with `twinloop data add`, or name a file.',
  });
}

/** A dataset of the project, or else a file. */
const isFile = (subject: string): boolean => /[./\\]/.test(subject);

export function addDataCommands(root: Command): void {
  const data = root.command('data').description('Dataset versions by content');
  examples(
    data
      .command('list', { isDefault: true })
      .description('Versions, newest first')
      .action(
        withClient(async (client, { output }) => {
          print(output, await client.datasets(), versions =>
            table(
              ['dataset', 'version', 'status', 'rows', 'made', 'source'],
              versions.map(one => [
                one.dataset,
                one.version.slice(0, 12),
                one.status,
                one.rows,
                when(one.createdAt),
                one.source,
              ]),
            ),
          );
        }),
      ),
    ['twinloop data list'],
  );
  examples(
    data
      .command('add')
      .description('Check a file against its expectations and register it (exit 1 when it is refused)')
      .argument('<dataset>', 'its name in twinloop.yaml')
      .argument('<source>', 'a path, or an http(s) URL')
      .action(
        withClient(async (client, { output }, dataset: string, source: string) => {
          const version = await client.addDatasetVersion(dataset, sourceOf(source));
          print(
            output,
            version,
            one =>
              `${one.dataset} ${one.version.slice(0, 12)} accepted: ${one.rows} rows, ${one.checked} expectations`,
          );
        }),
      ),
    ['twinloop data add flights march.parquet'],
  );
  examples(
    data
      .command('check')
      .description(
        'Hold a file against the expectations of a dataset without registering it (exit 1 when it would be refused)',
      )
      .argument('<file>', 'a path, or an http(s) URL')
      .requiredOption('--dataset <name>', 'whose expectations')
      .action(
        withClient(async (client, options, file: string) => {
          const { output, dataset } = options as GlobalOptions & { readonly dataset: string };
          const found = await client.checkData(dataset, sourceOf(file));
          print(output, found, checkWords);
          if (found.status === 'refused') throw new ExitStatus(EXIT.failure);
        }),
      ),
    [
      'twinloop data check march.parquet --dataset flights',
      'twinloop data check march.csv --dataset flights --output json',
    ],
  );
  examples(
    data
      .command('profile')
      .description(
        'What the columns look like: of a dataset’s newest version or one that is named, or of a file (no server needed)',
      )
      .argument('<dataset|file>', 'a dataset of twinloop.yaml, dataset@version, or a path')
      .action(async (subject: string, _: unknown, command: Command) => {
        const options = globals(command);
        if (isFile(subject)) {
          const { profileFile } = await import('@twinloop/server');
          const { file, rows, profile } = await profileFile(subject);
          print(options.output, { file, rows, profile }, () => profileWords(file, rows, profile));
          return;
        }
        const client = await clientFor(options);
        const [dataset = '', named] = subject.split('@');
        const found = await client.dataset(dataset, named ?? (await newestVersion(client, dataset)));
        const { version, rows, profile } = found;
        print(options.output, { dataset, version, rows, profile }, () =>
          profileWords(`${dataset} ${version.slice(0, 12)}`, rows, profile),
        );
      }),
    [
      'twinloop data profile flights',
      'twinloop data profile flights@5ad4c1f2',
      'twinloop data profile march.parquet --output json',
    ],
  );
  examples(
    data
      .command('quarantine')
      .description('Rows of a version that were kept apart, with the reason')
      .argument('<dataset@version>', 'the version, or its first 8 or more digits')
      .option('--limit <rows>', 'so many rows at most', whole, 20)
      .option('--csv', 'all of them as CSV, with their number in the source and their reasons')
      .action(
        withClient(async (client, options, id: string) => {
          const { output, csv, limit } = options as GlobalOptions & {
            readonly csv?: true;
            readonly limit: number;
          };
          const [dataset = '', version = ''] = id.split('@');
          const view = await client.quarantine(dataset, version, { limit: csv === true ? 100_000 : limit });
          if (csv === true) process.stdout.write(quarantineCsv(view));
          else print(output, view, quarantineWords);
        }),
      ),
    [
      'twinloop data quarantine flights@5ad4c1f2',
      'twinloop data quarantine flights@5ad4c1f2 --csv > bad.csv',
    ],
  );
  examples(
    data
      .command('suggest')
      .description(
        'Propose expectations from the newest version of a dataset, or from a file, each with its reason',
      )
      .argument('<dataset|file>', 'a dataset of twinloop.yaml, or a path')
      .option('--write', 'add those that are not declared yet to ./twinloop.yaml')
      .option('--name <dataset>', 'of a file: the dataset that they are for (default: its name)')
      .action(
        withClient(async (client, options, subject: string) => {
          const { output, write, name } = options as GlobalOptions & {
            readonly write?: true;
            readonly name?: string;
          };
          const view = isFile(subject)
            ? await client.suggestionsFor(name ?? parse(subject).name, sourceOf(subject))
            : await client.suggestions(subject, await newestVersion(client, subject));
          const wanted = view.rules.filter(rule => !rule.declared);
          if (write !== true) {
            print(output, view, () => view.yaml.trimEnd());
            return;
          }
          await writeRules('twinloop.yaml', view.dataset, wanted);
          print(
            output,
            view,
            () => `twinloop.yaml: ${many(wanted.length, 'expectation')} of ${view.dataset} added`,
          );
        }),
      ),
    [
      'twinloop data suggest flights',
      'twinloop data suggest march.csv --name flights',
      'twinloop data suggest flights --write',
    ],
  );
}
