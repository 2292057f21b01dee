import {
  actorName,
  DEFAULT_PROJECT,
  fact,
  TwinloopError,
  type Ledger,
  type MetadataStore,
} from '@twinloop/kernel';
import type { App } from './app.js';
import { formatKey, secretHash } from './http/index.js';

export interface KeyRingParts {
  readonly metadata: MetadataStore;
  readonly ledger: Ledger;
  readonly wallNow: () => number;
  /** At least 128 random bits as URL-safe text. */
  readonly newSecret: () => string;
  readonly newKeyId: () => string;
}

/** The server's API keys. Keys belong to no project; their facts stand in the default project's chain. */
export function keyRing({ metadata, ledger, wallNow, newSecret, newKeyId }: KeyRingParts): App['keys'] {
  return {
    list: () => metadata.keys.list(),
    bySecretHash: hash => metadata.keys.bySecretHash(hash),
    async create(input, principal) {
      const id = newKeyId();
      const secret = newSecret();
      const at = wallNow();
      await metadata.keys.put({
        id,
        ...input,
        secretHash: secretHash(secret),
        createdAt: at,
        revokedAt: null,
      });
      await ledger.append(DEFAULT_PROJECT, [
        fact('KeyCreated', { key: id, role: input.role }, { at, actor: actorName(principal) }),
      ]);
      return { id, secret: formatKey(id, secret) };
    },
    async revoke(id, principal) {
      const key = (await metadata.keys.list()).find(one => one.id === id);
      if (key === undefined) throw new TwinloopError('not_found', { values: { what: `Key ${id}` } });
      const at = wallNow();
      await metadata.keys.put({ ...key, revokedAt: at });
      await ledger.append(DEFAULT_PROJECT, [
        fact('KeyRevoked', { key: id }, { at, actor: actorName(principal) }),
      ]);
    },
  };
}
