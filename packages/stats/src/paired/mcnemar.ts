import { requireOpenUnit, requireSameLength, type Sample } from '../common/samples.js';
import { binomialPmf } from '../special/binomial.js';
import { normalQuantile } from '../special/normal.js';

export interface McNemarResult {
  /** Rows that only the first is right about, and only the second. */
  readonly onlyA: number;
  readonly onlyB: number;
  readonly n: number;
  /** Accuracy of the first minus that of the second. */
  readonly difference: number;
  /** Adjusted Wald interval of Bonett & Price (2012). */
  readonly interval: readonly [low: number, high: number];
  /** Two-sided, exact binomial: never above its level, hence cautious. */
  readonly pExact: number;
  /** Two-sided mid-p (Fagerland et al. 2013): close to its level, rarely a little above. */
  readonly pMid: number;
}

/**
 * McNemar's test of two classifiers on the same rows, by the rows that they differ in rightness about. Works for any number of
 * classes. Rows with a NaN are left out; without rows that differ p is 1, without rows NaN.
 */
export function mcnemarTest(
  labels: Sample,
  predictionsA: Sample,
  predictionsB: Sample,
  confidence = 0.95,
): McNemarResult {
  requireSameLength('labels', labels, 'predictionsA', predictionsA);
  requireSameLength('labels', labels, 'predictionsB', predictionsB);
  requireOpenUnit('confidence', confidence);
  let onlyA = 0;
  let onlyB = 0;
  let n = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    const a = predictionsA[i]!;
    const b = predictionsB[i]!;
    if (Number.isNaN(label + a + b)) continue;
    n++;
    if (a === label && b !== label) onlyA++;
    else if (b === label && a !== label) onlyB++;
  }
  const discordant = onlyA + onlyB;
  const fewer = Math.min(onlyA, onlyB);
  let below = 0;
  for (let k = 0; k < fewer; k++) below += binomialPmf(k, discordant, 0.5);
  const at = discordant === 0 ? 1 : binomialPmf(fewer, discordant, 0.5);
  const pExact = n === 0 ? NaN : Math.min(1, 2 * (below + at));
  const pMid = n === 0 ? NaN : discordant === 0 ? 1 : Math.min(1, 2 * below + at);
  const gain = (onlyA + 1) / (n + 2);
  const loss = (onlyB + 1) / (n + 2);
  const half = normalQuantile((1 + confidence) / 2) * Math.sqrt((gain + loss - (gain - loss) ** 2) / (n + 2));
  return {
    onlyA,
    onlyB,
    n,
    difference: (onlyA - onlyB) / n,
    interval: [Math.max(-1, gain - loss - half), Math.min(1, gain - loss + half)],
    pExact,
    pMid,
  };
}
