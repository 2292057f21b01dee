import type { ConnectionState, Decision, LiveEvent, LoopStatus } from '@twinloop/client';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { clientOf } from './api.js';
import { touchedBy } from './decisions.js';
import { addDecisions } from './queries.js';

/** Events are shown at most ten times a second, pages are asked again at most once a second: a replay sends hundreds. */
const SHOW_EVERY = 100;
const ASK_EVERY = 1000;

/** Keeps the project's queries fresh from its event stream for as long as the component is mounted. */
export function useLiveEvents(project: string): ConnectionState {
  const client = useQueryClient();
  const [connection, setConnection] = useState<ConnectionState>('connecting');
  useEffect(() => {
    const stop = new AbortController();
    const feed = new Feed(client, project);
    const onState = (state: ConnectionState): void => {
      if (stop.signal.aborted) return;
      setConnection(state);
      // What happened while no stream was open; only what is newer is fetched.
      if (state === 'live') void client.invalidateQueries({ queryKey: [project, 'ledger'] });
    };
    const read = async (): Promise<void> => {
      try {
        for await (const event of clientOf(project).events({ signal: stop.signal, onState }))
          feed.take(event);
      } catch {
        // Refused (no key, no such project): the page's own query shows the reason; here only "offline" is true.
        if (!stop.signal.aborted) setConnection('closed');
      }
    };
    void read();
    return () => {
      stop.abort();
      feed.stop();
    };
  }, [client, project]);
  return connection;
}

class Feed {
  readonly #client: QueryClient;
  readonly #project: string;
  #decisions: Decision[] = [];
  #status: LoopStatus | undefined;
  #touched = new Set<string>();
  #show: ReturnType<typeof setTimeout> | undefined;
  #ask: ReturnType<typeof setTimeout> | undefined;

  constructor(client: QueryClient, project: string) {
    this.#client = client;
    this.#project = project;
  }

  take(event: LiveEvent): void {
    if (event.event === 'status') this.#status = event.data;
    else {
      this.#decisions.push(event.data);
      for (const name of touchedBy(event.data.type)) this.#touched.add(name);
    }
    this.#show ??= setTimeout(() => this.#showNow(), SHOW_EVERY);
    if (this.#touched.size > 0) this.#ask ??= setTimeout(() => this.#askNow(), ASK_EVERY);
  }

  stop(): void {
    clearTimeout(this.#show);
    clearTimeout(this.#ask);
  }

  #showNow(): void {
    this.#show = undefined;
    if (this.#status !== undefined) this.#client.setQueryData([this.#project, 'status'], this.#status);
    if (this.#decisions.length > 0) addDecisions(this.#client, this.#project, this.#decisions);
    this.#status = undefined;
    this.#decisions = [];
  }

  #askNow(): void {
    this.#ask = undefined;
    const touched = this.#touched;
    this.#touched = new Set();
    for (const name of touched) {
      const queryKey = name === 'projects' ? ['projects'] : [this.#project, name];
      // An answer on its way is kept: cancelling it again and again would never show one.
      void this.#client.invalidateQueries({ queryKey }, { cancelRefetch: false });
    }
  }
}
