import type { DeliveryStatus, DeliveryView, NotificationsView } from '@twinloop/client';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { clientFor, globals, withClient } from '../context.js';
import { examples } from '../examples.js';
import { EXIT, ExitStatus } from '../exit.js';
import { print, table, when } from '../output.js';

const orNone = (at: number | null): string | null => (at === null ? null : when(at));

export function describeChannels({ channels, virtual }: NotificationsView): string {
  const rows = channels.map(one => [
    one.name,
    one.kind,
    one.target,
    one.state,
    one.counts.delivered,
    one.counts.queued + one.counts.failed,
    one.counts.givenUp,
    one.counts.withheld,
    orNone(one.lastDeliveredAt),
    one.lastError,
  ]);
  const header = [
    'channel',
    'kind',
    'to',
    'state',
    'delivered',
    'waiting',
    'given up',
    'withheld',
    'last',
    'error',
  ];
  const lines = [table(header, rows, 'no channel is declared; see `notify` in twinloop.yaml')];
  if (virtual)
    lines.push(
      '',
      'This project lives in virtual time: only channels with `replay: true` are told anything.',
    );
  return lines.join('\n');
}

export function describeLog(deliveries: readonly DeliveryView[]): string {
  return table(
    ['id', 'made', 'event', 'state', 'attempts', 'next', 'error', 'what happened'],
    deliveries.map(one => [
      one.id,
      when(one.createdAt),
      one.event,
      one.state,
      one.attempts,
      orNone(one.nextAt),
      one.lastError,
      one.sentence,
    ]),
    'nobody was told anything yet',
  );
}

function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1 || count > 1000)
    throw new InvalidArgumentError('It is a whole number from 1 to 1000.');
  return count;
}

interface LogOptions {
  readonly channel?: string;
  readonly state?: DeliveryStatus;
  readonly limit: number;
}

export function addNotifyCommands(root: Command): void {
  const notify = root.command('notify').description('Who is told what, and whether it arrived');
  examples(
    notify
      .command('list', { isDefault: true })
      .description('Channels of the project file, and how they fare')
      .action(
        withClient(async (client, { output }) => {
          print(output, await client.notifications(), describeChannels);
        }),
      ),
    ['twinloop notify list'],
  );
  examples(
    notify
      .command('test')
      .description('Send a message to a channel now; exit 1 when it does not arrive')
      .argument('<channel>', 'its name')
      .action(
        withClient(async (client, { output }, channel: string) => {
          const result = await client.testChannel(channel);
          print(
            output,
            result,
            one =>
              `${one.channel}: ${one.delivered ? 'delivered' : 'failed'} in ${one.milliseconds} ms, ${one.detail}`,
          );
          if (!result.delivered) throw new ExitStatus(EXIT.failure);
        }),
      ),
    ['twinloop notify test ops'],
  );
  examples(
    notify
      .command('log')
      .description('The delivery log, newest first')
      .option('--channel <name>', 'of one channel')
      .addOption(
        new Option('--state <state>', 'in one state').choices(['queued', 'delivered', 'failed', 'given-up']),
      )
      .option('-n, --limit <count>', 'how many', countOf, 50)
      .action(async (own: LogOptions, command: Command) => {
        const options = globals(command);
        const deliveries = await (await clientFor(options)).deliveries(own);
        print(options.output, deliveries, describeLog);
      }),
    ['twinloop notify log', 'twinloop notify log --channel ops --state failed -o json'],
  );
  examples(
    notify
      .command('retry')
      .description('Try a delivery again now, whatever its state')
      .argument('<id>', 'as `notify log` shows it')
      .action(
        withClient(async (client, { output }, id: string) => {
          const after = await client.retryDelivery(id);
          print(
            output,
            after,
            one => `${one.id}: ${one.state}${one.lastError === null ? '' : `, ${one.lastError}`}`,
          );
          if (after.state !== 'delivered') throw new ExitStatus(EXIT.failure);
        }),
      ),
    ['twinloop notify retry ops.1042'],
  );
}
