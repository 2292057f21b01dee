import { formatFigure } from '@twinloop/kernel';
import { quantileCodes } from '@twinloop/stats';

export interface Bands {
  /** A code a row; −1 where the value is missing. */
  readonly codes: Int32Array;
  /** By code: `below 30`, `30 to 42`, `42 and more`. */
  readonly names: readonly string[];
}

const QUARTERS = 4;

/** A number by its quarters, in words. Ties may leave fewer than four; of a constant there is one. */
export function quarters(values: Float64Array): Bands {
  const { codes, cuts, levels } = quantileCodes(values, QUARTERS);
  const names = Array.from({ length: levels }, (_, band) => {
    if (levels === 1) return 'any';
    if (band === 0) return `below ${formatFigure(cuts[0]!)}`;
    if (band === levels - 1) return `${formatFigure(cuts.at(-1)!)} and more`;
    return `${formatFigure(cuts[band - 1]!)} to ${formatFigure(cuts[band]!)}`;
  });
  return { codes, names };
}
