import { join } from 'node:path';
import type { TwinloopClient } from '@twinloop/client';
import { writeSmallProject, type SmallProject } from './small-project.js';
import { eventually, runToEnd, type ServerProcess } from './server-process.js';

/** From the end of the first version to here 538 requests come in; the loop retrains, promotes and recalibrates. */
export const REPLAY_UNTIL = '2024-03-29';

/** Half-hour zones keep looks off the full hours at which labels arrive: what is known at a look is then a sharp question. */
export function writeReplayProject(directory: string): Promise<SmallProject> {
  return writeSmallProject(join(directory, 'project'), { timezone: 'Asia/Kolkata' });
}

/** Applies the project in virtual time, trains the first champion and starts the replay. */
export async function startReplay(
  client: TwinloopClient,
  project: SmallProject,
  until = REPLAY_UNTIL,
): Promise<void> {
  await client.apply({ file: project.text, directory: project.directory, clock: '2024-02-15' });
  const run = await runToEnd(client);
  if (run.status !== 'passed') throw new Error(`the first run ${run.status}:\n${run.log}`);
  await client.startReplay({ dataset: 'flights', until, speed: 'max' });
}

export interface Replayed {
  readonly hash: string;
  readonly rows: number;
  readonly predictions: number;
  readonly outcomes: number;
  readonly failures: number;
  readonly decisions: Readonly<Record<string, number>>;
}

/** Waits for the end of the replay and says what came of it. */
export async function replayed(server: ServerProcess, patience = 60_000): Promise<Replayed> {
  const client = server.client();
  const replay = await eventually(
    async () => {
      const status = await client.replay();
      return status?.state === 'finished' ? status : undefined;
    },
    'the end of the replay',
    patience,
  );
  const { counts } = await client.status();
  const decisions: Record<string, number> = {};
  for (const { type } of await client.ledger({ limit: 1000 })) decisions[type] = (decisions[type] ?? 0) + 1;
  return {
    hash: (await client.decisionHash()).hash,
    rows: replay.total,
    predictions: counts.predictions,
    outcomes: counts.outcomes,
    failures: replay.failures,
    decisions,
  };
}
