import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { TwinloopApiError, type Decision, type TwinloopClient } from '@twinloop/client';
import type { FactPayloads } from '@twinloop/kernel';
import { DEMO_DATASET, DEMO_DIRECTORY, DEMO_PROJECT } from '../../demo/flights.js';
import { follow } from '../../commands/runs.js';
import { onSnapshot } from './on-snapshot.js';
import { runBreaks } from './break-runs.js';
import { allDecisions } from '../clean-run.js';
import { startChild, type ChildServer } from '../child-server.js';
import { attempt, point, type Point } from '../point.js';
import { changeOneByte } from './tamper.js';
import { sampleRequests, writeFaultData, type FaultData } from './fault-data.js';

const BUDGET_PER_DAY = 2;
const COOL_DOWN_DAYS = 28;
const DAY = 864e5;

/** The short fault runs, each on its own copy of the clean run. */
export async function runFaults(snapshot: string, scratch: string): Promise<readonly Point[]> {
  const files = await writeFaultData(DEMO_DIRECTORY, scratch);
  const points: Point[] = [];
  points.push(
    await attempt('A3', 'decision', () => onSnapshot(snapshot, (_server, client) => poisoned(client, files))),
  );
  points.push(
    await attempt('A7', 'decision', () =>
      onSnapshot(snapshot, (server, client) => shadow(server, client, files)),
    ),
  );
  points.push(
    await attempt('A12', 'decision', () => onSnapshot(snapshot, (_server, client) => storm(client, files))),
  );
  points.push(await attempt('A13', 'decision', () => tampered(snapshot)));
  points.push(...(await runBreaks(snapshot, files, scratch)));
  return points;
}

const POISONS = [
  { file: 'nulls', column: 'temp', rule: 'nulls' },
  { file: 'hour99', column: 'hour', rule: 'range' },
  { file: 'duplicates', column: 'id', rule: 'unique' },
] as const;

async function poisoned(client: TwinloopClient, files: FaultData): Promise<Point> {
  const told: string[] = [];
  for (const { file, column, rule } of POISONS) {
    try {
      await client.addDatasetVersion(DEMO_DATASET, files[file]);
      return point('A3', 'decision', false, `${file} was accepted`);
    } catch (error) {
      if (!(error instanceof TwinloopApiError) || error.code !== 'data_refused') throw error;
      const finding = error.details.find(detail => detail.message.startsWith(rule));
      if (
        finding !== undefined &&
        (finding.field ?? finding.message).includes(column) &&
        /\d/.test(finding.message)
      )
        told.push(finding.message);
    }
  }
  return point(
    'A3',
    'decision',
    told.length === POISONS.length,
    `${told.length} of ${POISONS.length} refused before training: ${told.join('; ')}`,
  );
}

/** The same requests with a challenger in shadow and without one: the client must not be able to tell. */
async function shadow(server: ChildServer, client: TwinloopClient, files: FaultData): Promise<Point> {
  const before = await allDecisions(client, 0);
  const byAlarm = answeredByItself(before);
  // The year may end while a challenger is being tried: then that one serves as well.
  if ((await client.status()).endpoint!.challenger === null) {
    await follow(client, (await client.startRun({ reason: 'to have a challenger in shadow' })).run);
  }
  const { challenger, endpoint } = (await client.status()).endpoint!;
  const on = await answers(server, files, endpoint);
  if (challenger !== null) await client.reject(endpoint, 'the comparison is over');
  const off = await answers(server, files, endpoint);
  const equal = on.every((text, i) => text === off[i]);
  return point(
    'A7',
    'decision',
    byAlarm > 0 && challenger !== null && equal,
    `${byAlarm} alarms started a run by themselves whose challenger passed every gate; ${on.length} answers byte-identical with shadow on and off: ${equal}`,
  );
}

