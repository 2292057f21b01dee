import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRng } from '@twinloop/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, runToEnd, scratch, ServerProcess } from '../support/server-process.js';

const MINUTE = 6e4;
const HOUR = 36e5;
const DAY = 24 * HOUR;
const START = Date.UTC(2024, 0, 1);
const ORIGINS = ['EWR', 'JFK', 'LGA'] as const;
const CARRIERS = ['UA', 'B6'] as const;
const ROWS = 2400;
const DAYS = 60;
/** The first version ends here. */
const FIRST = '2024-02-10';

const iso = (at: number): string => new Date(at).toISOString();

/** Wind by origin and three hours, and hours of trouble of a carrier at an origin: what makes flights late here. */
const wind = (origin: number, slot: number): number => (origin * 7 + slot * 5) % 20;
function troubled(origin: number, carrier: number, at: number): boolean {
  const half = Math.floor((at - START) / (48 * HOUR));
  return (half * 7 + origin * 3 + carrier * 5) % 4 === 0;
}

interface Flight {
  readonly id: string;
  readonly at: number;
  readonly landed: number;
  readonly late: number;
  readonly origin: string;
  readonly carrier: string;
}

const FLIGHTS: readonly Flight[] = (() => {
  const rng = seededRng(5);
  return Array.from({ length: ROWS }, (_, i) => {
    const at = START + Math.floor(((i / ROWS) * DAYS * DAY) / MINUTE) * MINUTE;
    const origin = Math.floor(rng.next() * 3);
    const carrier = Math.floor(rng.next() * 2);
    const windy = wind(origin, Math.floor((at - START) / (3 * HOUR))) > 9;
    const chance = (windy ? 0.45 : 0.05) + (troubled(origin, carrier, at) ? 0.5 : 0);
    const late = rng.next() < chance ? 1 : 0;
    const landed = at + Math.floor(40 + rng.next() * 90) * MINUTE;
    return { id: `f${i}`, at, landed, late, origin: ORIGINS[origin]!, carrier: CARRIERS[carrier]! };
  });
})();

const flightsCsv = (): string =>
  `${['id,at,landed,late,origin,carrier', ...FLIGHTS.map(f => `${f.id},${iso(f.at)},${iso(f.landed)},${f.late},${f.origin},${f.carrier}`)].join('\n')}\n`;

function weatherCsv(): string {
  const lines = ['station,measured,wind'];
  for (let slot = 0; slot < (DAYS + 1) * 8; slot++)
    ORIGINS.forEach((name, origin) =>
      lines.push(`${name},${iso(START + slot * 3 * HOUR)},${wind(origin, slot)}`),
    );
  return `${lines.join('\n')}\n`;
}

/** A table that somebody made of the flights themselves, each row stamped with the flight's own time. */
const statsCsv = (): string => {
  const rng = seededRng(9);
  const rows = FLIGHTS.map(
    f => `${f.origin},${f.carrier},${iso(f.at)},${(f.late + rng.next() * 0.9).toFixed(3)}`,
  );
  return `${['origin,carrier,stamped,share', ...rows].join('\n')}\n`;
};

const SHARE = `    - name: late_share
      dataset: flights
      by: [carrier, origin]
      asof: landed
      available: { column: landed, every: 1h, lag: 1m }
      over: 18h
      function: mean
      value: late
      fresh: 12h`;

const yaml = (more: { joins?: string; aggregates?: string } = {}): string => `project: looked-up
datasets:
  flights: { source: flights.csv, key: id, time: at, label: { column: late, arrives: landed }, until: ${FIRST} }
  weather: { source: weather.csv, time: measured }
  stats: { source: stats.csv, time: stamped }
features:
  inputs: [origin, carrier]
  joins:
    - { name: weather, dataset: weather, by: { origin: station }, asof: { within: 6h }, available: 20m, columns: [wind], default: { wind: 8 } }
${more.joins ?? ''}
  aggregates:
${more.aggregates ?? SHARE}
    - { name: flights_1d, dataset: flights, by: [origin], over: 1d, function: count }
train:
  candidates: { algorithms: [gbt], windows: [all] }
  takes: 10m
gates:
  - { gate: metric, metric: auc, min: 0.65 }
endpoint: { name: late }
policy: { answers: { data-drift: hold, model-drift: hold, calibration: hold } }
`;

