/** What a progress display needs of stderr. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const BAR = 20;
/** Where nobody watches, a line that only moves is repeated this rarely. */
const PLAIN_EVERY_MS = 10_000;

/** One line that is rewritten on a terminal; plain lines in a log, each of them once. */
export class Progress {
  readonly #stream: ProgressStream;
  readonly #now: () => number;
  #last = '';
  #printedAt = Number.NEGATIVE_INFINITY;

  constructor(stream: ProgressStream = process.stderr, now: () => number = Date.now) {
    this.#stream = stream;
    this.#now = now;
  }

  /** Something that happened once: every one is a line of a log. */
  update(line: string): void {
    if (line === this.#last) return;
    this.#last = line;
    this.#write(line);
  }

  /** How far it is, from 0 to 1: a bar on a terminal, a line now and then in a log. */
  move(fraction: number, line: string): void {
    if (line === this.#last) return;
    const share = Math.min(1, Math.max(0, fraction));
    if (this.#stream.isTTY === true) {
      const full = Math.round(share * BAR);
      this.#last = line;
      this.#write(`[${'█'.repeat(full)}${'░'.repeat(BAR - full)}] ${Math.floor(share * 100)} % ${line}`);
    } else if (share === 1 || this.#now() - this.#printedAt >= PLAIN_EVERY_MS) {
      this.#last = line;
      this.#printedAt = this.#now();
      this.#write(`${Math.floor(share * 100)} % ${line}`);
    }
  }

  /** Leaves the last line standing. */
  end(): void {
    if (this.#stream.isTTY === true && this.#last !== '') this.#stream.write('\n');
    this.#last = '';
  }

  #write(line: string): void {
    if (this.#stream.isTTY !== true) {
      this.#stream.write(`${line}\n`);
      return;
    }
    // A line that wraps could not be rewritten.
    const room = (this.#stream.columns ?? 80) - 1;
    this.#stream.write(`\r\x1b[2K${line.length > room ? `${line.slice(0, room - 1)}…` : line}`);
  }
}
