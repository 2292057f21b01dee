import {
  closeSync,
  fdatasync,
  ftruncateSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { storageError } from '../errors.js';
import { encodeFrame } from './frame.js';
import {
  listSegments,
  readFrames,
  segmentFile,
  syncDirectory,
  wholeLength,
  type Position,
} from './segment-files.js';

/** The system calls that can fail for want of space; a test passes ones that do. */
export interface LogFiles {
  write(fd: number, bytes: Buffer, offset: number, length: number, position: number): number;
  truncate(fd: number, length: number): void;
  datasync(fd: number, done: (error: Error | null) => void): void;
}

export interface SegmentLogOptions {
  readonly directory: string;
  /** A new segment starts when the current one has grown to this. Default 64 MiB. */
  readonly segmentBytes?: number;
  /** How long written frames may wait for the disk in the background. Default 50 ms. */
  readonly syncEveryMs?: number;
  readonly files?: LogFiles;
}

export interface SegmentLog {
  /** Writes one frame with one system call, or leaves the log as it was. @throws storage_full · data_directory_unwritable */
  append(payload: string): Position;
  /** Where the next frame goes. */
  end(): Position;
  /** Resolves when the disk has everything appended so far. Calls made meanwhile share the next flush. */
  sync(): Promise<void>;
  /** Whole frames between two positions. */
  read(
    from: Position,
    until: Position,
  ): AsyncGenerator<{ readonly payload: string; readonly next: Position }>;
  /** Deletes the segments that lie wholly before `position`. */
  dropBefore(position: Position): void;
  /** Bytes of a torn tail that were cut at open. */
  readonly cut: number;
  close(): Promise<void>;
}

const NODE_FILES: LogFiles = { write: writeSync, truncate: ftruncateSync, datasync: fdatasync };

/** Opens (or starts) an append-only log of checksummed frames in numbered segment files; a torn tail is cut. @throws data_directory_unwritable */
export async function openSegmentLog(options: SegmentLogOptions): Promise<SegmentLog> {
  const { directory, segmentBytes = 64 << 20, syncEveryMs = 50, files = NODE_FILES } = options;
  let segment: number;
  let offset = 0;
  let fd: number;
  let cut = 0;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const last = listSegments(directory).at(-1);
    segment = last ?? 1;
    fd = openSync(segmentFile(directory, segment), last === undefined ? 'wx+' : 'r+', 0o600);
    if (last === undefined) {
      syncDirectory(directory);
    } else {
      const { size } = statSync(segmentFile(directory, segment));
      offset = await wholeLength(segmentFile(directory, segment), size);
      cut = size - offset;
      if (cut > 0) files.truncate(fd, offset);
    }
  } catch (error) {
    throw storageError(error, directory);
  }

  let torn = false;
  const heal = (): void => {
    files.truncate(fd, offset);
    torn = false;
  };
  const rotate = (): void => {
    const next = openSync(segmentFile(directory, segment + 1), 'wx+', 0o600);
    syncDirectory(directory);
    const old = fd;
    // Frames of the old file may still wait for the disk; its descriptor closes once they are there.
    files.datasync(old, error => {
      if (error !== null) failure = error;
      closeSync(old);
    });
    fd = next;
    segment++;
    offset = 0;
  };

  let failure: Error | null = null;
  let timer: NodeJS.Timeout | undefined;
  let dirty = false;
  let syncing: Promise<void> | undefined;
  let queued: Promise<void> | undefined;
  const startSync = (): Promise<void> => {
    dirty = false;
    syncing = new Promise<void>((resolve, reject) => {
      files.datasync(fd, error => (error === null ? resolve() : reject(error)));
    }).finally(() => {
      syncing = undefined;
    });
    return syncing;
  };
  const sync = (): Promise<void> => {
    if (syncing === undefined) return startSync();
    // The flush under way may have begun before the newest frame: the next one covers it and all who ask until then.
    queued ??= syncing.then(startSync, startSync).finally(() => {
      queued = undefined;
    });
    return queued;
  };
  const syncLater = (): void => {
    dirty = true;
    timer ??= setTimeout(() => {
      timer = undefined;
      if (dirty) sync().catch((error: Error) => (failure = error));
    }, syncEveryMs).unref();
  };

  const durable = async (): Promise<void> => {
    try {
      await sync();
    } catch (error) {
      throw storageError(error, directory);
    }
  };

  return {
    cut,
    append(payload) {
      try {
        if (failure !== null) {
          const error = failure;
          failure = null;
          throw error;
        }
        if (torn) heal();
        if (offset >= segmentBytes) rotate();
        const frame = encodeFrame(payload);
        for (let done = 0; done < frame.length; ) {
          torn = true;
          done += files.write(fd, frame, done, frame.length - done, offset + done);
        }
        torn = false;
        offset += frame.length;
        syncLater();
        return { segment, offset };
      } catch (error) {
        if (torn) {
          try {
            heal();
          } catch {
            // Still torn: the next append tries again before it writes, and an open cuts the tail.
            torn = true;
          }
        }
        throw storageError(error, directory);
      }
    },
    end: () => ({ segment, offset }),
    sync: durable,
    async *read(from, end) {
      for (const number of listSegments(directory)) {
        if (number < from.segment || number > end.segment) continue;
        const file = segmentFile(directory, number);
        const start = number === from.segment ? from.offset : 0;
        const until = number === end.segment ? end.offset : statSync(file).size;
        for await (const frame of readFrames(file, start, until)) {
          yield { payload: frame.payload, next: { segment: number, offset: frame.end } };
        }
      }
    },
    dropBefore(position) {
      for (const number of listSegments(directory)) {
        if (number < position.segment && number < segment) rmSync(segmentFile(directory, number));
      }
    },
    async close() {
      clearTimeout(timer);
      await durable();
      closeSync(fd);
    },
  };
}
