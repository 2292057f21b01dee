import { requireSameLength, type Sample } from '../common/samples.js';

/** −log of the probability given to what happened, clipped to [eps, 1 − eps]; natural log. NaN for NaN. */
export function logLossOf(label: number, probability: number, eps = 1e-15): number {
  const p = Math.min(1 - eps, Math.max(eps, probability));
  return label === 1 ? -Math.log(p) : -Math.log1p(-p);
}

/** Mean log loss; NaN when empty or when any value is NaN. Labels are 0 or 1. */
export function logLoss(labels: Sample, probabilities: Sample, eps = 1e-15): number {
  requireSameLength('labels', labels, 'probabilities', probabilities);
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    sum += Number.isNaN(labels[i]!) ? NaN : logLossOf(labels[i]!, probabilities[i]!, eps);
  }
  return labels.length === 0 ? NaN : sum / labels.length;
}

/** Mean squared distance between probability and label (Brier 1950); NaN when empty or when any value is NaN. */
export function brierScore(labels: Sample, probabilities: Sample): number {
  requireSameLength('labels', labels, 'probabilities', probabilities);
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum += (probabilities[i]! - labels[i]!) ** 2;
  return labels.length === 0 ? NaN : sum / labels.length;
}

/** Share of rows whose class is predicted, predicting 1 when the probability is ≥ threshold. NaN as above. */
export function accuracy(labels: Sample, probabilities: Sample, threshold = 0.5): number {
  requireSameLength('labels', labels, 'probabilities', probabilities);
  let right = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    const p = probabilities[i]!;
    if (Number.isNaN(label) || Number.isNaN(p)) return NaN;
    if ((p >= threshold ? 1 : 0) === label) right++;
  }
  return labels.length === 0 ? NaN : right / labels.length;
}

/** Share of ones among the labels; NaN when empty or when any label is NaN. */
export function baseRate(labels: Sample): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum += labels[i]!;
  return labels.length === 0 ? NaN : sum / labels.length;
}
