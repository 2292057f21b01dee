import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TwinloopClient } from '@twinloop/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { root } from '../support/checkout.js';
import { eventually, runToEnd, scratch, ServerProcess } from '../support/server-process.js';

vi.setConfig({ hookTimeout: 180_000 });

const EXAMPLE = join(root, 'examples/arrival-delay');
const PROJECT = 'arrival-delay';

let directory: Awaited<ReturnType<typeof scratch>>;
let server: ServerProcess;
let client: TwinloopClient;
/** The first model on two months, then six weeks of live traffic. */
beforeAll(async () => {
  directory = await scratch();
  server = await ServerProcess.start(join(directory.path, 'data'));
  client = server.client({ project: PROJECT });
  const file = await readFile(join(EXAMPLE, 'twinloop.yaml'), 'utf8');
  await client.apply({ file, directory: EXAMPLE, clock: '2013-03-01' });
  const run = await runToEnd(client);
  if (run.status !== 'passed') throw new Error(`the first run ${run.status}:\n${run.log}`);
  await client.startReplay({ dataset: 'arrivals', until: '2013-04-14', speed: 'max' });
  await eventually(
    async () => ((await client.replay())?.state === 'finished' ? true : undefined),
    'the end of the replay',
    170_000,
  );
});
afterAll(async () => {
  await server.kill();
  await directory.remove();
});

describe('a regression in the loop', () => {
  it('has a first model that passed every gate, judged by its RMSE', async () => {
    const first = (await client.runs()).at(-1)!;
    expect(first.verdicts.map(verdict => [verdict.gate, verdict.status])).toContainEqual([
      'metric rmse',
      'pass',
    ]);
    expect(first.verdicts.every(verdict => verdict.status === 'pass')).toBe(true);
    const { metrics } = first.candidates.find(one => one.chosen)!;
    // The label's standard deviation is about 35 minutes; the model knows a little more than the mean.
    expect(metrics['rmse']).toBeLessThan(metrics['label_sd']! * 1.02);
    expect(metrics).not.toHaveProperty('auc');
  });

  it('answers minutes', async () => {
    const flight = {
      ...{ origin: 'LGA', dest: 'ORD', carrier: 'UA', sched_dep_time: 1900, sched_arr_time: 2045, hour: 19 },
      ...{ distance: 733, dow: 5, temp: 50, dewp: 40, humid: 68, wind_speed: 10, precip: 0 },
      ...{ pressure: 1015, visib: 10 },
    };
    const inputs = Object.entries(flight).map(([name, value]) => ({
      name,
      shape: [1],
      datatype: typeof value === 'string' ? 'BYTES' : 'FP64',
      data: [value],
    }));
    const answer = await fetch(`${server.url}/p/${PROJECT}/v2/models/arrival/infer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inputs }),
    });
    const { outputs } = (await answer.json()) as { outputs: { data: number[] }[] };
    expect(answer.status).toBe(200);
    const minutes = outputs[0]!.data[0]!;
    expect(minutes).toBeGreaterThan(-30);
    expect(minutes).toBeLessThan(90);
    // No probability: an evening flight is expected late by more than a minute.
    expect(Math.abs(minutes)).toBeGreaterThan(1);
  });

  it('is watched by RMSE in minutes, on every surface', async () => {
    const { endpoint } = await client.status();
    expect(endpoint!.loss30d).toMatchObject({ metric: 'rmse', title: 'RMSE', unit: 'minutes' });
    expect(endpoint!.loss30d!.value).toBeGreaterThan(15);
    expect(endpoint!.loss30d!.value).toBeLessThan(60);
    const view = await client.monitors('arrival');
    expect(view).toMatchObject({ task: 'regression', loss: { title: 'RMSE', unit: 'minutes' } });
    expect(view.quality.length).toBeGreaterThanOrEqual(6);
    for (const week of view.quality) {
      expect(week.auc).toBeNull();
      expect(week.low).toBeLessThanOrEqual(week.loss);
      expect(week.high).toBeGreaterThanOrEqual(week.loss);
    }
    const text = await server.cli(['--project', PROJECT, 'monitors']);
    expect(text.stdout).toContain('RMSE (minutes)');
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/twinloop_endpoint_loss\{[^}]*project="arrival-delay"[^}]*metric="rmse"\} \d/);
  });

  it('speaks of no log loss, and of no log-odds, in anything that it decided', async () => {
    const decisions = await client.ledger({ limit: 1000 });
    const said = decisions.map(decision => decision.sentence).join('\n');
    expect(said).not.toMatch(/log loss|log_loss|AUC|log-odds/);
    expect(said).toMatch(/RMSE/);
    const { status, endpoint } = {
      status: await client.status(),
      endpoint: await client.endpoint('arrival'),
    };
    expect(status.counts.errors).toBe(0);
    for (const rollout of [endpoint.rollout, ...endpoint.history])
      if (rollout !== null) expect(rollout.metric).toBe('squared_error');
  });
});
