import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BaselineSeries, LoopStatus } from '@twinloop/client';

/** The stranger's file lies beside the checkout and is never part of it. */
export const BIKE_FILE = fileURLToPath(
  new URL('../../../../../../shared/data/bike-sharing/bike_sharing_hour.csv', import.meta.url),
);

export const BIKE_PROJECT = 'bike-sharing';
export const BIKE_DATASET = 'hours';
export const BIKE_CLOCK = '2011-04-01';
const INPUTS = [
  'season',
  'mnth',
  'hr',
  'holiday',
  'weekday',
  'workingday',
  'weathersit',
  'temp',
  'atemp',
  'hum',
  'windspeed',
];
const HOUR = 3_600_000;

export function bikesAreHere(): boolean {
  return existsSync(BIKE_FILE);
}

/**
 * Writes the project into `directory`: the hours with one column for their time (the source has date and hour apart)
 * and one for when the count became known, an hour later. Casual and registered users add up to the count and stay out.
 */
export async function writeBikeProject(directory: string): Promise<string> {
  const [head, ...lines] = (await readFile(BIKE_FILE, 'utf8')).trim().split('\n');
  const names = head!.trim().split(',');
  const rows = lines.map(line => {
    const cells = line.trim().split(',');
    const cell = (name: string): string => cells[names.indexOf(name)]!;
    const at = Date.parse(`${cell('dteday')}T00:00:00Z`) + Number(cell('hr')) * HOUR;
    const times = [at, at + HOUR].map(time => new Date(time).toISOString());
    return [cell('instant'), ...times, ...INPUTS.map(cell), cell('cnt')].join(',');
  });
  const columns = ['id', 'time', 'known', ...INPUTS, 'cnt'];
  await writeFile(join(directory, 'hours.csv'), `${[columns.join(','), ...rows].join('\n')}\n`);
  const file = projectFile();
  await writeFile(join(directory, 'twinloop.yaml'), file);
  return file;
}

function projectFile(): string {
  return `project: ${BIKE_PROJECT}
timezone: UTC
datasets:
  ${BIKE_DATASET}:
    source: hours.csv
    key: id
    time: time
    label: { column: cnt, arrives: known, unit: bikes }
    until: ${BIKE_CLOCK}
features:
  inputs: [${INPUTS.join(', ')}]
train:
  task: regression
  holdout: 0.05 # of two years a fifth would be a season: by then the candidate is stale, the champion is not
  candidates: { algorithms: [linear, gbt], windows: [60d, all] }
gates:
  - { gate: metric, metric: r2, min: 0.2 }
  - { gate: champion, tolerance: 0.1 }
endpoint:
  name: demand
  rollout: { minLabels: 300 }
monitors: # 24 hours a day: two weeks hold 336 labels
  quality: { minLabels: 150 }
  calibration: { minLabels: 150 }
policy:
  budget: { retrainings: 14, per: 365d, daily: 2 }
`;
}

/** What the point about the bikes is judged by. */
export interface BikeRun {
  readonly seconds: number;
  readonly status: LoopStatus;
  readonly failures: number;
  readonly sent: number;
  /** RMSE by month, the loop's own among them. */
  readonly series: readonly BaselineSeries[];
}
