import { type Evidence, type ScoredRows, type Signal, type Task, TwinloopError } from '@twinloop/kernel';
import { logLossOf, meanInterval } from '@twinloop/stats';
import type { QualityConfig } from './config.js';
import { count } from './format.js';

/** The champion's figures on its own hold-out. */
export interface QualityBaseline {
  readonly loss: number;
  readonly n: number;
  readonly baseRate: number;
  /** What it was measured on, as a sentence says it. Default: `at training`. */
  readonly where?: string;
}

const LOSSES: Readonly<Record<string, { readonly title: string; of(label: number, score: number): number }>> =
  {
    log_loss: { title: 'log loss', of: (label, score) => logLossOf(label, score, 0.005) },
    brier: { title: 'Brier score', of: (label, score) => (label - score) ** 2 },
    squared_error: { title: 'squared error', of: (label, score) => (label - score) ** 2 },
  };
export const QUALITY_METRICS = Object.keys(LOSSES);

/**
 * Has the champion decayed, by the labels of the window? Two comparisons, because the level of a loss moves with the
 * base rate and not only with the model:
 * - `level`: the mean loss lies above the hold-out loss by more than the tolerance;
 * - `skill`: the champion is worse than a forecaster that always answers the window's own base rate (the mean label; of
 *   several classes the share of each).
 *   That one is decay for sure, whatever happened to the base rate.
 * Each must hold for the whole confidence interval at 1 − α (Student's t over requests).
 *
 * The window holds requests of an interval of prediction time that the present champion answered, read `settle` after
 * its end. Log loss clips probabilities to [0.005, 0.995]. Null below `minLabels`.
 * @throws invalid_request for an unknown metric
 */
export function qualitySignals(
  config: Pick<QualityConfig, 'metric' | 'alpha' | 'tolerance' | 'minLabels'>,
  scored: Pick<ScoredRows, 'label' | 'score' | 'outcome'>,
  baseline: QualityBaseline,
  task: Task = 'binary',
): readonly Signal[] | null {
  const loss = Object.hasOwn(LOSSES, config.metric) ? LOSSES[config.metric] : undefined;
  if (loss === undefined) {
    throw new TwinloopError('invalid_request', {
      field: 'monitors.quality.metric',
      values: { reason: `"${config.metric}" is not a loss that can be watched` },
      hint: `Use one of ${QUALITY_METRICS.join(', ')}.`,
    });
  }
  const { label, score } = scored;
  const n = label.length;
  if (n < Math.max(2, config.minLabels)) return null;
  const constant = task === 'multiclass' ? ownShares(scored.outcome ?? label) : meanOf(label);
  const losses = new Float64Array(n);
  const lost = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    losses[i] = loss.of(label[i]!, score[i]!);
    lost[i] = losses[i]! - loss.of(label[i]!, constant[i]!);
  }
  const confidence = 1 - config.alpha;
  const level = meanInterval(losses, confidence);
  const skill = meanInterval(lost, confidence);
  const method = `Student's t interval over requests, α = ${config.alpha}`;
  const measured = `${loss.title} ${level.mean.toFixed(2)} over ${count(n)} labels`;
  const signal = (subject: string, severity: number, evidence: Evidence, sentence: string): Signal => ({
    monitor: `quality/${subject}`,
    kind: 'model-drift',
    subject,
    severity,
    evidence,
    sentence,
  });
  const signals: Signal[] = [];
  if (level.low > baseline.loss + config.tolerance) {
    signals.push(
      signal(
        `${config.metric} level`,
        (level.mean - baseline.loss) / config.tolerance,
        {
          statistic: `mean ${loss.title}`,
          value: level.mean,
          n,
          interval: [level.low, level.high],
          threshold: baseline.loss + config.tolerance,
          method,
        },
        `${measured}, ${baseline.loss.toFixed(2)} ${baseline.where ?? 'at training'}`,
      ),
    );
  }
  if (skill.low > 0) {
    const always = level.mean - skill.mean;
    signals.push(
      signal(
        `${config.metric} skill`,
        1 + skill.mean / config.tolerance,
        {
          statistic: `mean ${loss.title} lost to the base rate`,
          value: skill.mean,
          n,
          interval: [skill.low, skill.high],
          threshold: 0,
          method,
        },
        `${measured}, worse than always answering the base rate (${always.toFixed(2)})`,
      ),
    );
  }
  return signals;
}

/** What always answering the mean label gives each row. */
function meanOf(label: Float64Array): Float64Array {
  const rate = label.reduce((sum, value) => sum + value, 0) / label.length;
  return new Float64Array(label.length).fill(rate);
}

/** What always answering the classes' shares gives the class that came, row by row. */
function ownShares(classes: Float64Array): Float64Array {
  const counts = new Map<number, number>();
  for (const one of classes) counts.set(one, (counts.get(one) ?? 0) + 1);
  return classes.map(one => counts.get(one)! / classes.length);
}
