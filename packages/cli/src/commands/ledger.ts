import type { Command } from 'commander';
import { clientFor, globals, withClient } from '../context.js';
import { examples } from '../examples.js';
import { EXIT, ExitStatus } from '../exit.js';
import { print, when } from '../output.js';

export function addLedgerCommands(root: Command): void {
  const ledger = root.command('ledger').description('What was decided, why, by whom');
  examples(
    ledger
      .command('list', { isDefault: true })
      .description('Decisions in plain words, newest last')
      .option('-n, --limit <count>', 'how many', Number, 50)
      .option('--all', 'details too, not only the story')
      .action(async (own: { limit: number; all?: true }, command: Command) => {
        const options = globals(command);
        const client = await clientFor(options);
        const decisions = await client.ledger({ limit: own.limit, story: own.all !== true });
        print(options.output, decisions, list =>
          list.map(one => `${String(one.seq).padStart(5)}  ${when(one.at)}  ${one.sentence}`).join('\n'),
        );
      }),
    ['twinloop ledger', 'twinloop ledger list --all --limit 500 -o json'],
  );
  examples(
    ledger
      .command('verify')
      .description('Recompute every hash; names the first broken entry (exit 1)')
      .action(
        withClient(async (client, { output }) => {
          const result = await client.verifyLedger();
          print(output, result, one =>
            one.ok
              ? `${one.entries} entries hold; head ${one.head}`
              : `broken at entry ${one.seq}: ${one.reason}`,
          );
          if (!result.ok) throw new ExitStatus(EXIT.failure);
        }),
      ),
    ['twinloop ledger verify'],
  );
  examples(
    ledger
      .command('hash')
      .description('Hash of the decisions without ids and wall times: equal for equal seeds on any machine')
      .action(
        withClient(async (client, { output }) => print(output, await client.decisionHash(), one => one.hash)),
      ),
    ['twinloop ledger hash'],
  );
}
