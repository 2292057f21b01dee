import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRng } from '@twinloop/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runToEnd, scratch, ServerProcess } from '../support/server-process.js';

const HOUR = 36e5;
const START = Date.UTC(2024, 0, 1);
const ORIGINS = ['EWR', 'JFK', 'LGA'];
const ROWS = 1200;

const YAML = `project: joined
datasets:
  flights: { source: flights.csv, key: id, time: at, label: { column: late, arrives: landed } }
  weather: { source: weather.csv, time: measured }
features:
  inputs: [at, origin, hour]
  joins:
    - { name: weather, dataset: weather, by: { origin: origin }, asof: { left: at, right: measured, within: 6h }, columns: [wind] }
train:
  candidates: { algorithms: [gbt], windows: [all] }
gates:
  - { gate: metric, metric: auc, min: 0.7 }
endpoint: { name: late }
`;

/** Wind by origin and three hours: what makes flights late here, and nothing else does. */
function wind(origin: number, slot: number): number {
  return (origin * 7 + slot * 5) % 20;
}

function flightsCsv(): string {
  const rng = seededRng(5);
  const lines = ['id,at,landed,late,origin,hour'];
  for (let i = 0; i < ROWS; i++) {
    const at = START + Math.floor((i / ROWS) * 60 * 24) * HOUR + 30 * 60_000;
    const origin = Math.floor(rng.next() * 3);
    const late = rng.next() < (wind(origin, Math.floor((at - START) / (3 * HOUR))) > 9 ? 0.9 : 0.1) ? 1 : 0;
    const hour = new Date(at).getUTCHours();
    lines.push(
      `f${i},${new Date(at).toISOString()},${new Date(at + 2 * HOUR).toISOString()},${late},${ORIGINS[origin]},${hour}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function weatherCsv(of: (origin: number, slot: number) => number): string {
  const lines = ['origin,measured,wind'];
  for (let slot = 0; slot < 61 * 8; slot++) {
    const measured = new Date(START + slot * 3 * HOUR).toISOString();
    ORIGINS.forEach((name, origin) => lines.push(`${name},${measured},${of(origin, slot)}`));
  }
  return `${lines.join('\n')}\n`;
}

describe('features joined from a second source', () => {
  let directory: Awaited<ReturnType<typeof scratch>>;
  let server: ServerProcess;
  let project: string;

  beforeAll(async () => {
    directory = await scratch();
    project = directory.path;
    await writeFile(join(project, 'flights.csv'), flightsCsv());
    await writeFile(join(project, 'weather.csv'), weatherCsv(wind));
    server = await ServerProcess.start(join(directory.path, 'data'));
    await server.client().apply({ file: YAML, directory: project });
  });
  afterAll(async () => {
    await server.kill();
    await directory.remove();
  });

  const ask = async (origin: string, at: number): Promise<number> => {
    const inputs = [
      { name: 'at', shape: [1], datatype: 'FP64', data: [at] },
      { name: 'origin', shape: [1], datatype: 'BYTES', data: [origin] },
      { name: 'hour', shape: [1], datatype: 'FP64', data: [12] },
    ];
    const response = await fetch(`${server.url}/p/joined/v2/models/late/infer`, {
      method: 'POST',
      body: JSON.stringify({ inputs }),
    });
    expect(response.status).toBe(200);
    return ((await response.json()) as { outputs: { data: number[] }[] }).outputs[0]!.data[0]!;
  };
  // At that time the wind is 5 in EWR and 12 in JFK.
  const at = START + 49 * 3 * HOUR + HOUR;

  it('are learned from, and looked up when a request comes', async () => {
    const run = await runToEnd(server.client({ project: 'joined' }));
    expect(run.status, run.log).toBe('passed');
    expect(run.candidates[0]!.metrics['auc']).toBeGreaterThan(0.8);
    expect([wind(0, 49), wind(1, 49)]).toEqual([5, 12]);
    expect(await ask('EWR', at)).toBeLessThan(0.3);
    expect(await ask('JFK', at)).toBeGreaterThan(0.7);
    // A row that is older than `within` does not count: without its wind no origin stands out.
    const later = START + 80 * 24 * HOUR;
    expect(Math.abs((await ask('EWR', later)) - (await ask('JFK', later)))).toBeLessThan(0.3);
  });

  it('come from the newest version as soon as it is there', async () => {
    const turned = join(project, 'turned.csv');
    await writeFile(
      turned,
      weatherCsv((origin, slot) => 19 - wind(origin, slot)),
    );
    await server.client({ project: 'joined' }).addDatasetVersion('weather', turned);
    expect(await ask('EWR', at)).toBeGreaterThan(0.7);
    expect(await ask('JFK', at)).toBeLessThan(0.3);
  });

  it('may not be joined as of a time that is known only later', async () => {
    const leaking = YAML.replace('inputs: [at, origin, hour]', 'inputs: [at, landed, origin, hour]').replace(
      'left: at',
      'left: landed',
    );
    await server.client({ project: 'joined' }).apply({ file: leaking, directory: project });
    const run = await runToEnd(server.client({ project: 'joined' }));
    expect(run.status).toBe('refused');
    expect(run.log).toMatch(/knows the future/);
  });
});
