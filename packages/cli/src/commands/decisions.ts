import { TwinloopError } from '@twinloop/kernel';
import type { TwinloopClient } from '@twinloop/client';
import type { Command } from 'commander';
import { clientFor, globals } from '../context.js';
import { examples } from '../examples.js';
import { print, when } from '../output.js';

const VERBS = {
  promote: 'Promote the challenger of the open rollout, whatever its evidence says',
  reject: 'End the open rollout; the champion stays',
  hold: 'Stop the policy from acting on an endpoint',
  resume: 'Let the policy act again',
} as const;

async function only(client: TwinloopClient): Promise<string> {
  const endpoints = await client.endpoints();
  if (endpoints.length === 1) return endpoints[0]!;
  throw new TwinloopError('usage', {
    values: { reason: `Name the endpoint: ${endpoints.join(', ') || 'there is none yet'}` },
  });
}

export function addDecisionCommands(root: Command): void {
  for (const [verb, description] of Object.entries(VERBS) as [keyof typeof VERBS, string][]) {
    examples(
      root
        .command(verb)
        .description(description)
        .argument('[endpoint]', "endpoint (default: the project's only one)")
        .option('--reason <text>', 'why, for the ledger', 'decided on the command line')
        .action(async (endpoint: string | undefined, own: { reason: string }, command: Command) => {
          const options = globals(command);
          const client = await clientFor(options);
          const name = endpoint ?? (await only(client));
          const decision =
            verb === 'resume' ? await client.resume(name) : await client[verb](name, own.reason);
          print(options.output, decision, one => `${when(one.at)}  ${one.sentence}`);
        }),
      [
        `twinloop ${verb}`,
        `twinloop ${verb} late${verb === 'resume' ? '' : ' --reason "agreed with operations"'}`,
      ],
    );
  }
}
