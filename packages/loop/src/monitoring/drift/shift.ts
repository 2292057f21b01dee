import type { DriftResult } from '@twinloop/stats';

/** What a test is about; see `DriftSubjectKind` of the wire. */
export type ShiftKind = 'input' | 'missing' | 'text' | 'prediction' | 'label' | 'joint';

/** One test of the window, before it is corrected and weighed. */
export interface Shift {
  readonly subject: string;
  readonly kind: ShiftKind;
  /** The column whose importance weighs it; null: it is about all of them and weighs like an average column. */
  readonly column: string | null;
  /** In standard deviations. */
  readonly effect: number;
  /** Part of the effect that can matter, 0 to 1; absent: all of it. */
  readonly unexplained?: number;
  readonly interval: readonly [number, number];
  readonly pValue: number;
  readonly n: number;
  /** What was compared, for the evidence. */
  readonly statistic: string;
  /** What is said when it moved, and when it did not. */
  readonly moved: string;
  readonly still: string;
}

const ASPECT = {
  location: 'rank test of location',
  spread: 'rank test of spread',
  shape: 'Kolmogorov–Smirnov',
  levels: 'χ² and largest level',
} as const;

/** A shift out of the outcome of a test. */
export function shiftOf(
  about: Pick<Shift, 'subject' | 'kind' | 'column'>,
  drift: DriftResult,
  words: Pick<Shift, 'moved' | 'still'>,
): Shift {
  return {
    ...about,
    effect: drift.effect,
    interval: drift.effectInterval,
    pValue: drift.pValue,
    n: drift.m,
    statistic: ASPECT[drift.aspect],
    ...words,
  };
}
