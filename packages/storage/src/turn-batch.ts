interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

export interface TurnBatch<T, R> {
  submit(item: T): Promise<R>;
  /** Resolves when everything submitted so far has settled. */
  idle(): Promise<void>;
}

/**
 * Hands everything that one turn of the event loop submits to `flush` as one list, in order; batches never overlap.
 * The hand-over waits for `setImmediate`, which runs after all sockets that were readable in this turn have been
 * served: their requests share one write, and none waits for a timer. (`queueMicrotask` runs between two sockets.)
 * `flush` returns one result an item, or throws: then every item of the batch is rejected with what it threw.
 */
export function turnBatch<T, R>(
  flush: (items: readonly T[]) => readonly R[] | Promise<readonly R[]>,
): TurnBatch<T, R> {
  let waiting: Waiting<T, R>[] = [];
  let watchers: (() => void)[] = [];
  let after: (() => void)[] = [];
  let scheduled = false;
  let running = false;

  const schedule = (): void => {
    if (scheduled || running || waiting.length === 0) return;
    scheduled = true;
    setImmediate(run);
  };
  const run = (): void => {
    scheduled = false;
    const batch = waiting;
    const watching = watchers;
    waiting = [];
    watchers = [];
    const settle = (results: readonly R[]): void => {
      for (let i = 0; i < batch.length; i++) batch[i]!.resolve(results[i]!);
      for (const done of watching) done();
    };
    const refuse = (error: unknown): void => {
      for (const each of batch) each.reject(error);
      for (const done of watching) done();
    };
    const finish = (): void => {
      running = false;
      for (const done of after) done();
      after = [];
      schedule();
    };
    running = true;
    try {
      const results = flush(batch.map(each => each.item));
      if (!(results instanceof Promise)) {
        settle(results);
        finish();
      } else {
        void results.then(settle, refuse).then(finish);
      }
    } catch (error) {
      refuse(error);
      finish();
    }
  };

  return {
    submit(item) {
      return new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        schedule();
      });
    },
    async idle() {
      if (waiting.length > 0) await new Promise<void>(resolve => watchers.push(resolve));
      else if (running) await new Promise<void>(resolve => after.push(resolve));
    },
  };
}
