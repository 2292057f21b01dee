import { setTimeout as wait } from 'node:timers/promises';
import type { ChaosBoard, ChaosInput, ChaosView, TwinloopClient } from '@twinloop/client';
import { TwinloopApiError } from '@twinloop/client';
import { TwinloopError } from '@twinloop/kernel';
import { type Command, Option } from 'commander';
import { clientFor, globals } from '../../context.js';
import { examples } from '../../examples.js';
import { EXIT, ExitStatus } from '../../exit.js';
import { many, print, table, when } from '../../output.js';
import { Progress } from '../../progress.js';

/** What is typed for each fault. */
const WORDS = {
  poison: 'poison-batch',
  flip: 'flip-sensor',
  'worse-model': 'worse-model',
  'delay-labels': 'delay-labels',
  kill: 'kill-server',
} as const satisfies Record<string, ChaosInput['kind']>;

type Word = keyof typeof WORDS;

const SAYS: Readonly<Record<Word, string>> = {
  poison: 'Offer a spoilt batch of rows for training; the expectations refuse it',
  flip: 'Ship a build that reads an input wrongly; the watch rolls it back',
  'worse-model': 'Let a worse challenger into the shadow; the labels reject it',
  'delay-labels': 'Hold the labels back; the labels monitor raises an alarm',
  kill: 'kill -9 the server; it is started again where it stood (under `twinloop demo` only)',
};

const POLL_MS = 250;
/** A fault ends by itself; without an end after that long something else is broken. */
const PATIENCE_MS = 300_000;

export function describeView(view: ChaosView): string {
  return `${view.chaos} ${view.state}: ${view.sentence}`;
}

export function describeBoard({ demo, offers, running, history }: ChaosBoard): string {
  if (!demo) return 'this project is not marked as a demo: nothing in it is broken on purpose';
  const typed = (kind: string): string =>
    Object.entries(WORDS).find(([, known]) => known === kind)?.[0] ?? kind;
  const lines = [
    table(
      ['fault', 'now', 'targets'],
      offers.map(one => [
        typed(one.kind),
        one.unavailable ?? 'can be made',
        one.targets.slice(0, 4).join(', ') + (one.targets.length > 4 ? ', …' : ''),
      ]),
    ),
    '',
    running === null
      ? 'nothing is broken'
      : `${running.chaos} is running since ${when(running.startedAt)}: ${running.sentence}; ${many(running.requests, 'request')}, ${many(running.failedRequests, 'failure')}, ${many(running.labels, 'label')} so far`,
  ];
  for (const one of history.slice(0, 10)) lines.push(describeView(one));
  return lines.join('\n');
}

/** Follows a fault to its end; a server that is away for a moment is waited for. */
export async function followChaos(client: TwinloopClient, started: ChaosView): Promise<ChaosView> {
  const progress = new Progress();
  const until = performance.now() + PATIENCE_MS;
  let view = started;
  while (view.state === 'running') {
    if (performance.now() > until) {
      progress.end();
      throw new TwinloopError('usage', {
        values: { reason: `${view.chaos} has not ended in ${PATIENCE_MS / 1000} s` },
        hint: 'Look at `twinloop chaos`, or take it back with `twinloop chaos undo`.',
      });
    }
    progress.update(
      `${view.chaos}: ${many(view.requests, 'request')}, ${many(view.labels, 'label')}, ${many(view.failedRequests, 'failure')}`,
    );
    await wait(POLL_MS);
    try {
      const { running, history } = await client.chaos();
      view = [running, ...history].find(one => one?.chaos === view.chaos) ?? view;
    } catch (error) {
      if (view.kind !== 'kill-server' || !(error instanceof TwinloopApiError)) throw error;
    }
  }
  progress.end();
  return view;
}

interface FaultOptions {
  readonly transform?: 'sign' | 'unit';
  readonly wait?: true;
}

async function breakIt(
  kind: ChaosInput['kind'],
  target: string | undefined,
  own: FaultOptions,
  command: Command,
) {
  const options = globals(command);
  const client = await clientFor(options);
  const started = await client.breakIt({
    kind,
    ...(target === undefined ? {} : { target }),
    ...(own.transform === undefined ? {} : { transform: own.transform }),
  });
  const view = own.wait === true ? await followChaos(client, started) : started;
  print(options.output, view, describeView);
  if (view.state === 'missed') throw new ExitStatus(EXIT.failure);
}

export function addChaosCommands(root: Command): void {
  const chaos = root
    .command('chaos')
    .description(
      'Break a demo on purpose and see it caught; without a fault: what can be broken, and what came of it',
    )
    .action(async (_own: unknown, command: Command) => {
      const options = globals(command);
      print(options.output, await (await clientFor(options)).chaos(), describeBoard);
    });
  examples(chaos, ['twinloop chaos', 'twinloop chaos flip --wait']);
  for (const word of Object.keys(WORDS) as Word[]) {
    const command = chaos
      .command(word)
      .description(SAYS[word])
      .option('--wait', 'follow it to its end and say what came of it');
    if (word === 'flip') {
      command
        .argument('[column]', 'the input to break (default: the one that matters most)')
        .addOption(
          new Option('--transform <how>', 'mirrored about its mean, or a hundred times too large')
            .choices(['sign', 'unit'])
            .default('sign'),
        )
        .action((column: string | undefined, own: FaultOptions) =>
          breakIt(WORDS[word], column, own, command),
        );
    } else command.action((own: FaultOptions) => breakIt(WORDS[word], undefined, own, command));
    examples(command, [
      `twinloop chaos ${word} --wait`,
      ...(word === 'flip' ? ['twinloop chaos flip distance --transform unit --wait'] : []),
    ]);
  }
  const undo = chaos
    .command('undo')
    .description('Take a fault back')
    .argument('[chaos]', 'its id (default: the one that is running)')
    .action(async (id: string | undefined, _own: unknown, command: Command) => {
      const options = globals(command);
      const client = await clientFor(options);
      const known = id ?? (await client.chaos()).running?.chaos;
      if (known === undefined)
        throw new TwinloopError('usage', { field: 'chaos', values: { reason: 'nothing is broken' } });
      print(options.output, await client.undoChaos(known), describeView);
    });
  examples(undo, ['twinloop chaos undo', 'twinloop chaos undo chaos-3']);
}
