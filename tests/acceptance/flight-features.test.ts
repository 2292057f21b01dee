import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../support/checkout.js';
import { eventually, runToEnd, scratch, ServerProcess } from '../support/server-process.js';

const directory = join(root, 'examples/flight-features');
let data: Awaited<ReturnType<typeof scratch>>;
let server: ServerProcess;
const client = () => server.client({ project: 'flight-features' });

beforeAll(async () => {
  data = await scratch();
  server = await ServerProcess.start(data.path);
  const file = await readFile(join(directory, 'twinloop.yaml'), 'utf8');
  await client().apply({ file, directory, clock: '2013-03-01' });
});
afterAll(async () => {
  await server.kill();
  await data.remove();
});

it('learns from looked-up weather and late shares, and serves two months of schedules alone', async () => {
  const first = await runToEnd(client(), { reason: 'the first model' });
  expect(first.status, first.log).toBe('passed');
  expect(first.candidates[0]!.metrics['auc']).toBeGreaterThan(0.6);

  await client().startReplay({ dataset: 'flights', speed: 'max' });
  const replay = await eventually(
    async () => {
      const status = await client().replay();
      return status?.state === 'finished' ? status : undefined;
    },
    'the end of the replay',
    300_000,
  );
  expect(replay.failures).toBe(0);
  const { features, sources } = await client().features();
  const by = Object.fromEntries(features.map(one => [one.name, one]));
  // The weather came hour by hour, none of it late, and hardly a request found none.
  expect(by['weather']!.late).toBe(0);
  expect(by['weather']!.missing / by['weather']!.reads).toBeLessThan(0.01);
  expect(by['late_share_3h']!.late).toBe(0);
  // Memory holds the last hours, not the year.
  expect(by['late_share_3h']!.rows).toBeLessThan(300);
  expect(sources.find(({ dataset }) => dataset === 'weather')!.version).not.toBeNull();

  // Every run of the replay held requests against what the past gives: offline as online.
  const runs = await client().runs();
  const skew = runs.flatMap(({ verdicts }) => verdicts.filter(({ gate }) => gate === 'skew'));
  expect(skew.length).toBeGreaterThan(0);
  expect(skew.filter(({ status }) => status !== 'pass')).toEqual([]);
  expect(skew[0]!.reason).toMatch(
    /^every looked-up value of \d+ sampled requests is what the past gives now$/,
  );
  const served = await client().models();
  const champion = served.find(({ stage }) => stage === 'live')!;
  expect(champion.importance['late_share_3h']).toBeGreaterThan(0.01);
}, 400_000);
