import { TwinloopError } from '@twinloop/kernel';

const OUTAGES: ReadonlySet<string> = new Set([
  'storage_full',
  'storage_corrupt',
  'shutting_down',
  'not_ready',
]);

/** Whether an error says nothing about the build itself: then nothing is recorded, and the run can be asked for again. */
export function isOutage(error: unknown): boolean {
  return error instanceof TwinloopError && OUTAGES.has(error.code);
}
