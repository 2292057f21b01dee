import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { join } from 'node:path';
import type { TwinloopClient } from '@twinloop/client';
import type { FactPayloads } from '@twinloop/kernel';
import { followChaos } from '../../commands/live/chaos.js';
import { DEMO_PROJECT, playDemo } from '../../demo/flights.js';
import { startChild, type ChildServer } from '../child-server.js';
import { sampleRequests, type FaultData } from './fault-data.js';
import { stranger, visitor } from './browser-runs.js';
import { onSnapshot } from './on-snapshot.js';
import { attempt, point, type Point } from '../point.js';

const FASTEST_ROLLBACK_MS = 1000;
const CONCURRENT = 16;
const CANARY_PATIENCE_MS = 240_000;

/** What happens when a visitor breaks the demo, each on its own copy of the clean run. */
export async function runBreaks(
  snapshot: string,
  files: FaultData,
  scratch: string,
): Promise<readonly Point[]> {
  return [
    await attempt('A10b', 'decision', () => onSnapshot(snapshot, (_server, client) => flipped(client))),
    await attempt('A11', 'decision', () => canary(scratch)),
    await attempt('A16', 'decision', () =>
      onSnapshot(snapshot, (server, client) => rollback(server, client, files)),
    ),
    await attempt('A17', 'decision', () => onSnapshot(snapshot, visitor)),
    await attempt('A18', 'decision', () => stranger(scratch)),
  ];
}

/** A flipped sensor is rolled back by itself, on the traffic of an encore. */
async function flipped(client: TwinloopClient): Promise<Point> {
  const view = await followChaos(client, await client.breakIt({ kind: 'flip-sensor' }));
  const [decision] =
    view.decision === null ? [] : await client.ledger({ after: view.decision - 1, limit: 1 });
  const { errors } = (await client.endpoint(view.endpoint)).traffic;
  const evidence =
    decision?.type === 'ModelRolledBack'
      ? (decision.payload as unknown as FactPayloads['ModelRolledBack']).evidence
      : undefined;
  const passed =
    view.state === 'caught' && evidence !== undefined && view.failedRequests === 0 && errors === 0;
  return point(
    'A10b',
    'decision',
    passed,
    `${view.sentence}; loss ${(-(evidence?.value ?? Number.NaN)).toFixed(3)} worse over ${evidence?.n ?? 0} labels; ${view.requests} requests, ${errors} answers 5xx`,
  );
}

/** kill -9 while a challenger answers a part of the requests: afterwards everything stands where it stood, and goes on. */
async function canary(scratch: string): Promise<Point> {
  const data = join(scratch, 'canary');
  const first = await startChild(data);
  const client = first.client(DEMO_PROJECT);
  await playDemo(client, 'max', { baselines: false });
  const [name] = await client.endpoints();
  const until = performance.now() + CANARY_PATIENCE_MS;
  while ((await client.endpoint(name!)).rollout?.stage?.kind !== 'canary') {
    if (performance.now() > until) {
      await first.kill();
      return point('A11', 'decision', false, 'no challenger reached its canary');
    }
    await wait(20);
  }
  await client.controlReplay({ state: 'paused' });
  await wait(500);
  const before = await standing(client, name!);
  await first.kill();
  const second = await startChild(data);
  try {
    const again = second.client(DEMO_PROJECT);
    const after = await standing(again, name!);
    await again.controlReplay({ state: 'playing' });
    while ((await again.endpoint(name!)).rollout?.stage?.kind === 'canary' && performance.now() < until)
      await wait(100);
    const [ended] = (await again.endpoint(name!)).history;
    const { failures } = (await again.replay())!;
    return point(
      'A11',
      'decision',
      before === after && failures === 0 && ended !== undefined && ended.status !== 'open',
      `killed in the canary; before and after: ${before === after ? 'equal' : `${before} and ${after}`}: ${after}; the replay went on and the challenger was ${ended?.status ?? 'not decided'}; ${failures} requests failed`,
    );
  } finally {
    await second.stop();
  }
}

/** Stage, share, evidence and the hash of everything that the ledger adds up to. */
async function standing(client: TwinloopClient, name: string): Promise<string> {
  const { rollout, split } = await client.endpoint(name);
  const { state } = await client.decisionHash();
  const shares = split.map(one => JSON.stringify(one)).join(' ');
  return `${JSON.stringify(rollout?.stage)} ${shares} evidence ${JSON.stringify(rollout?.evidence)} state ${state.slice(0, 16)}`;
}

/** Rolls back while requests keep coming: none may fail, and the answers move over within a second. */
async function rollback(server: ChildServer, client: TwinloopClient, files: FaultData): Promise<Point> {
  const { endpoint, champion } = (await client.status()).endpoint!;
  const bodies = sampleRequests(files);
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENT });
  const versions = new Map<string, number>();
  let [sent, failed, running] = [0, 0, true];
  const url = new URL(`${server.url}/p/${DEMO_PROJECT}/v2/models/${endpoint}/infer`);
  const ask = (body: string): Promise<void> =>
    new Promise(resolve => {
      const call = request(
        url,
        { agent, method: 'POST', headers: { 'content-type': 'application/json' } },
        response => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            if (response.statusCode !== 200) failed++;
            else {
              const { model_version: version } = JSON.parse(Buffer.concat(chunks).toString()) as {
                model_version: string;
              };
              versions.set(version, performance.now());
            }
            resolve();
          });
        },
      );
      call.on('error', () => {
        failed++;
        resolve();
      });
      call.end(body);
    });
  const clients = Array.from({ length: CONCURRENT }, async () => {
    while (running) await ask(bodies[sent++ % bodies.length]!);
  });
  await wait(1000);
  const started = performance.now();
  await client.rollback(endpoint, 'under load');
  const took = performance.now() - started;
  await wait(1000);
  running = false;
  await Promise.all(clients);
  agent.destroy();
  const after = (await client.status()).endpoint!.champion!;
  const lastOld = (versions.get(String(champion!.version)) ?? started) - started;
  const passed =
    failed === 0 &&
    took < FASTEST_ROLLBACK_MS &&
    lastOld < FASTEST_ROLLBACK_MS &&
    after.version !== champion!.version &&
    versions.has(String(after.version));
  return point(
    'A16',
    'decision',
    passed,
    `version ${champion!.version} → ${after.version} in ${took.toFixed(0)} ms, last old answer after ${Math.max(0, lastOld).toFixed(0)} ms; ${sent} requests on ${CONCURRENT} connections, ${failed} failed`,
  );
}
