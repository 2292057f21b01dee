import { get, type IncomingMessage } from 'node:http';

export interface SentEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: { readonly seq?: number };
}

/** Reads an event stream over a real connection. */
export class EventReader {
  readonly response: IncomingMessage;
  readonly #waiting: (() => void)[] = [];
  text = '';
  ended = false;

  private constructor(response: IncomingMessage) {
    this.response = response;
    const wake = (): void => {
      for (const resolve of this.#waiting.splice(0)) resolve();
    };
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      this.text += chunk;
      wake();
    });
    response.on('error', () => undefined);
    response.on('close', () => {
      this.ended = true;
      wake();
    });
  }

  static open(port: number, path: string, headers: Record<string, string> = {}): Promise<EventReader> {
    return new Promise((resolve, reject) => {
      const call = get({ host: '127.0.0.1', port, path, headers, agent: false }, response =>
        resolve(new EventReader(response)),
      );
      call.on('error', reject);
    });
  }

  /** The whole messages so far. */
  get events(): SentEvent[] {
    const blocks = this.text.split('\n\n').slice(0, -1);
    return blocks.flatMap(block => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      const event = field('event');
      return event === undefined ? [] : [{ event, id: field('id'), data: JSON.parse(field('data')!) }];
    });
  }

  get decisions(): (number | undefined)[] {
    return this.events.filter(({ event }) => event === 'decision').map(({ data }) => data.seq);
  }

  /** Resolves when `condition` holds; rejects when the stream ends before. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.ended) throw new Error(`the stream ended; it had sent:\n${this.text}`);
      await new Promise<void>(resolve => this.#waiting.push(resolve));
    }
  }

  async end(): Promise<void> {
    while (!this.ended) await new Promise<void>(resolve => this.#waiting.push(resolve));
  }
}
