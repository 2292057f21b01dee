import type { AnyNewFact, Entry, Ledger, ProjectId } from '@twinloop/kernel';

export type FactListener = (entry: Entry) => void;

/**
 * The one way facts enter a running project: written to the ledger first (durable), then folded by every listener in
 * the order of their registration. Appends are serialised, so listeners see the chain's order.
 */
export class FactStream {
  readonly #ledger: Ledger;
  readonly #project: ProjectId;
  readonly #listeners: FactListener[] = [];
  #tail: Promise<unknown> = Promise.resolve();
  #seen = 0;

  constructor(ledger: Ledger, project: ProjectId) {
    this.#ledger = ledger;
    this.#project = project;
  }

  /** Call before `start`; a listener folds the past first, then what is new. */
  listen(listener: FactListener): void {
    this.#listeners.push(listener);
  }

  /** Folds everything written so far. */
  async start(): Promise<void> {
    for (;;) {
      const page = await this.#ledger.read({ project: this.#project, after: this.#seen, limit: 5000 });
      if (page.length === 0) return;
      for (const entry of page) this.#deliver(entry);
    }
  }

  append(facts: readonly AnyNewFact[]): Promise<readonly Entry[]> {
    if (facts.length === 0) return Promise.resolve([]);
    const work = this.#tail.then(async () => {
      const entries = await this.#ledger.append(this.#project, facts);
      // A fact whose idempotency key existed returns its old entry: folding it twice would count it twice.
      for (const entry of entries) if (entry.seq > this.#seen) this.#deliver(entry);
      return entries;
    });
    this.#tail = work.catch(() => undefined);
    return work;
  }

  #deliver(entry: Entry): void {
    this.#seen = entry.seq;
    for (const listener of this.#listeners) listener(entry);
  }
}
