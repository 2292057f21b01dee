import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { TwinloopClient } from '@twinloop/client';
import { follow } from '../../commands/runs.js';
import { when } from '../../output.js';
import { Progress } from '../../progress.js';
import {
  BIKE_CLOCK,
  BIKE_DATASET,
  BIKE_FILE,
  BIKE_PROJECT,
  bikesAreHere,
  writeBikeProject,
  type BikeRun,
} from './bike-data.js';
import { startChild } from '../child-server.js';
import { judgeBikes } from './judge-bikes.js';
import { attempt, skip, type Point } from '../point.js';

const POLL_MS = 300;

/** Applies the bikes from `scratch`, trains on three months, plays the other twenty-one at full speed. */
export async function playBikes(client: TwinloopClient, scratch: string): Promise<BikeRun> {
  const started = performance.now();
  const directory = join(scratch, 'bikes');
  await mkdir(directory, { recursive: true });
  const file = await writeBikeProject(directory);
  await client.apply({ file, directory, clock: BIKE_CLOCK });
  await follow(client, (await client.startRun({ reason: 'the first model, on three months' })).run);
  await client.startReplay({ dataset: BIKE_DATASET, speed: 'max', baselines: true });
  const progress = new Progress();
  let replay = (await client.replay())!;
  while (replay.state !== 'finished') {
    progress.update(`bikes: ${when(replay.now).slice(0, 10)} · ${replay.sent} of ${replay.total} requests`);
    await wait(POLL_MS);
    replay = (await client.replay())!;
  }
  progress.end();
  const status = await client.status();
  const { baselines } = await client.monitors(status.endpoint!.endpoint);
  return {
    seconds: (performance.now() - started) / 1000,
    status,
    failures: replay.failures,
    sent: replay.sent,
    series: baselines,
  };
}

/** The point about the bikes, in a server of its own; skipped where the file is not beside the checkout. */
export function runBikes(scratch: string): Promise<Point> {
  if (!bikesAreHere()) return Promise.resolve(skip('A19', `${BIKE_FILE} is not here`));
  return attempt('A19', 'decision', async () => {
    const server = await startChild(join(scratch, 'bikes-data'));
    try {
      return judgeBikes(await playBikes(server.client(BIKE_PROJECT), scratch));
    } finally {
      await server.stop();
    }
  });
}
