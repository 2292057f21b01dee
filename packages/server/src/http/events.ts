import type { ServerResponse } from 'node:http';
import type { Decision, LiveEvent } from '@twinloop/client';
import type { ProjectService } from '../app.js';
import type { Logger } from '../process/logger.js';

/** Calls `fn` every `ms` milliseconds until cancelled. */
export type Every = (ms: number, fn: () => void) => () => void;

const HEARTBEAT_MS = 15_000;
/** Unsent bytes beyond which a reader is dropped; it comes back with Last-Event-ID and reads what it missed from the ledger. */
const MAX_BACKLOG = 1 << 20;
const PAGE = 500;

/** The open event streams of the server. */
export class EventStreams {
  readonly #open = new Set<Stream>();
  readonly #every: Every;
  readonly #logger: Logger;

  constructor(every: Every, logger: Logger) {
    this.#every = every;
    this.#logger = logger;
  }

  get size(): number {
    return this.#open.size;
  }

  /**
   * Streams a project's events to one reader: first what the ledger holds after `after` (when given), then what
   * happens, without gap or repetition. Resolves when the gap has been sent.
   */
  async start(raw: ServerResponse, service: ProjectService, after: number | undefined): Promise<void> {
    const stream = new Stream(raw, after, this.#every, () => this.#open.delete(stream));
    this.#open.add(stream);
    try {
      stream.follow(service);
      if (after !== undefined) await stream.catchUp(service, after);
      stream.send({ event: 'status', data: await service.status() });
      stream.goLive();
    } catch (error) {
      // The answer has begun, so nobody can be told: the reader connects again and meets the error then.
      stream.end();
      this.#logger.error('event stream failed', { project: service.project, error });
    }
  }

  /** Ends every stream; readers reconnect elsewhere. */
  endAll(): void {
    for (const stream of this.#open) stream.end();
  }
}

class Stream {
  readonly #raw: ServerResponse;
  readonly #stopHeart: () => void;
  readonly #onEnd: () => void;
  #unsubscribe: () => void = () => undefined;
  /** Decisions that came while the gap was still being read; undefined once live. */
  #held: Decision[] | undefined = [];
  #waitingStatus: LiveEvent | undefined;
  #last: number;
  #ended = false;

  constructor(raw: ServerResponse, after: number | undefined, every: Every, onEnd: () => void) {
    this.#raw = raw;
    this.#last = after ?? -1;
    this.#onEnd = onEnd;
    raw.write('retry: 1000\n\n');
    this.#stopHeart = every(HEARTBEAT_MS, () => this.#write(': beat\n\n'));
    raw.on('drain', () => {
      const status = this.#waitingStatus;
      this.#waitingStatus = undefined;
      if (status !== undefined) this.send(status);
    });
    raw.on('close', () => this.end());
    raw.on('error', () => this.end());
  }

  follow(service: ProjectService): void {
    this.#unsubscribe = service.subscribe(event => {
      if (event.event === 'decision' && this.#held !== undefined) this.#held.push(event.data);
      else if (this.#held === undefined) this.send(event);
    });
  }

  async catchUp(service: ProjectService, after: number): Promise<void> {
    let from = after;
    while (!this.#ended) {
      const page = await service.decisions({ after: from, limit: PAGE });
      for (const data of [...page].sort((a, b) => a.seq - b.seq)) {
        from = Math.max(from, data.seq);
        this.send({ event: 'decision', data });
      }
      if (page.length < PAGE) return;
      // A whole page more is read only when this one has left: a slow reader must not pull a year into memory.
      await this.#drained();
    }
  }

  goLive(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const data of held) this.send({ event: 'decision', data });
  }

  send(event: LiveEvent): void {
    if (event.event === 'decision') {
      if (event.data.seq <= this.#last) return;
      this.#last = event.data.seq;
      this.#write(`event: decision\nid: ${event.data.seq}\ndata: ${JSON.stringify(event.data)}\n\n`);
    } else if (this.#raw.writableNeedDrain) {
      // A status says how things are now, so a reader that is behind needs only the last one.
      this.#waitingStatus = event;
    } else {
      this.#write(`event: status\ndata: ${JSON.stringify(event.data)}\n\n`);
    }
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#stopHeart();
    this.#unsubscribe();
    this.#onEnd();
    this.#raw.end();
  }

  #write(text: string): void {
    if (this.#ended) return;
    this.#raw.write(text);
    if (this.#raw.writableLength <= MAX_BACKLOG) return;
    this.end();
    this.#raw.destroy();
  }

  #drained(): Promise<void> {
    if (!this.#raw.writableNeedDrain) return Promise.resolve();
    return new Promise(resolve => {
      const settle = (): void => {
        this.#raw.off('drain', settle).off('close', settle);
        resolve();
      };
      this.#raw.on('drain', settle).on('close', settle);
    });
  }
}
