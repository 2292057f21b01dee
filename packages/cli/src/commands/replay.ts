import { setTimeout as wait } from 'node:timers/promises';
import type { ReplaySpeed } from '@twinloop/client';
import { type Command, Option } from 'commander';
import { clientFor, globals } from '../context.js';
import { examples } from '../examples.js';
import { EXIT, ExitStatus } from '../exit.js';
import { many, print, when } from '../output.js';
import { Progress } from '../progress.js';

interface ReplayOptions {
  readonly source?: string;
  readonly from?: string;
  readonly until?: string;
  readonly speed: string;
  readonly baselines?: true;
  readonly wait: boolean;
}

const POLL_MS = 500;

export function speedOf(text: string): ReplaySpeed {
  return text === 'max' ? 'max' : text === '4' ? 4 : 1;
}

export function addReplayCommand(root: Command): void {
  examples(
    root
      .command('replay')
      .description(
        'Play the rows of a dataset as live requests under the virtual clock; labels arrive when they did',
      )
      .argument('<dataset>', 'its name in twinloop.yaml')
      .option('--source <file>', "other rows than the dataset's own source")
      .option('--from <time>', 'first row (default: where the first version ends)')
      .option('--until <time>', 'end (default: after the last row)')
      .addOption(
        new Option('--speed <speed>', 'times 90 s for the whole').choices(['1', '4', 'max']).default('max'),
      )
      .option('--baselines', 'score simpler policies on the same rows beside it')
      .option('--wait', 'follow it to its end (the default); the exit code says how it went', true)
      .option('--no-wait', 'return at once; `twinloop status` shows how far it is')
      .action(async (dataset: string, own: ReplayOptions, command: Command) => {
        const options = globals(command);
        const client = await clientFor(options);
        const { source, from, until, baselines } = own;
        let status = await client.startReplay({
          dataset,
          speed: speedOf(own.speed),
          ...(source === undefined ? {} : { source }),
          ...(from === undefined ? {} : { from }),
          ...(until === undefined ? {} : { until }),
          ...(baselines === undefined ? {} : { baselines }),
        });
        const progress = new Progress();
        while (own.wait && status.state !== 'finished') {
          progress.move(
            status.sent / Math.max(1, status.total),
            `${when(status.now)} · ${status.sent.toLocaleString('en-US')} of ${many(status.total, 'request')}${status.waitingFor === null ? '' : ` · waits for: ${status.waitingFor}`}`,
          );
          await wait(POLL_MS);
          status = (await client.replay()) ?? status;
        }
        progress.end();
        print(
          options.output,
          status,
          one =>
            `${one.state}: ${many(one.sent, 'request')}, ${many(one.outcomes, 'label')}, ${many(one.failures, 'failure')}, ${when(one.now)}`,
        );
        if (own.wait && status.failures > 0) throw new ExitStatus(EXIT.failure);
      }),
    ['twinloop replay flights', 'twinloop replay flights --from 2013-06-01 --until 2013-07-01 --speed 4'],
  );
}
