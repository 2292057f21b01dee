export interface FixtureOptions {
  readonly state?: 'full' | 'empty' | 'broken' | 'playing';
  readonly port?: number;
  /** The share of the year already played (playing only). */
  readonly from?: number;
  /** The folder of the built pages. */
  readonly dist?: string;
  /** The ledger's verification fails. */
  readonly tampered?: boolean;
  /** A ledger of this many entries. */
  readonly decisions?: number;
  /** What the endpoint is in the middle of. */
  readonly delivery?: 'shadow' | 'canary' | 'approval' | 'watch' | 'held';
  /** Nothing waits for a person today. */
  readonly quiet?: boolean;
}
export function startFixture(
  options?: FixtureOptions,
): Promise<{ readonly url: string; close(): Promise<void> }>;
