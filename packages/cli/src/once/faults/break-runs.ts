import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TwinloopClient } from '@twinloop/client';
import type { FactPayloads } from '@twinloop/kernel';
import { followChaos } from '../../commands/live/chaos.js';
import { DEMO_DATASET, DEMO_DIRECTORY, DEMO_PROJECT } from '../../demo/flights.js';
import { startChild, type ChildServer } from '../child-server.js';
import { sampleRequests, type FaultData } from './fault-data.js';
import { onSnapshot } from './on-snapshot.js';
import { attempt, point, skip, type Point } from '../point.js';

const FASTEST_ROLLBACK_MS = 1000;
const CONCURRENT = 16;
const CANARY_PATIENCE_MS = 240_000;

/** What happens when a visitor breaks the demo, each on its own copy of the clean run. */
export async function runBreaks(snapshot: string, files: FaultData): Promise<readonly Point[]> {
  return [
    await attempt('A10b', 'decision', () => onSnapshot(snapshot, (_server, client) => flipped(client))),
    await attempt('A11', 'decision', () =>
      onSnapshot(snapshot, (server, client, data) => canary(server, client, data, files)),
    ),
    await attempt('A16', 'decision', () =>
      onSnapshot(snapshot, (server, client) => rollback(server, client, files)),
    ),
    await attempt('A17', 'decision', () => onSnapshot(snapshot, server => visitor(server))),
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

/** The flights with stages between shadow and all traffic, and challengers that soon learn what has changed. */
async function withCanary(): Promise<string> {
  const file = await readFile(`${DEMO_DIRECTORY}/twinloop.yaml`, 'utf8');
  return file
    .replace(/windows: \[.*?\]/, 'windows: [30d]')
    .replace(
      /^ {2}rollout: \{.*?\}$/m,
      '  rollout:\n    strategy: canary\n    metric: log_loss\n    minDuration: 7d\n    timeout: 42d\n    steps: [{ weight: 0.1, for: 6d, requests: 200 }, { weight: 0.5, for: 6d, requests: 500 }]',
    );
}

/** kill -9 while a challenger answers a tenth of the requests: afterwards everything stands where it stood. */
async function canary(
  first: ChildServer,
  client: TwinloopClient,
  data: string,
  files: FaultData,
): Promise<Point> {
  await client.apply({ file: await withCanary(), directory: DEMO_DIRECTORY });
  const [name] = await client.endpoints();
  // What was right turns wrong, so that a challenger that has seen it is better.
  await client.startReplay({ dataset: DEMO_DATASET, source: files.storm, speed: 'max' });
  const until = performance.now() + CANARY_PATIENCE_MS;
  let asked = false;
  for (;;) {
    const { rollout } = await client.endpoint(name!);
    if (rollout?.stage?.kind === 'canary') break;
    const replay = (await client.replay())!;
    if (replay.state === 'finished' || performance.now() > until)
      return point('A11', 'decision', false, 'no challenger reached its canary');
    if (!asked && rollout === null && replay.sent > replay.total / 3) {
      asked = true;
      await client.startRun({ reason: 'a challenger that has seen what changed' });
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
    while ((await again.replay())!.state !== 'finished') await wait(200);
    const { failures } = (await again.replay())!;
    return point(
      'A11',
      'decision',
      before === after && failures === 0,
      `killed in the canary; before and after: ${before === after ? 'equal' : `${before} and ${after}`}: ${after}; the replay went on to its end, ${failures} failures`,
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

/** A fresh visitor in a real browser presses the button; only a checkout holds what drives one. */
async function visitor(server: ChildServer): Promise<Point> {
  const script = fileURLToPath(new URL('../../../../../scripts/pages/flows.mjs', import.meta.url));
  const executable = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome-stable']
    .concat(process.env['TWINLOOP_CHROMIUM'] ?? [])
    .findLast(path => path !== '' && existsSync(path));
  if (executable === undefined) return skip('A17', 'no Chromium; set TWINLOOP_CHROMIUM or install it');
  if (!existsSync(script)) return skip('A17', 'what drives a browser is in the checkout only');
  const { openBrowser, flipSensor } = (await import(script)) as {
    openBrowser(
      path: string,
    ): Promise<{ visit(url: string): Promise<{ page: unknown }>; close(): Promise<void> }>;
    flipSensor(page: unknown): Promise<{ seconds: number; sentence: string; failed: number }>;
  };
  const browser = await openBrowser(executable);
  try {
    const { page } = await browser.visit(server.url);
    const seen = await flipSensor(page);
    const passed = seen.seconds <= 20 && seen.failed === 0 && /boundary|guardrail/.test(seen.sentence);
    return point(
      'A17',
      'decision',
      passed,
      `${seen.seconds.toFixed(1)} s from the press to “${seen.sentence}”`,
    );
  } finally {
    await browser.close();
  }
}
