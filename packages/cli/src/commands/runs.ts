import type { RunDetail, TwinloopClient } from '@twinloop/client';
import { Option, type Command } from 'commander';
import { setTimeout as wait } from 'node:timers/promises';
import { clientFor, globals, withClient } from '../context.js';
import { examples } from '../examples.js';
import { figureColumns } from '../figure-columns.js';
import { EXIT, ExitStatus } from '../exit.js';
import { writeNamedFile } from '../files.js';
import { print, table, when } from '../output.js';
import { addReportCommand } from '../operate/tests.js';
import { Progress } from '../progress.js';

const POLL_MS = 250;

/** Follows a run to its end, step by step. */
export async function follow(client: TwinloopClient, run: string): Promise<RunDetail> {
  const progress = new Progress();
  let seen = 0;
  for (;;) {
    const detail = await client.run(run);
    for (const { step, status, summary } of detail.steps.slice(seen))
      progress.update(`${run} · ${step}${status === 'done' ? '' : ` (${status})`}: ${summary}`);
    seen = detail.steps.length;
    if (detail.status !== 'running') {
      progress.end();
      return detail;
    }
    await wait(POLL_MS);
  }
}

function describe(run: RunDetail): string {
  const lines = [
    `${run.run} ${run.status}: ${run.reason}`,
    ...run.steps.filter(step => step.status === 'failed').map(step => `${step.step} failed: ${step.summary}`),
  ];
  if (run.candidates.length > 0) {
    const { titles, of } = figureColumns(run.candidates.map(({ metrics }) => metrics));
    lines.push(
      '',
      table(
        ['candidate', 'chosen', 'cached', ...titles],
        run.candidates.map(one => [
          one.name,
          one.chosen ? 'yes' : '',
          one.cached ? 'yes' : '',
          ...of(one.metrics),
        ]),
      ),
    );
  }
  if (run.verdicts.length > 0)
    lines.push(
      '',
      table(
        ['gate', 'verdict', 'reason'],
        run.verdicts.map(one => [one.gate, one.status, one.reason]),
      ),
    );
  if (run.model !== null) lines.push('', `model ${run.model}`);
  return lines.join('\n');
}

interface RunOptions {
  readonly reason: string;
  readonly only?: string;
  readonly wait: boolean;
  readonly junit?: string;
}

export function addRunCommands(root: Command): void {
  examples(
    root
      .command('run')
      .description(
        'Train, test and, when every gate passes, deploy or start a rollout (exit 1 when it does not pass)',
      )
      .option('--reason <text>', 'why, for the ledger', 'asked for on the command line')
      .addOption(
        new Option('--only <algorithm>', 'try this algorithm alone').choices(['linear', 'gbt', 'command']),
      )
      .option('--wait', 'follow it to its end (the default); the exit code says whether it passed', true)
      .option('--no-wait', 'return at once')
      .option('--junit <file>', 'write the gates as JUnit XML (needs --wait)')
      .action(async (own: RunOptions, command: Command) => {
        const options = globals(command);
        const client = await clientFor(options);
        const { run } = await client.startRun({
          reason: own.reason,
          ...(own.only === undefined ? {} : { algorithms: [own.only] }),
        });
        if (!own.wait)
          return print(
            options.output,
            { run },
            () => `${run} started; follow it with \`twinloop logs ${run} --follow\``,
          );
        const detail = await follow(client, run);
        if (own.junit !== undefined) await writeNamedFile(own.junit, await client.runReport(run));
        print(options.output, detail, describe);
        if (detail.status !== 'passed') throw new ExitStatus(EXIT.failure);
      }),
    ['twinloop run', 'twinloop run --only gbt --junit report.xml', 'twinloop run --no-wait -o json'],
  );
  const runs = root.command('runs').description('List runs, newest first');
  addReportCommand(runs);
  examples(
    runs.action(
      withClient(async (client, { output }) => {
        print(output, await client.runs(), runs =>
          table(
            ['run', 'status', 'trigger', 'started', 'model', 'reason'],
            runs.map(run => [run.run, run.status, run.trigger, when(run.startedAt), run.model, run.reason]),
          ),
        );
      }),
    ),
    ['twinloop runs'],
  );
  examples(
    root
      .command('logs')
      .description("Show a run's log and its gates")
      .argument('<run>', 'run id')
      .option('-f, --follow', 'wait for its end')
      .action(async (run: string, own: { follow?: true }, command: Command) => {
        const options = globals(command);
        const client = await clientFor(options);
        const detail = own.follow === true ? await follow(client, run) : await client.run(run);
        print(options.output, detail, one => `${one.log.trimEnd()}\n\n${describe(one)}`);
      }),
    ['twinloop logs run-3', 'twinloop logs run-3 --follow'],
  );
}
