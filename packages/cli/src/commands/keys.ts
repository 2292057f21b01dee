import { type Command, Option } from 'commander';
import type { Role } from '@twinloop/client';
import { clientFor, globals, withClient } from '../context.js';
import { examples } from '../examples.js';
import { print, table, when } from '../output.js';

interface CreateOptions {
  readonly role: Role;
  readonly only?: string;
}

export function addKeyCommands(root: Command): void {
  const key = root.command('key').description('API keys; only their hashes are kept');
  examples(
    key
      .command('create')
      .description('Make a key; its secret is shown once')
      .argument('<name>')
      .addOption(
        new Option('--role <role>', 'what it may do')
          .choices(['viewer', 'operator', 'approver', 'admin'])
          .default('viewer'),
      )
      .option('--only <project>', 'fix it to one project')
      .action(async (name: string, own: CreateOptions, command: Command) => {
        const options = globals(command);
        const made = await (await clientFor(options)).createKey({
          name,
          role: own.role,
          project: own.only ?? null,
        });
        print(options.output, made, one => `${one.secret}\n(shown once; id ${one.id})`);
      }),
    ['twinloop key create ci --role operator --only flight-delays'],
  );
  examples(
    key
      .command('list')
      .description('Keys, without their secrets')
      .action(
        withClient(async (client, { output }) => {
          print(output, await client.keys(), keys =>
            table(
              ['id', 'name', 'role', 'project', 'made', 'revoked'],
              keys.map(one => [
                one.id,
                one.name,
                one.role,
                one.project ?? 'all',
                when(one.createdAt),
                one.revokedAt === null ? '' : when(one.revokedAt),
              ]),
            ),
          );
        }),
      ),
    ['twinloop key list'],
  );
  examples(
    key
      .command('revoke')
      .description('A revoked key is refused from then on')
      .argument('<id>')
      .action(
        withClient(async (client, _options, id: string) => {
          await client.revokeKey(id);
          process.stdout.write(`revoked ${id}\n`);
        }),
      ),
    ['twinloop key revoke 4f1c2b'],
  );
}