function answeredByItself(decisions: readonly Decision[]): number {
  const runs = new Map<string, string | null>();
  let count = 0;
  for (const { type, payload, correlation } of decisions) {
    const facts = payload as unknown as FactPayloads['RunStarted'] & FactPayloads['RolloutStarted'];
    if (type === 'RunStarted' && facts.trigger === 'alarm') runs.set(facts.run, correlation);
    if (type === 'RolloutStarted' && [...runs.values()].includes(correlation)) count++;
  }
  return count;
}

async function answers(server: ChildServer, files: FaultData, endpoint: string): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const body of sampleRequests(files)) {
    const response = await fetch(`${server.url}/p/${DEMO_PROJECT}/v2/models/${endpoint}/infer`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    texts.push(`${response.status} ${await response.text()}`);
  }
  return texts;
}

/** Sixty days in which every input is shifted and every label turned around. */
async function storm(client: TwinloopClient, files: FaultData): Promise<Point> {
  const [last] = await client.ledger({ limit: 1 });
  await client.startReplay({ dataset: DEMO_DATASET, source: files.storm, speed: 'max' });
  while ((await client.replay())!.state !== 'finished') await wait(200);
  const news = await allDecisions(client, last!.seq);
  const payloads = <T extends keyof FactPayloads>(type: T): { at: number; payload: FactPayloads[T] }[] =>
    news
      .filter(one => one.type === type)
      .map(({ at, payload }) => ({ at, payload: payload as unknown as FactPayloads[T] }));
  const signals = payloads('SignalRaised').length;
  const raised = payloads('AlarmRaised');
  const coalesced = payloads('AlarmCoalesced').length;
  const answered = payloads('AnswerDecided');
  const actions = answered.filter(({ payload }) => payload.answer !== 'hold');
  const retrainings = actions.filter(({ payload }) => payload.answer === 'retrain');
  const perDay = Math.max(
    0,
    ...actions.map(({ at }) => actions.filter(other => other.at > at - DAY && other.at <= at).length),
  );
  const gaps = retrainings.slice(1).map(({ at }, i) => at - retrainings[i]!.at);
  const oneAnswer = raised.every(
    ({ payload }) => answered.filter(answer => answer.payload.alarm === payload.alarm).length === 1,
  );
  const passed =
    raised.length > 0 &&
    oneAnswer &&
    perDay <= BUDGET_PER_DAY &&
    gaps.every(gap => gap >= COOL_DOWN_DAYS * DAY);
  return point(
    'A12',
    'decision',
    passed,
    `${signals} signals, ${raised.length} alarms each with one answer, ${coalesced} coalesced; ${actions.length} actions, at most ${perDay} a day (limit ${BUDGET_PER_DAY}), ${retrainings.length} retrainings at least ${COOL_DOWN_DAYS} days apart`,
  );
}

/** One changed byte in the ledger's file is found, and its entry named. */
async function tampered(snapshot: string): Promise<Point> {
  const data = await mkdtemp(`${snapshot}-tampered-`);
  try {
    await cp(snapshot, data, { recursive: true });
    const before = await startChild(data);
    const whole = await before.client(DEMO_PROJECT).verifyLedger();
    const first = (
      await before.client(DEMO_PROJECT).ledger({ after: 0, types: ['RunStarted'], limit: 1 })
    )[0]!;
    const model = (await before.client(DEMO_PROJECT).status()).endpoint!.champion!.model;
    const card = await before.client(DEMO_PROJECT).card(model);
    await before.stop();
    changeOneByte(join(data, 'ledger.db'), (first.payload as unknown as FactPayloads['RunStarted']).reason);
    const after = await startChild(data);
    const broken = await after.client(DEMO_PROJECT).verifyLedger();
    await after.stop();
    const named = !broken.ok && broken.seq === first.seq;
    return point(
      'A13',
      'decision',
      whole.ok && named && /^---\n[\s\S]*model-index/.test(card),
      `model card of ${card.length} characters with model-index, from the ledger alone; verify holds over ${whole.ok ? whole.entries : 0} entries, and after one changed byte names ${broken.ok ? 'nothing' : `entry ${broken.seq}`}`,
    );
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}
