import { crc32 } from 'node:zlib';

const NEWLINE = 0x0a;
/** Eight hex digits and a space. */
const PREFIX = 9;

/** One frame: `<crc32 of the payload, 8 hex> <payload>\n`. The payload is text without a newline (JSON has none). */
export function encodeFrame(payload: string): Buffer {
  const length = Buffer.byteLength(payload);
  const frame = Buffer.allocUnsafe(PREFIX + length + 1);
  frame.write(payload, PREFIX);
  frame[PREFIX + length] = NEWLINE;
  const sum = crc32(frame.subarray(PREFIX, PREFIX + length));
  frame.write(`${sum.toString(16).padStart(8, '0')} `, 0, 'latin1');
  return frame;
}

/** The payload of a line (without its newline), or undefined when the line is torn or damaged. */
export function decodeFrame(line: Buffer): string | undefined {
  if (line.length < PREFIX || line[PREFIX - 1] !== 0x20) return undefined;
  const sum = Number.parseInt(line.toString('latin1', 0, 8), 16);
  const payload = line.subarray(PREFIX);
  return crc32(payload) === sum ? payload.toString('utf8') : undefined;
}

/** Splits a stream of buffers into whole lines with the offset that follows each; what is left at the end has no newline. */
export class LineSplitter {
  #rest: Buffer = Buffer.alloc(0);
  #offset: number;

  constructor(offset: number) {
    this.#offset = offset;
  }

  push(chunk: Buffer): { readonly line: Buffer; readonly end: number }[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const lines: { line: Buffer; end: number }[] = [];
    let start = 0;
    for (;;) {
      const at = bytes.indexOf(NEWLINE, start);
      if (at < 0) break;
      lines.push({ line: bytes.subarray(start, at), end: this.#offset + at + 1 });
      start = at + 1;
    }
    this.#offset += start;
    this.#rest = Buffer.from(bytes.subarray(start));
    return lines;
  }
}
