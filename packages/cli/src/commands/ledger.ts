import { DEFAULT_PROJECT, TwinloopError } from '@twinloop/kernel';
import { InvalidArgumentError, type Command } from 'commander';
import { globals } from '../context.js';
import { examples } from '../examples.js';
import { EXIT, ExitStatus } from '../exit.js';
import { localProject, serverOrDirectory } from '../local.js';
import { print, when } from '../output.js';

export function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1)
    throw new InvalidArgumentError('It is a whole number from 1.');
  return count;
}

/** Reading the book needs no server: the data directory is opened when none answers. */
const FROM_DIRECTORY = { mustHoldData: true } as const;

export function addLedgerCommands(root: Command): void {
  const ledger = root
    .command('ledger')
    .description('What was decided, why, by whom; works on the data directory when no server answers');
  examples(
    ledger
      .command('list', { isDefault: true })
      .description('Decisions in plain words, newest last')
      .option('-n, --limit <count>', 'how many', countOf, 50)
      .option('--all', 'details too, not only the story')
      .action(async (own: { limit: number; all?: true }, command: Command) => {
        const options = globals(command);
        const query = { limit: own.limit, story: own.all !== true };
        const decisions = await serverOrDirectory(options, FROM_DIRECTORY, {
          server: client => client.ledger(query),
          directory: async local => local.ledger.decisions(await localProject(options, local), query),
        });
        print(
          options.output,
          decisions,
          list =>
            list.map(one => `${String(one.seq).padStart(5)}  ${when(one.at)}  ${one.sentence}`).join('\n') ||
            'nothing was decided yet',
        );
      }),
    ['twinloop ledger', 'twinloop ledger list --all --limit 500 -o json'],
  );
  examples(
    ledger
      .command('verify')
      .description('Recompute every hash; names the first broken entry (exit 1)')
      .action(async (_own: unknown, command: Command) => {
        const options = globals(command);
        const result = await serverOrDirectory(options, FROM_DIRECTORY, {
          server: client => client.verifyLedger(),
          directory: async local => local.ledger.verify(await localProject(options, local)),
        });
        if (options.output === 'json') {
          print(options.output, result, String);
          if (!result.ok) throw new ExitStatus(EXIT.failure);
          return;
        }
        if (!result.ok)
          throw new TwinloopError('ledger_broken', {
            field: `entry ${result.seq}`,
            values: {
              project: options.project ?? DEFAULT_PROJECT,
              seq: result.seq,
              reason: result.reason,
            },
          });
        print(
          options.output,
          result,
          one =>
            `${one.entries.toLocaleString('en-US')} ${one.entries === 1 ? 'entry holds' : 'entries hold'}; head ${one.head}`,
        );
      }),
    ['twinloop ledger verify', 'twinloop ledger verify --data /var/lib/twinloop -o json'],
  );
  examples(
    ledger
      .command('hash')
      .description('Hash of the decisions without ids and wall times: equal for equal seeds on any machine')
      .action(async (_own: unknown, command: Command) => {
        const options = globals(command);
        const result = await serverOrDirectory(options, FROM_DIRECTORY, {
          server: client => client.decisionHash(),
          directory: async local => {
            const project = await localProject(options, local);
            return {
              hash: await local.ledger.decisionHash(project),
              state: await local.ledger.stateHash(project),
            };
          },
        });
        print(options.output, result, one => one.hash);
      }),
    ['twinloop ledger hash'],
  );
}
