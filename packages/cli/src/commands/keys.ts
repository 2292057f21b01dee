import { isProjectId, type ProjectId } from '@twinloop/kernel';
import type { Role } from '@twinloop/client';
import { InvalidArgumentError, type Command, Option } from 'commander';
import { globals } from '../context.js';
import { examples } from '../examples.js';
import { serverOrDirectory } from '../local.js';
import { print, table, when } from '../output.js';

interface CreateOptions {
  readonly role: Role;
  readonly only?: ProjectId;
}

function projectId(text: string): ProjectId {
  if (!isProjectId(text))
    throw new InvalidArgumentError('It is a name of lower-case letters, digits, hyphens.');
  return text;
}

export function addKeyCommands(root: Command): void {
  const key = root
    .command('key')
    .description(
      'API keys, of which only hashes are kept; works on the data directory when no server answers',
    );
  examples(
    key
      .command('create')
      .description('Make a key; its secret is shown once')
      .argument('<name>', 'what the key is for, as lists and the ledger show it')
      .addOption(
        new Option('--role <role>', 'what it may do')
          .choices(['viewer', 'operator', 'approver', 'admin'])
          .default('viewer'),
      )
      .option('--only <project>', 'fix it to one project', projectId)
      .action(async (name: string, own: CreateOptions, command: Command) => {
        const options = globals(command);
        const input = { name, role: own.role, project: own.only ?? null };
        // A first key is made before the first start: an empty directory will do.
        const made = await serverOrDirectory(
          options,
          { mustHoldData: false },
          { server: client => client.createKey(input), directory: local => local.keys.create(input) },
        );
        print(options.output, made, one => `${one.secret}\n(shown once; id ${one.id})`);
      }),
    [
      'twinloop key create ci --role operator --only flight-delays',
      'mkdir data && twinloop key create ops --role admin --data data   # before the first start',
    ],
  );
  examples(
    key
      .command('list')
      .description('Keys, without their secrets')
      .action(async (_own: unknown, command: Command) => {
        const options = globals(command);
        const keys = await serverOrDirectory(
          options,
          { mustHoldData: true },
          {
            server: client => client.keys(),
            directory: async local =>
              (await local.keys.list()).map(({ id, name, role, project, createdAt, revokedAt }) => ({
                id,
                name,
                role,
                project,
                createdAt,
                revokedAt,
              })),
          },
        );
        print(options.output, keys, list =>
          table(
            ['id', 'name', 'role', 'project', 'made', 'revoked'],
            list.map(one => [
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
    ['twinloop key list'],
  );
  examples(
    key
      .command('revoke')
      .description('A revoked key is refused from then on')
      .argument('<id>', 'the id that `key list` shows')
      .action(async (id: string, _own: unknown, command: Command) => {
        const options = globals(command);
        await serverOrDirectory(
          options,
          { mustHoldData: true },
          { server: client => client.revokeKey(id), directory: local => local.keys.revoke(id) },
        );
        print(options.output, { revoked: id }, () => `revoked ${id}`);
      }),
    ['twinloop key revoke 4f1c2b90ab3d'],
  );
}
