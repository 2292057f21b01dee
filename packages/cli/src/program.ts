import { createRequire } from 'node:module';
import { Command, Option } from 'commander';
import { addDataCommands } from './commands/data.js';
import { addDecisionCommands } from './commands/decisions.js';
import { addKeyCommands } from './commands/keys.js';
import { addLedgerCommands } from './commands/ledger.js';
import { addModelCommands } from './commands/models.js';
import { addProjectCommands } from './commands/project.js';
import { addReplayCommand } from './commands/replay.js';
import { addRunCommands } from './commands/runs.js';
import { addDemoCommand } from './commands/demo.js';
import { addServeCommands } from './commands/serve.js';
import { addStatusCommand } from './commands/status.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** Builds the whole command tree; docs/reference/cli.md is generated from it. */
export function program(): Command {
  const root = new Command('twinloop')
    .description('The delivery loop for models: build, test, deploy, monitor, learn, in one process.')
    .version(version)
    .addOption(
      new Option('--server <url>', 'the server to talk to')
        .env('TWINLOOP_SERVER')
        .default('http://127.0.0.1:4600'),
    )
    .addOption(
      new Option('--data <dir>', 'data directory; its token proves that you may run commands')
        .env('TWINLOOP_DATA')
        .default('.twinloop'),
    )
    .addOption(
      new Option(
        '-p, --project <name>',
        'project (default: the one of ./twinloop.yaml, or the only one)',
      ).env('TWINLOOP_PROJECT'),
    )
    .addOption(new Option('--key <key>', 'API key; better in the environment variable TWINLOOP_KEY'))
    .addOption(
      new Option('-o, --output <format>', 'how to print results').choices(['text', 'json']).default('text'),
    )
    .exitOverride()
    .showHelpAfterError('(run with --help for the options)')
    .configureHelp({ sortSubcommands: false, showGlobalOptions: true });
  addServeCommands(root);
  addDemoCommand(root);
  addProjectCommands(root);
  addRunCommands(root);
  addStatusCommand(root);
  addDecisionCommands(root);
  addModelCommands(root);
  addDataCommands(root);
  addLedgerCommands(root);
  addReplayCommand(root);
  addKeyCommands(root);
  inherit(root);
  return root;
}

/** Subcommands end by throwing too, so that every exit goes through one door. */
function inherit(command: Command): void {
  for (const child of command.commands) {
    child.exitOverride();
    inherit(child);
  }
}
