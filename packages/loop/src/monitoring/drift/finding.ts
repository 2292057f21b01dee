import type { Signal } from '@twinloop/kernel';
import type { ShiftKind } from './shift.js';

/** How far one subject moved, and whether that is a signal. */
export interface DriftFinding {
  readonly subject: string;
  readonly kind: ShiftKind;
  /** The column whose importance weighs it; null for what is about all of them. */
  readonly column: string | null;
  /** Share of the model's importance; null for what has none. */
  readonly importance: number | null;
  /** In standard deviations. */
  readonly effect: number;
  readonly adjustedP: number;
  readonly n: number;
  readonly sentence: string;
  /** Null: no more than the tolerance, not certain enough, or too little for what the column means to the model. */
  readonly signal: Signal | null;
}
