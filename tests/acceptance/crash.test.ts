import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { seededRng, type FactType } from '@twinloop/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayed, startReplay, writeReplayProject, type Replayed } from '../support/replayed-project.js';
import { scratch, ServerProcess } from '../support/server-process.js';
import type { SmallProject } from '../support/small-project.js';

let directory: Awaited<ReturnType<typeof scratch>>;
let project: SmallProject;
let undisturbed: Replayed;

/** The project from nothing to the end of its replay, in a data directory of its own. */
async function play(
  name: string,
  disturb?: (server: ServerProcess) => Promise<ServerProcess>,
): Promise<Replayed> {
  let server = await ServerProcess.start(join(directory.path, name));
  try {
    await startReplay(server.client(), project);
    if (disturb !== undefined) server = await disturb(server);
    const end = await replayed(server);
    expect(await server.client().verifyLedger()).toMatchObject({ ok: true });
    return end;
  } finally {
    await server.kill();
  }
}

async function killed(server: ServerProcess): Promise<ServerProcess> {
  await server.kill();
  return ServerProcess.start(server.data);
}

/** kill -9 as soon as the ledger says `type`, whatever was to follow from it. */
async function killAt(server: ServerProcess, type: FactType): Promise<ServerProcess> {
  const client = server.client();
  const known = (await client.ledger({ types: [type] })).length;
  const stop = new AbortController();
  let heard = 0;
  for await (const { event, data } of client.events({ after: 0, signal: stop.signal })) {
    if (event !== 'decision') continue;
    if (data.type === 'ReplayFinished') throw new Error(`the replay ended before another ${type}`);
    if (data.type === type && ++heard > known) break;
  }
  await server.kill();
  stop.abort();
  return ServerProcess.start(server.data);
}

beforeAll(async () => {
  directory = await scratch();
  project = await writeReplayProject(directory.path);
  undisturbed = await play('undisturbed');
}, 60_000);
afterAll(() => directory.remove());

describe('the same seed gives the same decisions', () => {
  it('closes the loop while it replays: retraining, promotion, recalibration, every row logged', () => {
    expect(undisturbed.decisions).toMatchObject({
      RunStarted: expect.any(Number),
      RolloutStarted: 2,
      ModelPromoted: 1,
      ModelRecalibrated: 1,
      ReplayFinished: 1,
    });
    expect(undisturbed).toMatchObject({ rows: 538, predictions: 538, outcomes: 538, failures: 0 });
  });

  it('on a busy machine', async () => {
    const burners = [1, 2].map(() => new Worker('for (;;) Math.sqrt(2);', { eval: true }));
    try {
      expect(await play('busy')).toEqual(undisturbed);
    } finally {
      await Promise.all(burners.map(burner => burner.terminate()));
    }
  }, 120_000);
});

describe('kill -9 in the middle of a replay', () => {
  it('at the facts that are followed by work', async () => {
    const types: readonly FactType[] = [
      'AnswerDecided',
      'RunStarted',
      'RunFinished',
      'RolloutStarted',
      'ModelPromoted',
      'ModelRecalibrated',
    ];
    const end = await play('at-facts', async server => {
      let now = server;
      for (const type of types) now = await killAt(now, type);
      return now;
    });
    expect(end).toEqual(undisturbed);
  }, 120_000);

  // Five moments a run; bench/loop/crash-points.mjs asks for fifty.
  const runs = Math.ceil(Number(process.env['TWINLOOP_CRASH_POINTS'] ?? 5) / 5);
  it.each(Array.from({ length: runs }, (_, i) => 11 + i))(
    'at moments drawn from seed %i',
    async seed => {
      const rng = seededRng(seed);
      let kills = 0;
      const end = await play(`seed-${seed}`, async server => {
        let now = server;
        while (kills < 5) {
          await wait(150 + rng.next() * 700);
          if ((await now.client().replay())?.state === 'finished') break;
          now = await killed(now);
          kills++;
        }
        return now;
      });
      expect(kills).toBeGreaterThan(0);
      expect(end).toEqual(undisturbed);
    },
    120_000,
  );
});
