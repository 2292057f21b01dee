import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { BatchInput, BatchView, TwinloopClient } from '@twinloop/client';
import { TwinloopError } from '@twinloop/kernel';
import type { LocalDirectory } from '@twinloop/server';
import type { Command } from 'commander';
import { clientFor, endpointOf, globals, type GlobalOptions } from '../../context.js';
import { examples } from '../../examples.js';
import { EXIT, ExitStatus } from '../../exit.js';
import { localProject, serverOrDirectory } from '../../local.js';
import { many, print } from '../../output.js';
import { Progress } from '../../progress.js';
import { launch } from '../serve.js';

const POLL_MS = 200;

interface PredictOptions {
  readonly input: string;
  readonly endpoint?: string;
  readonly id?: string;
  readonly unit?: string;
}

async function follow(client: TwinloopClient, endpoint: string, batch: string): Promise<BatchView> {
  const progress = new Progress();
  for (;;) {
    const view = (await client.batches(endpoint)).find(one => one.batch === batch);
    if (view === undefined)
      throw new TwinloopError('not_found', {
        values: { what: `Batch ${batch}` },
        hint: 'The server was restarted: ask again, nothing is logged twice.',
      });
    if (view.state !== 'running') {
      progress.end();
      return view;
    }
    progress.update(`${batch}: ${many(view.rows, 'row')} answered`);
    await wait(POLL_MS);
  }
}

export function describeBatch({ batch, state, rows, model, output, error }: BatchView): string {
  return state === 'done'
    ? `${many(rows, 'row')} answered by ${model} into ${output} (${batch})`
    : `${batch} ${state} after ${many(rows, 'row')}${error === null ? '' : `: ${error.message}`}`;
}

async function predict(
  client: TwinloopClient,
  named: string | undefined,
  request: BatchInput,
): Promise<BatchView> {
  const endpoint = await endpointOf(client, named);
  const { batch } = await client.startBatch(endpoint, request);
  return follow(client, endpoint, batch);
}

/** Without a server one is started for this command, on any free port of this machine, under the directory's lock. */
async function onDirectory<T>(
  options: GlobalOptions,
  local: LocalDirectory,
  work: (client: TwinloopClient) => Promise<T>,
): Promise<T> {
  const project = await localProject(options, local);
  await local.close();
  const server = await launch(options.data, { port: 0, host: '127.0.0.1' }, () => undefined);
  try {
    return await work(await clientFor({ ...options, server: server.url }, project));
  } finally {
    await server.close();
  }
}

export function addPredictCommand(root: Command): void {
  examples(
    root
      .command('predict')
      .description(
        'Answer the rows of a file into another one (--output), logged and monitored like live traffic',
      )
      .requiredOption('--input <file>', 'rows: CSV, Parquet or JSON Lines')
      // `--output` is a global option, which takes a file here.
      .usage('--input <file> --output <file> [options]')
      .option('--endpoint <name>', "endpoint (default: the project's only one)")
      .option('--id <column>', 'column that names a row (default: its position)')
      .option('--unit <column>', 'column of the unit that keeps its variant (default: the row)')
      .action(async (own: PredictOptions, command: Command) => {
        const options = globals(command);
        const into: string = options.output;
        if (into === 'text' || into === 'json')
          throw new TwinloopError('usage', {
            field: 'output',
            values: { reason: 'Name the file for the predictions with --output' },
            hint: 'For example `twinloop predict --input tomorrow.csv --output scored.csv`.',
          });
        const request = {
          input: resolve(own.input),
          output: resolve(into),
          ...(own.id === undefined ? {} : { key: own.id }),
          ...(own.unit === undefined ? {} : { unit: own.unit }),
        };
        const view = await serverOrDirectory(
          options,
          { mustHoldData: true },
          {
            server: client => predict(client, own.endpoint, request),
            directory: local => onDirectory(options, local, client => predict(client, own.endpoint, request)),
          },
        );
        print('text', view, describeBatch);
        if (view.state !== 'done') throw new ExitStatus(EXIT.failure);
      }),
    [
      'twinloop predict --input tomorrow.csv --output scored.csv',
      'twinloop predict --input orders.parquet --output scores.parquet --id order_id --unit customer',
    ],
  );
}
