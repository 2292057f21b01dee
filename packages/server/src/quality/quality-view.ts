import { setImmediate as breathe } from 'node:timers/promises';
import type { CalibrationView, QualityView, SlicesView } from '@twinloop/client';
import { type EpochMs, seededRng } from '@twinloop/kernel';
import {
  baseRate,
  checkEstimator,
  estimateWindow,
  type EstimatedRows,
  type Figures,
  qualityWindows,
  shownMetrics,
} from '@twinloop/loop/monitoring';
import { calibrationLine, metricInterval, reliabilityCurve } from '@twinloop/stats';
import { watchedLoss } from '../config/by-task.js';
import { referenceDataset } from '../config/check-project.js';
import type { ProjectConfig } from '../config/project-config.js';
import type { ShelvedModel } from '../runtime/serving/shelved-model.js';
import type { LabelRepeats } from '../runtime/serving/label-repeats.js';
import { nextLocalHour } from '../runtime/zoned-time.js';
import type { Answers } from './read-answers.js';

const DAY = 864e5;
/** With fewer labels a calibration curve is noise. */
const FEWEST_CALIBRATED = 100;
/** A page shows the newest of them; what came before is in the ledger. */
const MOST_WINDOWS = 120;

export interface QualityParts {
  readonly endpoint: string;
  readonly config: ProjectConfig;
  readonly champion: ShelvedModel;
  readonly repeats: LabelRepeats;
  readonly corrected: number;
  readonly slices: SlicesView | null;
  readonly now: EpochMs;
}

/** How good the answers were, by stretches of prediction time, and how good they are thought to be where labels are not in yet. */
export async function qualityView(
  parts: QualityParts,
  answers: Answers,
  every?: number,
): Promise<QualityView> {
  const { endpoint, config, champion, repeats, corrected, slices, now } = parts;
  const { task } = config.train;
  const loss = watchedLoss(config);
  const first = answers.at[0] ?? now;
  const length = every ?? usualLength(now - first);
  const from = nextLocalHour(first, 0, config.timezone) - DAY;
  const windows = qualityWindows(answers, { task, loss, from, every: length });
  const estimated: Figures[] = [];
  for (const window of windows) {
    estimated.push(estimateWindow(answers, window, { task, loss }));
    // A year takes a tenth of a second: requests are answered in between.
    await breathe();
  }
  const unit = config.datasets[referenceDataset(config) ?? '']?.label?.unit ?? null;
  const { metrics } = champion.record;
  const settled = settledRows(answers, windows);
  return {
    endpoint,
    task,
    now,
    metrics: shownMetrics(task, loss).map(({ metric, title, higherIsBetter, hasUnit }) => ({
      metric,
      title,
      unit: hasUnit ? unit : null,
      higherIsBetter,
      training: metrics[metric] ?? null,
    })),
    windows: windows
      .map(({ from: start, until, predictions, labelled, versions, realised }, i) => ({
        from: start,
        until,
        predictions,
        labelled,
        versions,
        realised,
        estimated: estimated[i]!,
      }))
      .slice(-MOST_WINDOWS),
    calibration: task === 'binary' ? calibration(settled) : null,
    baseRate: baseRate(
      task,
      settled.label,
      settled.score,
      metrics['base_rate'] ?? metrics['label_mean'] ?? Number.NaN,
    ),
    slices,
    estimator: checkEstimator(windows, estimated, { loss }),
    labels: { policy: repeats.policy, corrected, rejected: repeats.rejected + repeats.ignored },
  };
}

/** About thirty stretches, of a usual length. */
function usualLength(span: number): number {
  return span > 28 * DAY ? 7 * DAY : span > 2 * DAY ? DAY : DAY / 24;
}

/** The answers of the newest four windows whose labels have nearly all come; of all windows when none has. */
function settledRows(
  answers: Answers,
  windows: ReturnType<typeof qualityWindows>,
): Pick<EstimatedRows, 'label' | 'score'> {
  const done = windows.filter(({ labelled, predictions }) => labelled >= 0.9 * predictions).slice(-4);
  const [first, last] = [done[0] ?? windows[0], done.at(-1) ?? windows.at(-1)];
  if (first === undefined || last === undefined) return answers;
  return {
    label: answers.label.subarray(first.rows[0], last.rows[1]),
    score: answers.score.subarray(first.rows[0], last.rows[1]),
  };
}

function calibration({ label, score }: Pick<EstimatedRows, 'label' | 'score'>): CalibrationView | null {
  const labels = label.filter(value => !Number.isNaN(value));
  if (labels.length < FEWEST_CALIBRATED) return null;
  const scores = score.filter((_, row) => !Number.isNaN(label[row]!));
  const { value, interval, n } = metricInterval(
    'ece',
    { task: 'binary', labels, scores },
    { rng: seededDraws(), replicates: 300 },
  );
  const { slope, intercept } = calibrationLine(labels, scores);
  return {
    n,
    error: { value, low: interval[0], high: interval[1], n },
    slope,
    intercept,
    bins: reliabilityCurve(labels, scores, { strategy: 'quantile' }).map(point => ({
      low: point.meanProbability,
      high: point.meanProbability,
      predicted: point.meanProbability,
      observed: {
        value: point.observedRate,
        low: point.interval[0],
        high: point.interval[1],
        n: point.count,
      },
    })),
  };
}

/** The same figures for the same labels: a page must not flicker. */
function seededDraws(): () => number {
  const rng = seededRng(1);
  return () => rng.next();
}
