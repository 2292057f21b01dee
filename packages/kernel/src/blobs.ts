import type { ContentHash, ProjectId } from './ids.js';

/** Immutable bytes by their SHA-256. Every verb is safe to call twice. */
export interface BlobStore {
  /** Durable when it resolves. @throws storage_full */
  put(project: ProjectId, bytes: Uint8Array): Promise<ContentHash>;
  /** @throws not_found · storage_corrupt when the bytes no longer match their hash */
  get(project: ProjectId, hash: ContentHash): Promise<Uint8Array>;
  has(project: ProjectId, hash: ContentHash): Promise<boolean>;
  /** A path for engines that read files themselves (DuckDB, a command). The file must not be changed. @throws not_found */
  path(project: ProjectId, hash: ContentHash): Promise<string>;
}
