import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { Reading } from '@twinloop/kernel';

export type Encoding = NonNullable<Reading['encoding']>;

const CHUNK = 1 << 20;

/** The bytes of a file, unpacked when its name ends in .gz. */
export async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  const raw = createReadStream(file, { highWaterMark: CHUNK });
  const stream = file.toLowerCase().endsWith('.gz') ? raw.pipe(createGunzip({ chunkSize: CHUNK })) : raw;
  raw.on('error', error => stream.destroy(error));
  try {
    yield* stream as AsyncIterable<Buffer>;
  } finally {
    raw.destroy();
  }
}

/** The same text in UTF-8 (from UTF-16) or as it is (UTF-8, Latin-1), without a byte-order mark. */
export async function* textBytesOf(file: string, encoding: Encoding): AsyncGenerator<Buffer> {
  if (encoding === 'utf-16') {
    let decoder: InstanceType<typeof TextDecoder> | undefined;
    for await (const chunk of bytesOf(file)) {
      decoder ??= new TextDecoder(chunk[0] === 0xfe && chunk[1] === 0xff ? 'utf-16be' : 'utf-16le');
      yield Buffer.from(decoder.decode(chunk, { stream: true }));
    }
    return;
  }
  let first = true;
  for await (const chunk of bytesOf(file)) {
    const marked = first && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
    first = false;
    yield marked ? chunk.subarray(3) : chunk;
  }
}

/** UTF-16 by its mark, or by the zero bytes that every other byte of Latin text then is. */
function isUtf16(head: Buffer): boolean {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return true;
  const pairs = Math.min(head.length, 2000) >> 1;
  let odd = 0;
  let even = 0;
  for (let i = 0; i < pairs; i++) {
    if (head[2 * i] === 0) even++;
    if (head[2 * i + 1] === 0) odd++;
  }
  return pairs > 1 && (odd > 0.7 * pairs || even > 0.7 * pairs) && Math.min(odd, even) < 0.1 * pairs;
}

export interface DetectedEncoding {
  readonly encoding: Encoding;
  /** The line (from 1) of the first bytes that are not UTF-8. */
  readonly line?: number;
  /** Whether bytes stand there that are letters in Windows-1252 and nothing in Latin-1. */
  readonly windows: boolean;
}

/** The length up to which a chunk can be judged: a sequence of UTF-8 that the chunk's end cuts is left to the next. */
function whole(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) return bytes.length - back;
  }
  return bytes.length;
}

/** Reads the whole file: the one byte that is not UTF-8 may stand in its last line. */
export async function detectEncoding(file: string): Promise<DetectedEncoding> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  let first = true;
  let utf8 = true;
  let windows = false;
  let found: number | undefined;
  for await (const chunk of bytesOf(file)) {
    if (first && isUtf16(chunk)) return { encoding: 'utf-16', windows: false };
    first = false;
    if (utf8) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const end = whole(bytes);
      const judged = bytes.subarray(0, end);
      rest = bytes.subarray(end);
      if (isUtf8(judged)) {
        line += countLines(judged);
        continue;
      }
      utf8 = false;
      found = line + linesBeforeBadByte(judged);
    }
    windows ||= chunk.some(byte => byte >= 0x80 && byte < 0xa0);
    if (windows) break;
  }
  if (utf8 && isUtf8(rest)) return { encoding: 'utf-8', windows: false };
  return { encoding: 'latin-1', line: found ?? line, windows };
}

export function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) lines++;
  return lines;
}

function linesBeforeBadByte(bytes: Buffer): number {
  let lines = 0;
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start);
    const line = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (!isUtf8(line)) return lines;
    if (end < 0) break;
    lines++;
    start = end + 1;
  }
  return lines;
}
