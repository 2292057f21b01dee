import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_PROJECT } from '../demo/flights.js';
import { EXIT, ExitStatus } from '../exit.js';
import { startChild } from './child-server.js';
import { playCleanRun } from './clean-run.js';
import { runBikes } from './bikes/bike-run.js';
import { judgeChallengers } from './judge-challengers.js';
import { judgeLabels } from './judge-labels.js';
import { judgeRollback } from './judge-rollback.js';
import { dependencySize } from './dependency-size.js';
import { runFaults } from './faults/fault-runs.js';
import { judgeCleanRun } from './judge-clean-run.js';
import { pointLine, type Point } from './point.js';

/** Plays the clean run in a server of its own, then the fault runs from its snapshot; one line a point on stdout. */
export async function runOnce({ strict }: { readonly strict: boolean }): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'twinloop-once-'));
  const data = join(scratch, 'data');
  const points: Point[] = [];
  try {
    const server = await startChild(data);
    try {
      const run = await playCleanRun(server, server.client(DEMO_PROJECT));
      points.push(...(await judgeCleanRun(run, await dependencySize())));
      process.stderr.write(`decision hash ${run.decisionHash} over ${run.ledger.entries} ledger entries\n`);
    } finally {
      await server.stop();
    }
    points.push(...(await runFaults(data, scratch)));
    points.push(await judgeChallengers());
    points.push(await judgeRollback());
    points.push(await judgeLabels());
    points.push(await runBikes(scratch));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  points.sort((a, b) => Number.parseInt(a.id.slice(1), 10) - Number.parseInt(b.id.slice(1), 10));
  process.stdout.write(`${points.map(pointLine).join('\n')}\n`);
  const failed = points.filter(point => !point.passed && (strict || point.kind === 'decision'));
  if (failed.length > 0) throw new ExitStatus(EXIT.failure);
}
