import { createRequire } from 'node:module';
import { TwinloopError } from '@twinloop/kernel';
import { Command, Option } from 'commander';
import { addAddCommand } from './commands/add.js';
import { addChaosCommands } from './commands/live/chaos.js';
import { addDataCommands } from './commands/data.js';
import { addDriftCommand } from './commands/drift.js';
import { addDecisionCommands } from './commands/decisions.js';
import { addEndpointCommands } from './commands/endpoint.js';
import { addLabelsCommand } from './commands/live/labels.js';
import { addInitCommand } from './commands/init.js';
import { addPredictCommand } from './commands/live/predict.js';
import { addKeyCommands } from './commands/keys.js';
import { addLedgerCommands } from './commands/ledger.js';
import { addModelCommands } from './commands/models.js';
import { addProjectCommands } from './commands/project.js';
import { addReplayCommand } from './commands/replay.js';
import { addRunCommands } from './commands/runs.js';
import { addDemoCommand } from './commands/demo.js';
import { addServeCommands } from './commands/serve.js';
import { addStatusCommand } from './commands/status.js';
import { addTodayCommand } from './commands/live/today.js';
import { serverUrl } from './context.js';
import { addFeaturesCommand } from './operate/features.js';
import { addNotifyCommands } from './operate/notify.js';
import { addObjectCommands } from './operate/objects.js';
import { addQualityCommands } from './operate/quality.js';
import { addTestCommands } from './operate/tests.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

const FORMATS = ['text', 'json'];

/** `predict` alone has a file as its output. @throws usage */
function checkFormat(command: Command): void {
  const { output } = command.optsWithGlobals<{ output: string }>();
  if (FORMATS.includes(output) || command.name() === 'predict') return;
  throw new TwinloopError('usage', {
    field: 'output',
    values: {
      reason: `option '-o, --output <format>' argument '${output}' is invalid. Allowed choices are ${FORMATS.join(', ')}.`,
    },
  });
}

/** Builds the whole command tree; docs/reference/cli.md is generated from it. */
export function program(): Command {
  const root = new Command('twinloop')
    .description('The delivery loop for models: build, test, deploy, monitor, learn, in one process.')
    .version(version)
    .addOption(
      new Option('--server <url>', 'the server to talk to')
        .env('TWINLOOP_SERVER')
        .default('http://127.0.0.1:4600')
        .argParser(serverUrl),
    )
    .addOption(
      new Option(
        '--data <dir>',
        'data directory: `serve` keeps everything there, other commands read its token or, without a server, open it',
      )
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
      new Option('-o, --output <format>', 'how to print results')
        .choices(FORMATS)
        .default('text')
        .argParser(text => text),
    )
    .hook('preAction', (_root, command) => checkFormat(command))
    .exitOverride()
    // Errors are written once, at the one door in main.ts.
    .configureOutput({ outputError: () => undefined })
    .configureHelp({ sortSubcommands: false, showGlobalOptions: true });
  addServeCommands(root);
  addDemoCommand(root);
  addInitCommand(root);
  addProjectCommands(root);
  addRunCommands(root);
  addTestCommands(root);
  addTodayCommand(root);
  addStatusCommand(root);
  addEndpointCommands(root);
  addQualityCommands(root);
  addLabelsCommand(root);
  addPredictCommand(root);
  addDecisionCommands(root);
  addModelCommands(root);
  addDataCommands(root);
  addDriftCommand(root);
  addLedgerCommands(root);
  addReplayCommand(root);
  addChaosCommands(root);
  addKeyCommands(root);
  addFeaturesCommand(root);
  addNotifyCommands(root);
  addObjectCommands(root);
  addAddCommand(root);
  return root;
}
