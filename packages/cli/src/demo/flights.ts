import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { TwinloopClient } from '@twinloop/client';
import { follow } from '../commands/runs.js';

export const DEMO_PROJECT = 'flight-delays';
export const DEMO_DATASET = 'flights';
export const DEMO_CLOCK = '2013-03-01';
export const DEMO_DIRECTORY = fileURLToPath(new URL('../../../../examples/flight-delays', import.meta.url));

/** Applies the flights, trains the first champion, plays the year. Each step is left out when its result is there already. */
export async function playDemo(
  client: TwinloopClient,
  speed: 1 | 'max',
  { baselines = true }: { readonly baselines?: boolean } = {},
): Promise<void> {
  const file = await readFile(`${DEMO_DIRECTORY}/twinloop.yaml`, 'utf8');
  await client.apply({ file, directory: DEMO_DIRECTORY, clock: DEMO_CLOCK });
  const { endpoint } = await client.status();
  if (endpoint?.champion == null) {
    const { run } = await client.startRun({
      reason: 'the first model, on the flights of January and February',
    });
    await follow(client, run);
  }
  if ((await client.replay()) === null) await client.startReplay({ dataset: DEMO_DATASET, speed, baselines });
}
