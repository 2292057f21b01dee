import { requireSameLength, type Sample } from '../common/samples.js';

/**
 * Holm's step-down procedure with weights (Holm 1979, §4): adjusted p-values in input order. The family-wise error holds
 * under any dependence; a hypothesis with twice the weight is given twice the error rate. Weights are relative; a weight of 0
 * is never rejected (adjusted 1). NaN stays NaN and is no hypothesis. Equal weights give Holm's procedure.
 * @throws RangeError for p outside [0, 1], a negative or infinite weight, or arrays of different length
 */
export function weightedHolm(pValues: Sample, weights: Sample): number[] {
  requireSameLength('pValues', pValues, 'weights', weights);
  const order: number[] = [];
  let left = 0;
  for (let i = 0; i < pValues.length; i++) {
    const p = pValues[i]!;
    const weight = weights[i]!;
    if (p < 0 || p > 1) throw new RangeError(`p-values must lie in [0, 1], got ${p} at ${i}`);
    if (!(weight >= 0 && weight < Infinity))
      throw new RangeError(`weights must be finite and not negative, got ${weight} at ${i}`);
    if (Number.isNaN(p)) continue;
    order.push(i);
    left += weight;
  }
  const ratio = (i: number): number => (weights[i]! === 0 ? Infinity : pValues[i]! / weights[i]!);
  order.sort((i, j) => (ratio(i) === ratio(j) ? i - j : ratio(i) - ratio(j)));
  const adjusted = Array.from({ length: pValues.length }, () => NaN);
  let reached = 0;
  for (const i of order) {
    reached = Math.min(1, Math.max(reached, weights[i]! === 0 ? 1 : left * ratio(i)));
    adjusted[i] = reached;
    left = Math.max(0, left - weights[i]!);
  }
  return adjusted;
}
