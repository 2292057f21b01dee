import { parentPort } from 'node:worker_threads';
import { toTwinloopError } from '@twinloop/kernel';
import { unpackTable } from './packed-table.js';
import { runTrainingJob } from './run-job.js';
import type { WorkerJob, WorkerReply } from './worker-protocol.js';

// Entry of a training thread: one job at a time, until terminated.

function train(job: WorkerJob): WorkerReply {
  const started = performance.now();
  try {
    const result = runTrainingJob({ ...job, table: unpackTable(job.table) });
    // Node 20 cannot ask for one thread's CPU time; training never waits, so the time passed is its upper bound.
    const cpuSeconds = (performance.now() - started) / 1000;
    return { kind: 'done', id: job.id, result: { ...result, cpuSeconds } };
  } catch (thrown) {
    return { kind: 'failed', id: job.id, reason: toTwinloopError(thrown).message };
  }
}

const port = parentPort;
port?.on('message', (job: WorkerJob) => {
  port.postMessage({
    kind: 'log',
    id: job.id,
    line: `training on ${job.table.rows} rows, ${job.table.columns.length} columns`,
  } satisfies WorkerReply);
  const reply = train(job);
  if (reply.kind === 'done') {
    const line = Object.entries(reply.result.metrics)
      .map(([name, value]) => `${name} ${Number(value.toPrecision(6))}`)
      .join(', ');
    const seconds = reply.result.cpuSeconds.toFixed(2);
    port.postMessage({
      kind: 'log',
      id: job.id,
      line: `trained in ${seconds} s: ${line}`,
    } satisfies WorkerReply);
  }
  port.postMessage(reply);
});
