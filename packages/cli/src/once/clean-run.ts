import { setTimeout as wait } from 'node:timers/promises';
import type {
  BaselineSeries,
  Decision,
  EndpointDetail,
  LoopStatus,
  ModelView,
  MonitorsView,
  PlanView,
  ReplayStatus,
  RunView,
  TwinloopClient,
} from '@twinloop/client';
import { readFile } from 'node:fs/promises';
import { DEMO_DIRECTORY, playDemo } from '../demo/flights.js';
import { when } from '../output.js';
import { Progress } from '../progress.js';
import type { ChildServer } from './child-server.js';

/** Everything that the points of the clean run are judged by, as the API tells it. */
export interface CleanRun {
  readonly seconds: number;
  readonly peakMemory: number | undefined;
  readonly status: LoopStatus;
  readonly replay: ReplayStatus;
  readonly decisions: readonly Decision[];
  readonly runs: readonly RunView[];
  readonly models: readonly ModelView[];
  readonly endpoint: EndpointDetail;
  readonly monitors: MonitorsView;
  readonly baselines: readonly BaselineSeries[];
  readonly plan: PlanView;
  readonly ledger: { readonly ok: boolean; readonly entries: number };
  readonly decisionHash: string;
  readonly card: string;
}

const POLL_MS = 400;
const PAGE = 1000;

/** Every decision after `after`, page by page. */
export async function allDecisions(client: TwinloopClient, after: number): Promise<readonly Decision[]> {
  const decisions: Decision[] = [];
  for (;;) {
    const page = await client.ledger({ after: decisions.at(-1)?.seq ?? after, limit: PAGE });
    decisions.push(...page);
    if (page.length < PAGE) return decisions;
  }
}

/** Plays the year at full speed and asks for everything that was decided. */
export async function playCleanRun(server: ChildServer, client: TwinloopClient): Promise<CleanRun> {
  const started = performance.now();
  await playDemo(client, 'max');
  const progress = new Progress();
  let replay = (await client.replay())!;
  while (replay.state !== 'finished') {
    progress.update(
      `clean run: ${when(replay.now).slice(0, 10)} · ${replay.sent} of ${replay.total} requests`,
    );
    await wait(POLL_MS);
    replay = (await client.replay())!;
  }
  progress.end();
  const seconds = (performance.now() - started) / 1000;
  const status = await client.status();
  const name = status.endpoint!.endpoint;
  const verification = await client.verifyLedger();
  const file = await readFile(`${DEMO_DIRECTORY}/twinloop.yaml`, 'utf8');
  const monitors = await client.monitors(name);
  return {
    seconds,
    peakMemory: server.peakMemory(),
    status,
    replay,
    decisions: await allDecisions(client, 0),
    runs: await client.runs(),
    models: await client.models(),
    endpoint: await client.endpoint(name),
    monitors,
    baselines: monitors.baselines,
    plan: await client.plan({ file, directory: DEMO_DIRECTORY }),
    ledger: verification.ok
      ? { ok: true, entries: verification.entries }
      : { ok: false, entries: verification.seq },
    decisionHash: (await client.decisionHash()).hash,
    card: await client.card(status.endpoint!.champion!.model),
  };
}
