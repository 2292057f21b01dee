import type { TestReportView } from '@twinloop/client';
import { TwinloopError } from '@twinloop/kernel';
import { type Command, InvalidArgumentError } from 'commander';
import { basename } from 'node:path';
import { clientFor, endpointOf, globals } from '../context.js';
import { examples } from '../examples.js';
import { EXIT, ExitStatus } from '../exit.js';
import { readNamedFile, writeNamedFile } from '../files.js';
import { print, table, when } from '../output.js';

interface TestOptions {
  readonly model?: string;
  readonly file?: string;
  readonly junit?: string;
  readonly sarif?: string;
}

/** `true` is standard output. */
interface ReportFiles {
  readonly junit?: string | true;
  readonly sarif?: string | true;
}

interface AddOptions {
  readonly endpoint?: string;
  readonly name?: string;
  readonly min?: number;
  readonly max?: number;
}

export function describeTest({ model, run, status, verdicts }: TestReportView): string {
  const findings = verdicts.flatMap(({ gate, findings: found = [] }) =>
    found.map(({ test, message, file, line, input }) => [
      gate,
      file === undefined ? null : `${file}:${line ?? 1}`,
      `${test === undefined ? '' : `"${test}" `}${message}${input === undefined ? '' : ` for ${input}`}`,
    ]),
  );
  return [
    `${model} ${status === 'pass' ? 'passes' : status === 'fail' ? 'fails' : 'is not decided'}, on the rows that ${run} held out`,
    '',
    table(
      ['gate', 'verdict', 'reason'],
      verdicts.map(one => [one.gate, one.status, one.reason]),
      'no gate is declared',
    ),
    ...(findings.length === 0 ? [] : ['', table(['finding of', 'where', 'what'], findings)]),
  ].join('\n');
}

function numberOf(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It is a number.');
  return value;
}

/** The model that serves the project's endpoint. @throws usage when none does */
async function championName(client: Awaited<ReturnType<typeof clientFor>>): Promise<string> {
  const model = (await client.status()).endpoint?.champion?.model;
  if (model !== undefined) return model;
  throw new TwinloopError('usage', {
    field: 'model',
    values: { reason: 'No model is in service; name one with --model' },
    hint: '`twinloop models` lists them.',
  });
}

export function addTestCommands(root: Command): void {
  const test = root
    .command('test')
    .description(
      'Ask a registered model the gates and prediction tests of today, without a training (exit 1 when it does not pass)',
    )
    .option('--model <name>', 'a registered model (default: the one in service)')
    .option('--file <file>', 'ask the prediction tests of this file alone, and no gate')
    .option('--junit <file>', 'write the verdicts as JUnit XML')
    .option('--sarif <file>', 'write what did not pass as SARIF 2.1.0')
    .action(async (own: TestOptions, command: Command) => {
      const options = globals(command);
      const client = await clientFor(options);
      const report = await client.testModel(
        own.model ?? (await championName(client)),
        own.file === undefined ? {} : { tests: await readNamedFile(own.file), file: basename(own.file) },
      );
      if (own.junit !== undefined) await writeNamedFile(own.junit, report.junit);
      if (own.sarif !== undefined) await writeNamedFile(own.sarif, report.sarif);
      print(options.output, report, describeTest);
      if (report.status !== 'pass') throw new ExitStatus(EXIT.failure);
    });
  examples(test, [
    'twinloop test',
    'twinloop test --file prediction-tests.yaml --junit report.xml',
    'twinloop test --model late@1f0c9a7b --sarif report.sarif',
  ]);
  addEdgeTestCommands(test);
}

/** Prediction tests that were made of requests. */
function addEdgeTestCommands(tests: Command): void {
  examples(
    tests
      .command('list')
      .description(
        'Prediction tests that were made of requests: the `predictions` gates ask them beside their files',
      )
      .option('--endpoint <name>', 'of this endpoint')
      .action(async (own: { endpoint?: string }, command: Command) => {
        const options = globals(command);
        const client = await clientFor(options);
        print(options.output, await client.edgeTests(await endpointOf(client, own.endpoint)), all =>
          table(
            ['test', 'of request', 'added', 'by', 'expects'],
            all.map(one => [
              one.name,
              one.prediction,
              when(one.addedAt),
              one.by,
              JSON.stringify((one.test as { expect?: unknown }).expect ?? one.test),
            ]),
            'no request was made a test; `twinloop test add PREDICTION` makes one',
          ),
        );
      }),
    ['twinloop test list -o json'],
  );
  examples(
    tests
      .command('add')
      .description('Make a prediction test of a request')
      .argument('<prediction>', 'its id')
      .option('--endpoint <name>', 'of this endpoint')
      .option('--name <text>', 'what the test says')
      .option('--min <number>', 'the smallest answer that holds', numberOf)
      .option('--max <number>', 'the largest answer that holds', numberOf)
      .action(async (prediction: string, own: AddOptions, command: Command) => {
        const options = globals(command);
        const client = await clientFor(options);
        const { endpoint, ...input } = own;
        const added = await client.addEdgeTest(await endpointOf(client, endpoint), prediction, input);
        print(
          options.output,
          added,
          one => `"${one.name}" is asked from now on: ${JSON.stringify(one.test)}`,
        );
      }),
    ['twinloop test add ua-1545-20130714', 'twinloop test add ua-1545-20130714 --name "storm" --min 0.3'],
  );
  examples(
    tests
      .command('remove')
      .description('Remove a prediction test that was made of a request')
      .argument('<name>', 'as `test list` shows it')
      .option('--endpoint <name>', 'of this endpoint')
      .action(async (name: string, own: { endpoint?: string }, command: Command) => {
        const options = globals(command);
        const client = await clientFor(options);
        await client.removeEdgeTest(await endpointOf(client, own.endpoint), name);
        print(options.output, { removed: name }, () => `"${name}" is no longer asked`);
      }),
    ['twinloop test remove storm'],
  );
}

/** `runs report`: the verdicts of a run for machines. */
export function addReportCommand(runs: Command): void {
  examples(
    runs
      .command('report')
      .description('The verdicts of a run as JUnit XML or SARIF 2.1.0; without a file on standard output')
      .argument('<run>', 'run id')
      .option('--junit [file]', 'JUnit XML (the default)')
      .option('--sarif [file]', 'SARIF 2.1.0: what did not pass, at its line of twinloop.yaml')
      .action(async (run: string, own: ReportFiles, command: Command) => {
        const client = await clientFor(globals(command));
        const wanted: (readonly [string | true, () => Promise<string>])[] = [];
        if (own.junit !== undefined || own.sarif === undefined)
          wanted.push([own.junit ?? true, () => client.runReport(run)]);
        if (own.sarif !== undefined) wanted.push([own.sarif, () => client.runSarif(run)]);
        for (const [file, text] of wanted) {
          if (file === true) process.stdout.write(await text());
          else await writeNamedFile(file, await text());
        }
      }),
    [
      'twinloop runs report run-3 --sarif report.sarif',
      'twinloop runs report run-3 --junit report.xml --sarif report.sarif',
    ],
  );
}
