import {
  decisionText,
  GENESIS,
  type ContentHash,
  type Entry,
  type Ledger,
  type ProjectId,
} from '@twinloop/kernel';
import { createHash } from 'node:crypto';
import { linkAfter, prepareFact, type ChainParts } from '../ledger/chain.js';
import { entryOf } from '../ledger/ledger-rows.js';
import { verifyChain, type StoredLink } from '../ledger/verify-chain.js';

/** A ledger in memory with the embedded one's chain and rules; nothing outlives it. Without parts its salts are zeros and its wall clock stands at 0. */
export function memoryLedger(parts: Partial<ChainParts> = {}): Ledger {
  const wallNow = parts.wallNow ?? (() => 0);
  const randomBytes = parts.randomBytes ?? ((size: number) => new Uint8Array(size));
  const chains = new Map<ProjectId, StoredLink[]>();
  const chainOf = (project: ProjectId): StoredLink[] => {
    let chain = chains.get(project);
    if (chain === undefined) chains.set(project, (chain = []));
    return chain;
  };
  const headOf = (project: ProjectId): { seq: number; hash: ContentHash } => {
    const last = chainOf(project).at(-1);
    return last === undefined ? { seq: 0, hash: GENESIS } : { seq: last.header.seq, hash: last.header.hash };
  };
  const entries = (project: ProjectId): Entry[] =>
    chainOf(project).flatMap(link => (link.text === null ? [] : [entryOf(link.header, link.text)]));

  return {
    async append(project, facts) {
      const chain = chainOf(project);
      return facts.map(prepareFact).map(prepared => {
        const key = prepared.fact.idempotencyKey;
        const existing =
          key === undefined ? undefined : chain.find(link => link.header.idempotencyKey === key);
        if (existing !== undefined) return entryOf(existing.header, existing.text ?? prepared.text);
        const link = linkAfter(project, headOf(project), prepared, { wallNow, randomBytes });
        chain.push(link);
        return entryOf(link.header, link.text);
      });
    },
    async read({ project, after = 0, types, correlation, limit, descending }) {
      const found = entries(project).filter(
        entry =>
          entry.seq > after &&
          (types === undefined || types.includes(entry.type)) &&
          (correlation === undefined || entry.correlation === correlation),
      );
      if (descending) found.reverse();
      return limit === undefined ? found : found.slice(0, limit);
    },
    head: async project => headOf(project),
    async verify(project) {
      async function* pages() {
        yield chainOf(project);
      }
      return verifyChain(pages());
    },
    async decisionHash(project) {
      const hash = createHash('sha256');
      for (const entry of entries(project)) hash.update(`${decisionText(entry)}\n`);
      return hash.digest('hex') as ContentHash;
    },
    async erase(project, seq) {
      const chain = chainOf(project);
      const index = chain.findIndex(link => link.header.seq === seq);
      if (index >= 0) chain[index] = { header: chain[index]!.header, salt: null, text: null };
    },
  };
}
