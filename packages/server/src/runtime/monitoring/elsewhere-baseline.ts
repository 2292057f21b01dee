import {
  numbers,
  parseDuration,
  type DatasetQuery,
  type DatasetVersionRecord,
  type EpochMs,
  type PredictionLog,
} from '@twinloop/kernel';
import type { QualityBaseline } from '@twinloop/loop/monitoring';
import { mean, meanLoss } from '@twinloop/stats';
import { watchedLoss } from '../../config/by-task.js';
import { referenceDataset } from '../../config/check-project.js';
import type { ProjectConfig } from '../../config/project-config.js';
import { labelOf } from './labels.js';

/** Nothing to hold quality against: only the comparison with the base rate is left. */
export const NO_BASELINE: QualityBaseline = { loss: Number.NaN, n: 0, baseRate: Number.NaN };

type Pairs = Pick<Awaited<ReturnType<PredictionLog['scored']>>, 'label' | 'score'>;

function baselineOf({ label, score }: Pairs, config: ProjectConfig, where: string): QualityBaseline {
  const loss = meanLoss(watchedLoss(config), label, score);
  return { loss, n: label.length, baseRate: mean(label), where };
}

/** What the model answered to the reference rows, when they say it in a column. */
export async function referenceBaseline(
  config: ProjectConfig,
  datasets: DatasetQuery,
  version: DatasetVersionRecord,
): Promise<QualityBaseline> {
  const score = config.datasets[referenceDataset(config)!]!.score;
  if (score === undefined) return NO_BASELINE;
  const label = labelOf(config);
  const table = await datasets.load(config.project, version.blob, [label, score]);
  const pairs = { label: numbers(table, label), score: numbers(table, score) };
  const both = pairs.label.map((value, i) => (Number.isNaN(value + pairs.score[i]!) ? 0 : 1));
  const present = (values: Float64Array): Float64Array => values.filter((_, i) => both[i] === 1);
  return baselineOf(
    { label: present(pairs.label), score: present(pairs.score) },
    config,
    'on the reference rows',
  );
}

/** What a version answered in its first window, once that window's labels are in; undefined until then, or with too few. */
export async function firstWindowBaseline(
  config: ProjectConfig,
  log: PredictionLog,
  version: string,
  since: EpochMs,
  now: EpochMs,
): Promise<QualityBaseline | undefined> {
  const { window, settle, minLabels } = config.monitors.quality;
  const until = since + parseDuration(window);
  const settled = until + parseDuration(settle);
  if (settled > now) return undefined;
  const rows = await log.scored({
    project: config.project,
    endpoint: config.endpoint!.name,
    metric: labelOf(config),
    predicted: { from: since, until },
    arrived: { until: settled },
    version,
  });
  return rows.label.length < minLabels ? undefined : baselineOf(rows, config, 'in its first settled window');
}
