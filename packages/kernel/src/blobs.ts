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
  /** Bytes of one blob; 0 when it is not there. */
  size(project: ProjectId, hash: ContentHash): Promise<number>;
  /** Removes one blob and returns its bytes; 0 when it is not there. The caller knows that nothing refers to it. */
  delete(project: ProjectId, hash: ContentHash): Promise<number>;
  /** How much a project holds. */
  usage(project: ProjectId): Promise<BlobUsage>;
  /** Removes everything that a project holds. */
  deleteAll(project: ProjectId): Promise<BlobUsage>;
}

export interface BlobUsage {
  readonly blobs: number;
  readonly bytes: number;
}
