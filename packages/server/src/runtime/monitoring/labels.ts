import type { AnyNewFact, EpochMs, PairedRows, PredictionLog, ProjectId, Signal } from '@twinloop/kernel';
import type { LabelAvailability, LabelRepeats } from '@twinloop/loop/data';
import type { EndpointLearning } from '@twinloop/loop/learning';
import { coverageSpan, labelSignals, observeWindow, windowAt } from '@twinloop/loop/monitoring';
import { referenceDataset } from '../../config/check-project.js';
import type { ProjectConfig } from '../../config/project-config.js';
import type { LabelMeaning } from '../serving/outcome-value.js';

/** The label's column: the metric that outcomes are reported under. */
export function labelOf(config: ProjectConfig): string {
  return config.datasets[referenceDataset(config)!]!.label!.column;
}

/** How the project's labels are told. */
export function labelMeaning(config: ProjectConfig): LabelMeaning {
  const name = referenceDataset(config);
  const { positive, negative } = (name === undefined ? undefined : config.datasets[name]?.label) ?? {};
  return {
    task: config.train.task,
    ...(positive === undefined ? {} : { positive }),
    ...(negative === undefined ? {} : { negative }),
  };
}

/** What follows when a label comes again with another value. */
export function repeatsOf(config: ProjectConfig): LabelRepeats {
  const name = referenceDataset(config);
  return (name === undefined ? undefined : config.datasets[name]?.label?.repeats) ?? 'last';
}

/** Which live cases get a label, as the project declares it. */
export function availabilityOf(config: ProjectConfig): LabelAvailability {
  return config.datasets[referenceDataset(config)!]!.label!.available;
}

/** Said behind every figure that rests on selective labels. */
export const SELECTIVE_CAVEAT = 'over acted-on cases only';

/** Signals on labels with the caveat that the project's labels deserve. */
export function caveated(config: ProjectConfig, signals: readonly Signal[] | null): readonly Signal[] | null {
  if (signals === null || availabilityOf(config) !== 'selective') return signals;
  return signals.map(signal => ({ ...signal, sentence: `${signal.sentence} (${SELECTIVE_CAVEAT})` }));
}

/** Whether labels may decide between models. */
export function labelsDecide(config: ProjectConfig): boolean {
  const { available, decides } = config.datasets[referenceDataset(config)!]!.label!;
  return available === 'complete' || (available === 'selective' && decides === true);
}

/**
 * What a rollout may be decided on. Labels that exist only where the answering model's answer was acted on are a sample
 * that this model chose: a loss difference on them is biased. Unless the project says that they come for a fair share
 * of the cases, no label reaches the comparison, and the rollout ends `inconclusive` or by a person.
 */
export function decisive(config: ProjectConfig, paired: PairedRows): PairedRows {
  if (labelsDecide(config)) return paired;
  const none = new Float64Array(0);
  return { ids: [], predictedAt: none, arrivedAt: none, label: none, a: none, b: none };
}

export interface LabelWatchPorts {
  readonly project: ProjectId;
  readonly config: ProjectConfig;
  readonly log: PredictionLog;
}

/**
 * One look at whether labels come. A clean look is written only while it says something: when the look before had a
 * signal, or an alarm about labels is open; so the ledger of a year without missing labels holds none.
 */
export async function lookAtLabels(
  { project, config, log }: LabelWatchPorts,
  learning: EndpointLearning,
  now: EpochMs,
): Promise<readonly AnyNewFact[]> {
  const available = availabilityOf(config);
  const settings = config.monitors.labels;
  if (available === 'never' || settings.coverage === 0) return [];
  const endpoint = config.endpoint!.name;
  const window = windowAt(settings, now);
  const rows = await log.coverage({
    project,
    endpoint,
    metric: labelOf(config),
    known: now,
    ...coverageSpan(window),
  });
  const signals = labelSignals(settings, available, window.from, rows);
  const watched =
    learning.alarms.labels !== undefined ||
    Object.values(learning.streaks).some(
      ({ signal, look }) => signal.kind === 'labels' && look === learning.looks['labels'],
    );
  if (signals === null || (signals.length === 0 && !watched)) return [];
  const n = rows.reduce((sum, row) => sum + (row.from >= window.from ? row.predictions : 0), 0);
  return observeWindow({ monitor: 'labels', endpoint, now, window, n, signals });
}
