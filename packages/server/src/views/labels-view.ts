import type { LabelCoverage, LabelsView } from '@twinloop/client';
import {
  parseDuration,
  type CoverageRow,
  type EpochMs,
  type PredictionLog,
  type ProjectId,
} from '@twinloop/kernel';
import type { ProjectConfig } from '../config/project-config.js';
import { availabilityOf, labelOf } from '../runtime/monitoring/labels.js';
import { nextLocalHour } from '../runtime/zoned-time.js';

const DAY = 864e5;
/** How far back coverage is shown. */
const DAYS = 90;

/** Label coverage of the last 90 days, by variant and by day; a prediction is due once it is `settle` old. */
export async function labelsView(
  { project, config, log }: { project: ProjectId; config: ProjectConfig; log: PredictionLog },
  now: EpochMs,
): Promise<LabelsView> {
  const endpoint = config.endpoint!.name;
  const settleMs = parseDuration(config.monitors.labels.settle);
  const until = nextLocalHour(now, 0, config.timezone);
  const [rows, counts] = await Promise.all([
    log.coverage({
      project,
      endpoint,
      metric: labelOf(config),
      predicted: { from: until - DAYS * DAY, until },
      known: now + 1,
      every: DAY,
    }),
    log.counts(project, endpoint),
  ]);
  const declared = availabilityOf(config);
  const isDue = (row: CoverageRow): boolean => declared !== 'never' && row.from + DAY <= now - settleMs;
  const coverage = (some: readonly CoverageRow[]): LabelCoverage => {
    const sum = (of: (row: CoverageRow) => number): number => some.reduce((total, row) => total + of(row), 0);
    return {
      predictions: sum(row => row.predictions),
      due: sum(row => (isDue(row) ? row.predictions : 0)),
      labelled: sum(row => (isDue(row) ? row.labelled : 0)),
    };
  };
  return {
    endpoint,
    declared,
    settleMs,
    byVariant: groups(rows, row => `${row.variant}\n${row.version}`).map(some => ({
      ...coverage(some),
      variant: some[0]!.variant,
      model: some[0]!.version,
    })),
    overTime: groups(rows, row => String(row.from)).map(some => ({
      ...coverage(some),
      from: some[0]!.from,
      until: some[0]!.from + DAY,
    })),
    unknown: counts.unknownOutcomes,
    corrected: rows.reduce((sum, row) => sum + row.corrected, 0),
  };
}

/** Rows with one key together, in order of their first. */
function groups(rows: readonly CoverageRow[], keyOf: (row: CoverageRow) => string): readonly CoverageRow[][] {
  const found = new Map<string, CoverageRow[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = found.get(key);
    if (group === undefined) found.set(key, [row]);
    else group.push(row);
  }
  return [...found.values()];
}
