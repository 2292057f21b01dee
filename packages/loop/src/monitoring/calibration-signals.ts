import type { ScoredRows, Signal } from '@twinloop/kernel';
import { meanInterval } from '@twinloop/stats';
import type { CalibrationConfig } from './config.js';
import { count, figure, percent } from './format.js';

/**
 * Does the champion predict as much as happens? Mean label minus mean score of the window, against the tolerance, with
 * its whole confidence interval at 1 − α (Student's t over requests). The window is that of {@link qualitySignals}.
 * `label` names the positive class in the sentence, or what the label counts; scores outside [0, 1] are plain means. The tolerance counts
 * in units of `scale`: 1 for rates, the label's standard deviation for regression.
 * Null below `minLabels`.
 */
export function calibrationSignals(
  config: Pick<CalibrationConfig, 'alpha' | 'tolerance' | 'minLabels'>,
  scored: Pick<ScoredRows, 'label' | 'score'>,
  label = 'positive',
  scale = 1,
): readonly Signal[] | null {
  const n = scored.label.length;
  if (n < Math.max(2, config.minLabels)) return null;
  let observed = 0;
  let predicted = 0;
  let probabilities = true;
  const gaps = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const y = scored.label[i]!;
    const p = scored.score[i]!;
    observed += y / n;
    predicted += p / n;
    gaps[i] = y - p;
    probabilities &&= (y === 0 || y === 1) && p >= 0 && p <= 1;
  }
  const tolerance = config.tolerance * scale;
  const gap = meanInterval(gaps, 1 - config.alpha);
  const beyond = gap.mean > 0 ? gap.low > tolerance : gap.high < -tolerance;
  if (!beyond) return [];
  const shown = probabilities
    ? `predicted ${percent(predicted)} ${label}, observed ${percent(observed)}`
    : `predicted ${figure(predicted)} ${label} on average, observed ${figure(observed)}`;
  return [
    {
      monitor: 'calibration/base-rate',
      kind: 'calibration',
      subject: 'base-rate',
      severity: Math.abs(gap.mean) / tolerance,
      evidence: {
        statistic: 'mean label − mean score',
        value: gap.mean,
        n,
        interval: [gap.low, gap.high],
        threshold: tolerance,
        method: `Student's t interval over requests, α = ${config.alpha}`,
      },
      sentence: `${shown} over ${count(n)} labels`,
    },
  ];
}
