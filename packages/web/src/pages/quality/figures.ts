import type { Estimated, QualityMetricView, QualityView, QualityWindowView } from '@twinloop/client';
import { lossDecimals } from '../../format/loss.js';
import { counted, fixed, percent, whole } from '../../format/numbers.js';

/** Figures that are shares of one are told in per cent. */
const SHARES = new Set(['accuracy', 'precision', 'recall']);

export const isShare = ({ metric }: Pick<QualityMetricView, 'metric'>): boolean => SHARES.has(metric);

/** A metric's value in its unit. */
export function told(metric: QualityMetricView, value: number): string {
  if (isShare(metric)) return percent(value);
  return `${fixed(value, lossDecimals(value))}${metric.unit === null ? '' : ` ${metric.unit}`}`;
}

/** `0.482 [0.470, 0.494]`. */
export function toldWithin(metric: QualityMetricView, { value, low, high }: Estimated): string {
  const bare = { ...metric, unit: null };
  return `${told(metric, value)} [${told(bare, low)}, ${told(bare, high)}]`;
}

/** The newest window whose labels have nearly all come; else the newest with any. */
export function settled(
  windows: readonly QualityWindowView[],
  metric: string,
): QualityWindowView | undefined {
  const known = windows.filter(window => window.realised[metric] !== undefined);
  return known.findLast(({ labelled, predictions }) => labelled >= 0.9 * predictions) ?? known.at(-1);
}

/** Is the model still as good as it was in training? */
export function answerOf(view: QualityView): string {
  const [metric] = view.metrics;
  if (metric === undefined) return 'Nothing is measured of this task.';
  const window = settled(view.windows, metric.metric);
  const realised = window?.realised[metric.metric];
  if (realised === undefined) {
    const estimated = view.windows.findLast(each => each.estimated[metric.metric] !== undefined);
    const guess = estimated?.estimated[metric.metric];
    if (guess !== undefined)
      return `No label yet: estimated ${metric.title} ${toldWithin(metric, guess)} over ${counted(guess.n, 'answer')}.`;
    return 'No label has come yet, so nothing can be said.';
  }
  const figure = `${capital(metric.title)} ${toldWithin(metric, realised)} over ${counted(realised.n, 'label')} of the newest settled window`;
  if (metric.training === null) return `${figure}.`;
  const { training } = metric;
  const worse = metric.higherIsBetter ? realised.high < training : realised.low > training;
  const better = metric.higherIsBetter ? realised.low > training : realised.high < training;
  const against = `${told(metric, training)} in training`;
  return `${figure}: ${worse ? `worse than ${against}` : better ? `better than ${against}` : `as in training (${told(metric, training)})`}.`;
}

export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

export function coverage({ labelled, predictions }: QualityWindowView): string {
  return `${whole(labelled)} of ${whole(predictions)} (${percent(labelled / Math.max(1, predictions), 0)})`;
}
