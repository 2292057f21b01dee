import type { Brand } from './brand.js';

/** A project's name: `[a-z0-9][a-z0-9-]{0,62}`. Unprefixed URLs mean `default`. */
export type ProjectId = Brand<string, 'ProjectId'>;
/** Milliseconds since 1970-01-01T00:00Z, in domain time unless a name says `wall`. */
export type EpochMs = number;
/** Lower-case hex SHA-256 of canonical content. */
export type ContentHash = Brand<string, 'ContentHash'>;

const PROJECT = /^[a-z0-9][a-z0-9-]{0,62}$/;

export function isProjectId(text: string): text is ProjectId {
  return PROJECT.test(text);
}

export const DEFAULT_PROJECT = 'default' as ProjectId;

/** How ids are shown to people: the first twelve characters of a hash are enough to tell two apart. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}
