import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeFrame, LineSplitter } from './frame.js';

/** A place in the log: everything before it has been read. */
export interface Position {
  readonly segment: number;
  readonly offset: number;
}

const NAME = /^(\d{10})\.log$/;
const READ_BYTES = 1 << 20;

export function segmentFile(directory: string, segment: number): string {
  return join(directory, `${String(segment).padStart(10, '0')}.log`);
}

/** The numbers of the segments in a directory, ascending. */
export function listSegments(directory: string): number[] {
  return readdirSync(directory)
    .flatMap(name => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** Makes the directory's entries durable: a new file is found again after a power cut. */
export function syncDirectory(directory: string): void {
  const fd = openSync(directory, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Whole frames of one file between two offsets; a damaged line is passed over (its rows are lost, the others are not). */
export async function* readFrames(
  file: string,
  from: number,
  until: number,
): AsyncGenerator<{ readonly payload: string; readonly end: number }> {
  const handle = await open(file, 'r');
  try {
    const lines = new LineSplitter(from);
    for (let at = from; at < until; ) {
      const chunk = Buffer.allocUnsafe(Math.min(READ_BYTES, until - at));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      for (const { line, end } of lines.push(chunk.subarray(0, bytesRead))) {
        const payload = decodeFrame(line);
        if (payload !== undefined) yield { payload, end };
      }
    }
  } finally {
    await handle.close();
  }
}

/** The offset after the last whole frame: what follows was torn by a crash and was never acknowledged. */
export async function wholeLength(file: string, size: number): Promise<number> {
  let length = 0;
  for await (const frame of readFrames(file, 0, size)) length = frame.end;
  return length;
}
