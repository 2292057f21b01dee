import { normalSf } from '@twinloop/stats';
import type { ArmCoverage } from '../reading.js';

/** Looks are many and the answer ends the rollout: a strict level, and a difference that matters. */
const LEVEL = 1e-4;
const MATTERS = 0.1;
/** Settled answers that each arm must have before its coverage is known. */
export const COVERAGE_AT_LEAST = 30;

const shareOf = ({ labelled, predictions }: ArmCoverage): number =>
  predictions === 0 ? 0 : labelled / predictions;
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/**
 * Do the labels of some arms go missing? Pooled two-proportion test, two-sided. Labels that exist for one variant only
 * make every comparison meaningless. In words, or null.
 */
export function unequalCoverage(arms: readonly ArmCoverage[]): string | null {
  const [first, ...others] = arms;
  for (const other of others) {
    const p = shareOf(first!);
    const q = shareOf(other);
    const [n, m] = [first!.predictions, other.predictions];
    if (Math.min(n, m) < COVERAGE_AT_LEAST || Math.abs(p - q) <= MATTERS) continue;
    const pooled = (first!.labelled + other.labelled) / (n + m);
    const z = Math.abs(p - q) / Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
    if (2 * normalSf(z) >= LEVEL) continue;
    return (
      `Labels came for ${percent(p)} of the ${n} settled answers of ${first!.variant} and for ${percent(q)} of the ` +
      `${m} of ${other.variant}: what is missing for one of them only cannot be compared.`
    );
  }
  return null;
}

/** Has each of two arms answered often enough to know whether its labels come? `required`: the floor of the step, when it is lower. */
export function coverageKnown(arms: readonly ArmCoverage[], required: number): boolean {
  return (
    arms.length > 1 && arms.every(({ predictions }) => predictions >= Math.min(COVERAGE_AT_LEAST, required))
  );
}

/** Share of the settled answers of all arms that have a label; 1 before there are any. */
export function overallCoverage(arms: readonly ArmCoverage[]): number {
  let predictions = 0;
  let labelled = 0;
  for (const arm of arms) {
    predictions += arm.predictions;
    labelled += arm.labelled;
  }
  return predictions === 0 ? 1 : labelled / predictions;
}
