import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRng } from '@twinloop/kernel';

const DAY = 864e5;
const START = Date.UTC(2024, 0, 1);
/** The first version ends here; what follows is live traffic. */
export const FIRST_UNTIL = '2024-02-15';

export interface SmallRow {
  readonly id: string;
  readonly at: string;
  readonly landed: string;
  readonly late: number;
  readonly origin: string;
  readonly hour: number;
  readonly temp: number;
  readonly humid: number;
}

/**
 * Flights of a small airport: `rows` of them over 120 days, in order of time. Lateness follows hour and origin.
 * From day 45 on the hour counts the other way round, from day 80 on everything is late more often, from day 95 on it
 * is warm: something for each monitor to see.
 */
export function smallRows(rows = 1500, seed = 1): readonly SmallRow[] {
  const rng = seededRng(seed);
  return Array.from({ length: rows }, (_, i) => {
    const day = (i / rows) * 120;
    const at = Math.floor((START + day * DAY) / 60_000) * 60_000;
    const hour = Math.floor(6 + rng.next() * 16);
    const temp = Math.round(((day < 95 ? 30 : 42) + rng.next() * 20) * 10) / 10;
    const humid = Math.round(40 + rng.next() * 50);
    const origin = ['EWR', 'JFK', 'LGA'][Math.floor(rng.next() * 3)]!;
    const logit =
      (day < 45 ? 0.5 : -0.5) * (hour - 14) + (origin === 'EWR' ? 0.8 : 0) - (day < 80 ? 1 : -0.5);
    const late = rng.next() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
    const landed = at + Math.floor(30 + rng.next() * 300) * 60_000;
    return {
      id: `f${String(i).padStart(5, '0')}`,
      at: new Date(at).toISOString(),
      landed: new Date(landed).toISOString(),
      late,
      origin,
      hour,
      temp,
      humid,
    };
  });
}

export const COLUMNS = ['id', 'at', 'landed', 'late', 'origin', 'hour', 'temp', 'humid'] as const;

/** CSV text; a missing value is an empty field. */
export function csv(
  rows: readonly { readonly [column in (typeof COLUMNS)[number]]?: string | number | null }[],
): string {
  const lines = rows.map(row => COLUMNS.map(column => row[column] ?? '').join(','));
  return `${[COLUMNS.join(','), ...lines].join('\n')}\n`;
}

export interface SmallProject {
  readonly directory: string;
  /** Path of its twinloop.yaml, and its text. */
  readonly file: string;
  readonly text: string;
}

export interface SmallOptions {
  readonly project?: string;
  readonly timezone?: string;
  readonly source?: string;
  /** Lines under `train:`, instead of one linear candidate. */
  readonly train?: string;
  readonly gates?: string;
  readonly inputs?: string;
  readonly policy?: string;
  /** More lines under `monitors:`. */
  readonly monitors?: string;
}

/** The text of the small project's twinloop.yaml. */
export function smallYaml(options: SmallOptions = {}): string {
  return `project: ${options.project ?? 'small'}
timezone: ${options.timezone ?? 'UTC'}
datasets:
  flights:
    source: ${options.source ?? 'flights.csv'}
    key: id
    time: at
    label: { column: late, arrives: landed }
    until: ${FIRST_UNTIL}
expectations:
  flights:
    - { rule: rows, min: 100 }
    - { rule: unique, columns: [id] }
    - { rule: nulls, column: temp, max: 0.05 }
    - { rule: range, column: hour, min: 0, max: 23 }
    - { rule: set, column: origin, values: [EWR, JFK, LGA] }
features:
  inputs: ${options.inputs ?? '[origin, hour, temp, humid]'}
train:
${options.train ?? '  candidates: { algorithms: [linear], windows: [14d, all] }\n  takes: 6h\n  holdout: 0.15'}
gates:
${options.gates ?? '  - { gate: metric, metric: auc, min: 0.5 }\n  - { gate: champion, metric: log_loss, tolerance: 0.05 }\n  - { gate: latency, p99: 5s }'}
endpoint:
  name: late
  rollout: { strategy: shadow, metric: log_loss, alpha: 0.1, minLabels: 60, minDuration: 4d, timeout: 14d, rollbackWindow: 3d }
monitors:
  drift: { window: 10d, minRows: 60, persistence: 1 }
  quality: { window: 10d, minLabels: 60, persistence: 1 }
  calibration: { window: 10d, minLabels: 60, persistence: 1 }${options.monitors === undefined ? '' : `\n${options.monitors}`}
policy:
${options.policy ?? '  coolDown: 8d\n  recalibrateEvery: 5d\n  recalibration: { window: 10d, minLabels: 60, ridge: 5 }\n  budget: { retrainings: 8, per: 365d, daily: 2 }'}
`;
}

/** Writes the project into `directory`. */
export async function writeSmallProject(
  directory: string,
  options: SmallOptions = {},
): Promise<SmallProject> {
  await mkdir(directory, { recursive: true });
  const text = smallYaml(options);
  const file = join(directory, 'twinloop.yaml');
  await writeFile(file, text);
  await writeFile(join(directory, 'flights.csv'), csv(smallRows()));
  return { directory, file, text };
}
