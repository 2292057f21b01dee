/** One message of a `text/event-stream`. */
export interface SseMessage {
  readonly event: string;
  /** The last id seen in the stream, this message's own or an earlier one. */
  readonly id: string;
  readonly data: string;
}

/** Reads a `text/event-stream` chunk by chunk (WHATWG HTML, "Server-sent events", §9.2.6). `retry` fields and comments are skipped. */
export class SseParser {
  #rest = '';
  #event = '';
  #id = '';
  #data: string[] = [];

  /** The messages that `chunk` completes. */
  push(chunk: string): SseMessage[] {
    const text = this.#rest + chunk;
    const messages: SseMessage[] = [];
    let start = 0;
    for (;;) {
      const end = nextBreak(text, start);
      if (end === undefined) break;
      this.#line(text.slice(start, end.at), messages);
      start = end.at + end.length;
    }
    this.#rest = text.slice(start);
    return messages;
  }

  #line(line: string, messages: SseMessage[]): void {
    if (line === '') {
      if (this.#data.length > 0) {
        messages.push({ event: this.#event || 'message', id: this.#id, data: this.#data.join('\n') });
      }
      this.#event = '';
      this.#data = [];
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const raw = colon < 0 ? '' : line.slice(colon + 1);
    const value = raw.startsWith(' ') ? raw.slice(1) : raw;
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#event = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
  }
}

/** The next line end: LF, CR LF or CR. A CR at the very end waits, since an LF may follow in the next chunk. */
function nextBreak(text: string, from: number): { at: number; length: number } | undefined {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10) return { at, length: 1 };
    if (code === 13) {
      if (at + 1 === text.length) return undefined;
      return { at, length: text.charCodeAt(at + 1) === 10 ? 2 : 1 };
    }
  }
  return undefined;
}
