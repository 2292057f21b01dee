import type { Migration } from 'kysely';
import { first } from './0001-first.js';

/** In the order in which they run; a released one is never edited. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = { '0001-first': first };
