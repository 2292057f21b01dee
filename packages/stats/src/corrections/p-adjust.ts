import type { Sample } from '../common/samples.js';

/**
 * Adjusts the present p-values by `factor(rank, m)`, rank 1 being the smallest, and makes the result monotone
 * from one end. NaN stays NaN in its place and does not count as a hypothesis.
 */
function adjust(
  pValues: Sample,
  factor: (rank: number, m: number) => number,
  monotone: 'from-smallest' | 'from-largest' | 'none',
): number[] {
  const order: number[] = [];
  for (let i = 0; i < pValues.length; i++) {
    const p = pValues[i]!;
    if (Number.isNaN(p)) continue;
    if (p < 0 || p > 1) throw new RangeError(`p-values must lie in [0, 1], got ${p} at ${i}`);
    order.push(i);
  }
  order.sort((i, j) => pValues[i]! - pValues[j]! || i - j);
  const m = order.length;
  const adjusted = Array.from({ length: pValues.length }, () => NaN);
  const values = order.map((i, position) => pValues[i]! * factor(position + 1, m));
  if (monotone === 'from-smallest') {
    for (let k = 1; k < m; k++) values[k] = Math.max(values[k]!, values[k - 1]!);
  }
  if (monotone === 'from-largest') {
    for (let k = m - 2; k >= 0; k--) values[k] = Math.min(values[k]!, values[k + 1]!);
  }
  order.forEach((i, position) => {
    adjusted[i] = Math.min(1, values[position]!);
  });
  return adjusted;
}

/** Bonferroni: family-wise error under any dependence. Adjusted p-values in input order. */
export function bonferroni(pValues: Sample): number[] {
  return adjust(pValues, (_rank, m) => m, 'none');
}

/** Holm 1979: step-down; as safe as Bonferroni and never less powerful. */
export function holm(pValues: Sample): number[] {
  return adjust(pValues, (rank, m) => m - rank + 1, 'from-smallest');
}

/** Benjamini & Hochberg 1995: false discovery rate under independence or positive dependence. */
export function benjaminiHochberg(pValues: Sample): number[] {
  return adjust(pValues, (rank, m) => m / rank, 'from-largest');
}

/** Benjamini & Yekutieli 2001: false discovery rate under any dependence. */
export function benjaminiYekutieli(pValues: Sample): number[] {
  let harmonic = 0;
  for (let i = 0; i < pValues.length; i++) if (!Number.isNaN(pValues[i]!)) harmonic += 1;
  const m = harmonic;
  harmonic = 0;
  for (let i = 1; i <= m; i++) harmonic += 1 / i;
  return adjust(pValues, rank => (m / rank) * harmonic, 'from-largest');
}
