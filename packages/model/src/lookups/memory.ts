import type { Scalar } from '@twinloop/kernel';
import type { SourceEvent } from './event.js';

/** What one lookup keeps of its source. Time only moves on. */
export interface Memory {
  /** The columns that it adds. */
  readonly columns: readonly string[];
  /** What it answers where the source is stale, by column. */
  readonly stale: readonly Scalar[];
  /** An event that has become active. False when it changes nothing. */
  take(event: SourceEvent): boolean;
  advance(now: number): void;
  /** Writes its columns; false when there was nothing for the key. */
  read(key: Scalar, now: number, out: Record<string, Scalar>): boolean;
  size(): { readonly keys: number; readonly rows: number };
}
