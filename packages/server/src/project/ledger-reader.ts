import type { Decision } from '@twinloop/client';
import {
  type ContentHash,
  type FactType,
  type Ledger,
  type ProjectId,
  TwinloopError,
  type Verification,
} from '@twinloop/kernel';
import { importance } from '@twinloop/loop/governance';
import type { LedgerService } from '../app.js';
import { stateHash, stateOf } from '../runtime/project-state.js';
import { decisionView } from '../views/decision-view.js';

/** One project's book, readable whether the project serves, is archived or is gone. */
export class LedgerReader implements LedgerService {
  readonly #ledger: Ledger;
  readonly #project: ProjectId;
  readonly #timezone: string;

  constructor(ledger: Ledger, project: ProjectId, timezone: string) {
    this.#ledger = ledger;
    this.#project = project;
    this.#timezone = timezone;
  }

  /** @throws not_found when nothing was ever written for the project */
  async demandAny(): Promise<void> {
    if ((await this.#ledger.head(this.#project)).seq > 0) return;
    throw new TwinloopError('not_found', {
      values: { what: `Project ${this.#project}` },
      hint: 'Apply one with `twinloop apply`.',
    });
  }

  async decisions(query: {
    after?: number;
    before?: number;
    limit?: number;
    types?: readonly FactType[];
    story?: boolean;
    correlation?: string;
  }): Promise<readonly Decision[]> {
    const { after, before, limit = 200, types, story, correlation } = query;
    const found: Decision[] = [];
    // Newest first unless a reader goes on from where it was; filters that the ledger does not know are applied here.
    const descending = after === undefined;
    const entries = await this.#ledger.read({
      project: this.#project,
      descending,
      ...(after === undefined ? {} : { after }),
      ...(types === undefined ? {} : { types }),
      ...(correlation === undefined ? {} : { correlation }),
    });
    for (const entry of entries) {
      if (before !== undefined && entry.seq >= before) continue;
      if (story === true && importance(entry) !== 'story') continue;
      found.push(decisionView(entry, this.#timezone));
      if (found.length === limit) break;
    }
    return descending ? found.reverse() : found;
  }

  verifyLedger(): Promise<Verification> {
    return this.#ledger.verify(this.#project);
  }

  async decisionHash(): Promise<{ hash: ContentHash; state: ContentHash }> {
    return {
      hash: await this.#ledger.decisionHash(this.#project),
      state: stateHash(await stateOf(this.#ledger, this.#project)),
    };
  }
}
