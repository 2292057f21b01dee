import { resolve } from 'node:path';
import type { Command } from 'commander';
import { withClient } from '../context.js';
import { examples } from '../examples.js';
import { print, table, when } from '../output.js';

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
          const path = /^https?:/.test(source) ? source : resolve(source);
          const version = await client.addDatasetVersion(dataset, path);
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
}
