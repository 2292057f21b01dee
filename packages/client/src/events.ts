import { errorOf, TwinloopApiError, unreachable } from './errors.js';
import { SseParser } from './sse.js';
import type { LiveEvent } from './wire/types.js';

/** `connecting` until the first answer and between attempts; `live` while the stream is open; `closed` at the end. */
export type ConnectionState = 'connecting' | 'live' | 'closed';

export interface EventsOptions {
  /** Start after this ledger sequence number; without it only what happens from now on is sent. */
  readonly after?: number;
  readonly signal?: AbortSignal;
  /** Connect again when the stream breaks, after the last decision seen. Default true. */
  readonly reconnect?: boolean;
  /** Waits between attempts in milliseconds; the last one repeats. */
  readonly retryDelays?: readonly number[];
  readonly onState?: (state: ConnectionState) => void;
}

interface Source {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: typeof fetch;
}

const RETRY_DELAYS = [250, 500, 1000, 2000, 5000];

/**
 * The project's decisions and status changes as they happen. Ends when `signal` aborts.
 * @throws TwinloopApiError when the server refuses (4xx), or, without `reconnect`, when the stream breaks
 */
export async function* readEvents(
  source: Source,
  options: EventsOptions = {},
): AsyncGenerator<LiveEvent, void> {
  const { signal, reconnect = true, retryDelays = RETRY_DELAYS, onState } = options;
  let after = options.after;
  let attempt = 0;
  try {
    while (!aborted(signal)) {
      onState?.('connecting');
      try {
        const response = await open(source, after, signal);
        onState?.('live');
        for await (const event of messages(response)) {
          attempt = 0;
          if (event.event === 'decision') after = event.data.seq;
          yield event;
        }
      } catch (thrown) {
        if (aborted(signal)) return;
        if (!reconnect || isRefusal(thrown)) throw thrown;
      }
      if (!reconnect) return;
      await pause(retryDelays[Math.min(attempt++, retryDelays.length - 1)] ?? 1000, signal);
    }
  } finally {
    onState?.('closed');
  }
}

async function open(
  source: Source,
  after: number | undefined,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const url = after === undefined ? source.url : `${source.url}?after=${after}`;
  const headers = { ...source.headers, accept: 'text/event-stream' };
  let response: Response;
  try {
    response = await source.fetch(url, { headers, ...(signal === undefined ? {} : { signal }) });
  } catch (thrown) {
    throw signal?.aborted === true ? thrown : unreachable(url, thrown);
  }
  if (!response.ok || response.body === null) throw await errorOf(response);
  return response;
}

async function* messages(response: Response): AsyncGenerator<LiveEvent, void> {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  const parser = new SseParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (const message of parser.push(decoder.decode(value, { stream: true }))) {
        if (message.event === 'decision' || message.event === 'status') {
          yield { event: message.event, data: JSON.parse(message.data) as never };
        }
      }
    }
  } finally {
    // The consumer may have stopped early: the connection must not stay open behind it.
    await reader.cancel().catch(() => undefined);
  }
}

// A function, because the flag changes while the loop waits and the compiler would believe its first value.
function aborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** A refusal stays one however often it is asked again; being busy or late does not. */
function isRefusal(thrown: unknown): boolean {
  if (!(thrown instanceof TwinloopApiError)) return false;
  return thrown.status >= 400 && thrown.status < 500 && thrown.status !== 408 && thrown.status !== 429;
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    if (signal?.aborted === true) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}
