import { type Evidence, type ScoredRows, type Signal, type Task, TwinloopError } from '@twinloop/kernel';
import {
  bestConstant,
  isLoss,
  isScaled,
  LOSS_CLIP,
  LOSS_NAMES,
  lossesOf,
  lossWords,
  meanInterval,
  shownLoss,
} from '@twinloop/stats';
import type { QualityConfig } from './config.js';
import { count, figure } from './format.js';

/** The champion's figures on its own hold-out. */
export interface QualityBaseline {
  readonly loss: number;
  readonly n: number;
  readonly baseRate: number;
  /** What it was measured on, as a sentence says it. Default: `at training`. */
  readonly where?: string;
}

/**
 * Has the champion decayed, by the labels of the window? Two comparisons, because the level of a loss moves with the
 * base rate and not only with the model:
 * - `level`: the mean loss lies above the hold-out loss by more than the tolerance (squared and absolute errors: by more
 *   than that share of the hold-out loss);
 * - `skill`: the champion is worse than a forecaster that always answers the window's own base rate (the mean label; for
 *   absolute errors the median; of several classes the share of each). That one is decay for sure, whatever happened to the base rate.
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
  const loss = config.metric;
  if (!isLoss(loss)) {
    throw new TwinloopError('invalid_request', {
      field: 'monitors.quality.metric',
      values: { reason: `"${loss}" is not a loss that can be watched` },
      hint: `Use one of ${LOSS_NAMES.join(', ')}.`,
    });
  }
  const { label, score } = scored;
  const n = label.length;
  if (n < Math.max(2, config.minLabels)) return null;
  const constant = bestConstant(loss, label);
  const losses = lossesOf(loss, label, score, LOSS_CLIP);
  const always =
    task === 'multiclass' ? ownShares(scored.outcome ?? label) : new Float64Array(n).fill(constant);
  const alternative = lossesOf(loss, label, always, LOSS_CLIP);
  const lost = losses.map((one, i) => one - alternative[i]!);
  const confidence = 1 - config.alpha;
  const level = meanInterval(losses, confidence);
  const skill = meanInterval(lost, confidence);
  const method = `Student's t interval over requests, α = ${config.alpha}`;
  // A loss with the label's unit has no natural size: what matters is a share of what it was.
  const tolerance = isScaled(loss) ? config.tolerance * baseline.loss : config.tolerance;
  const told = (mean: number): string => {
    const { value } = shownLoss(loss, mean);
    return isScaled(loss) ? figure(value) : value.toFixed(2);
  };
  const title = lossWords(loss);
  const measured = `${shownLoss(loss, 0).title} ${told(level.mean)} over ${count(n)} labels`;
  const signal = (subject: string, severity: number, evidence: Evidence, sentence: string): Signal => ({
    monitor: `quality/${subject}`,
    kind: 'model-drift',
    subject,
    severity,
    evidence,
    sentence,
  });
  const signals: Signal[] = [];
  if (level.low > baseline.loss + tolerance) {
    signals.push(
      signal(
        `${config.metric} level`,
        (level.mean - baseline.loss) / tolerance,
        {
          statistic: `mean ${title}`,
          value: level.mean,
          n,
          interval: [level.low, level.high],
          threshold: baseline.loss + tolerance,
          method,
        },
        `${measured}, ${told(baseline.loss)} ${baseline.where ?? 'at training'}`,
      ),
    );
  }
  if (skill.low > 0) {
    signals.push(
      signal(
        `${config.metric} skill`,
        1 + skill.mean / tolerance,
        {
          statistic: `mean ${title} lost to ${isScaled(loss) ? 'the best constant' : 'the base rate'}`,
          value: skill.mean,
          n,
          interval: [skill.low, skill.high],
          threshold: 0,
          method,
        },
        `${measured}, worse than always answering ${isScaled(loss) ? figure(constant) : 'the base rate'} (${told(level.mean - skill.mean)})`,
      ),
    );
  }
  return signals;
}

/** What always answering the mean label gives each row. */
/** What always answering the classes' shares gives the class that came, row by row. */
function ownShares(classes: Float64Array): Float64Array {
  const counts = new Map<number, number>();
  for (const one of classes) counts.set(one, (counts.get(one) ?? 0) + 1);
  return classes.map(one => counts.get(one)! / classes.length);
}
