import type { Migration } from 'kysely';
import { first } from './0001-first.js';
import { deliveries } from './0002-deliveries.js';
import { checks } from './0003-checks.js';

/** In the order in which they run; a released one is never edited. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first': first,
  '0002-deliveries': deliveries,
  '0003-checks': checks,
};