describe('features that are looked up', () => {
  let directory: Awaited<ReturnType<typeof scratch>>;
  let server: ServerProcess;
  let project: string;
  const client = () => server.client({ project: 'looked-up' });
  const finding = async (file: string): Promise<string> =>
    client()
      .plan({ file, directory: project })
      .then(
        () => 'accepted',
        (error: unknown) => JSON.stringify(error, Object.getOwnPropertyNames(error)),
      );
  const infer = (inputs: readonly object[]): Promise<Response> =>
    fetch(`${server.url}/p/looked-up/v2/models/late/infer`, {
      method: 'POST',
      body: JSON.stringify({ inputs }),
    });
  const text = (name: string, value: string) => ({ name, shape: [1], datatype: 'BYTES', data: [value] });
  const skewOf = (run: Awaited<ReturnType<typeof runToEnd>>) =>
    run.verdicts.find(({ gate }) => gate === 'skew');
  /** A run to its end; what it would try on live traffic is taken back. */
  const build = async () => {
    const run = await runToEnd(client());
    if (run.status === 'passed')
      await client()
        .reject('late', 'only its gates are of interest')
        .catch(() => undefined);
    return run;
  };
  const restart = async (): Promise<void> => {
    await server.kill();
    server = await ServerProcess.start(join(directory.path, 'data'));
  };

  beforeAll(async () => {
    directory = await scratch();
    project = join(directory.path, 'project');
    await mkdir(project);
    await writeFile(join(project, 'flights.csv'), flightsCsv());
    await writeFile(join(project, 'weather.csv'), weatherCsv());
    await writeFile(join(project, 'stats.csv'), statsCsv());
    server = await ServerProcess.start(join(directory.path, 'data'));
    await client().apply({ file: yaml(), directory: project, clock: FIRST });
  });
  afterAll(async () => {
    await server.kill();
    await directory.remove();
  });

  it('are learned from, and are not for requests to bring', async () => {
    const run = await runToEnd(client());
    expect(run.status, run.log).toBe('passed');
    expect(run.candidates[0]!.metrics['auc']).toBeGreaterThan(0.7);
    const [model] = await client().models();
    expect(Object.keys(model!.importance).sort()).toEqual([
      'carrier',
      'flights_1d',
      'late_share',
      'origin',
      'weather.wind',
    ]);
    const version = (await client().datasets()).find(({ version }) => version === model!.datasetVersion)!;
    expect(version.source).toMatch(/^the version before, looked up in weather@[0-9a-f]{12}$/);
    const asked = (await (await fetch(`${server.url}/p/looked-up/v2/models/late`)).json()) as {
      inputs: { name: string }[];
    };
    expect(asked.inputs.map(({ name }) => name)).toEqual(['origin', 'carrier']);
    const sent = [text('origin', 'EWR'), text('carrier', 'UA')];
    expect((await infer(sent)).status).toBe(200);
    const refused = await infer([...sent, { name: 'weather.wind', shape: [1], datatype: 'FP64', data: [3] }]);
    expect(refused.status).toBe(400);
  });

  it('are the same in a replay as the past gives afterwards, a kill -9 in the middle included', async () => {
    await client().startReplay({ dataset: 'flights', speed: 'max' });
    await eventually(async () => ((await client().replay())!.sent > 200 ? true : undefined), '200 requests');
    await restart();
    const ended = await eventually(async () => {
      const status = await client().replay();
      return status?.state === 'finished' ? status : undefined;
    }, 'the end of the replay');
    expect(ended).toMatchObject({ failures: 0 });
    const run = await build();
    expect(skewOf(run)).toMatchObject({
      status: 'pass',
      reason: 'every looked-up value of 500 sampled requests is what the past gives now',
    });
    const view = await client().features();
    expect(view.features.map(({ name, late, missing }) => [name, late, missing > 500])).toEqual([
      ['weather', 0, false],
      ['late_share', 0, false],
      ['flights_1d', 0, false],
    ]);
    expect(view.sources.map(({ dataset, own }) => [dataset, own])).toEqual([
      ['weather', false],
      ['flights', true],
    ]);
  });

  it('come from rows as they are posted, which survive a kill -9 and become part of the next version', async () => {
    const { at } = await client().featureValues({ origin: 'EWR', carrier: 'UA' });
    const row = { station: 'EWR', measured: iso(at - 25 * MINUTE), wind: 41.5 };
    expect(await client().pushFeatureRows('weather', [row])).toEqual({ accepted: 1 });
    const value = async () => (await client().featureValues({ origin: 'EWR' })).values['weather.wind'];
    expect(await value()).toBe(41.5);
    await restart();
    expect(await value()).toBe(41.5);
    const printed = await server.cli(['--project', 'looked-up', 'features', '--entity', 'origin=EWR']);
    expect(printed.stdout).toContain('41.5');
    expect((await client().features()).sources[0]).toMatchObject({ dataset: 'weather', pushed: 1 });
    // A row that is not known yet does not count yet.
    await client().pushFeatureRows('weather', [{ station: 'EWR', measured: iso(at - 10 * MINUTE), wind: 7 }]);
    expect(await value()).toBe(41.5);
    await build();
    const [newest] = (await client().datasets()).filter(({ dataset }) => dataset === 'weather');
    expect(newest).toMatchObject({ source: '2 rows that were posted', rows: (DAYS + 1) * 24 + 2 });
    expect((await client().features()).sources[0]).toMatchObject({ version: newest!.version, pushed: 0 });
    await expect(client().pushFeatureRows('weather', [{ ...row, wind: 'strong' }])).rejects.toMatchObject({
      code: 'rows_refused',
    });
    await expect(client().pushFeatureRows('flights', [row])).rejects.toMatchObject({ code: 'not_found' });
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/twinloop_feature_stale_total\{project="looked-up",feature="late_share"\} \d+/);
  });

  it('fail the build when a source was rewritten behind the requests’ back', async () => {
    const rows = ORIGINS.map(station => {
      const slots = Array.from({ length: 8 * 18 }, (_, slot) => ({
        station,
        measured: iso(Date.parse(FIRST) + slot * 3 * HOUR),
        wind: 60,
      }));
      return slots;
    }).flat();
    await client().pushFeatureRows('weather', rows);
    const run = await build();
    expect(run.status).toBe('failed');
    expect(skewOf(run)).toMatchObject({ status: 'fail' });
    expect(skewOf(run)!.reason).toMatch(/^"weather\.wind" of \d+ of 500 sampled requests/);
    expect((await client().features()).features[0]!.late).toBeGreaterThan(300);
  });

  it('may not read a label without saying when it is known', async () => {
    const silent = SHARE.replace(/ {6}(asof|available): .*\n/g, '');
    expect(await finding(yaml({ aggregates: silent }))).toMatch(
      /feature_leak: late_share: .*is the label; say when a row of flights is known: available: landed/,
    );
    expect(await finding(yaml({ aggregates: SHARE.replace('18h', '365d') }))).toMatch(/92 days/);
    expect(await finding(yaml())).toBe('accepted');
  });

  it('may not come from a source that holds the row itself', async () => {
    const joins = '    - { name: stats, dataset: stats, by: [origin, carrier], columns: [share] }';
    await client().apply({ file: yaml({ joins }), directory: project });
    const run = await build();
    expect(run.status).toBe('refused');
    expect(run.log).toMatch(/stats\.share knows the future: .*its source holds the row itself/);
  });
});
