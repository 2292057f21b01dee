import type { Command } from 'commander';
import { clientFor, endpointOf, globals } from '../context.js';
import { examples } from '../examples.js';
import { print, when } from '../output.js';

const VERBS = {
  promote: 'Promote the challenger of the open rollout, whatever its evidence says',
  reject: 'End the open rollout; the champion stays',
  rollback: 'Bring the model before back at once; the policy is held until `resume`',
  hold: 'Stop the policy from acting on an endpoint',
  resume: 'Let the policy act again',
} as const;

type Verb = keyof typeof VERBS;

export function addDecisionCommands(root: Command): void {
  for (const verb of Object.keys(VERBS) as Verb[]) {
    const command = root
      .command(verb)
      .description(VERBS[verb])
      .argument('[endpoint]', "endpoint (default: the project's only one)");
    if (verb !== 'resume')
      command.option('--reason <text>', 'why, for the ledger', 'decided on the command line');
    examples(
      command.action(async (endpoint: string | undefined, own: { reason?: string }) => {
        const options = globals(command);
        const client = await clientFor(options);
        const name = await endpointOf(client, endpoint);
        const decision =
          verb === 'resume' ? await client.resume(name) : await client[verb](name, own.reason ?? '');
        print(options.output, decision, one => `${when(one.at)}  ${one.sentence}`);
      }),
      [`twinloop ${verb}`, `twinloop ${verb} late${verb === 'resume' ? '' : ' --reason "agreed in review"'}`],
    );
  }
}
