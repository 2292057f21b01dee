import fc from 'fast-check';
import {
  appendFileSync,
  fdatasync,
  ftruncateSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { decodeFrame, encodeFrame, LineSplitter } from './frame.js';
import { segmentFile, type Position } from './segment-files.js';
import { openSegmentLog, type LogFiles, type SegmentLog } from './segment-log.js';

const directories: string[] = [];
const fresh = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'twinloop-test-'));
  directories.push(directory);
  return directory;
};
afterAll(() => directories.forEach(directory => rmSync(directory, { recursive: true, force: true })));

const START: Position = { segment: 1, offset: 0 };
async function payloads(log: SegmentLog, from = START): Promise<string[]> {
  const found: string[] = [];
  for await (const { payload } of log.read(from, log.end())) found.push(payload);
  return found;
}

/** A disk that takes `room` more bytes, and then as many as it is told. */
function smallDisk(room: number): LogFiles & { room: number; truncates: boolean } {
  const disk = {
    room,
    truncates: true,
    write(fd: number, bytes: Buffer, offset: number, length: number, position: number): number {
      const taken = Math.min(length, disk.room);
      if (taken === 0)
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      disk.room -= taken;
      return writeSync(fd, bytes, offset, taken, position);
    },
    truncate(fd: number, length: number): void {
      if (!disk.truncates) throw Object.assign(new Error('EIO: i/o error, ftruncate'), { code: 'EIO' });
      ftruncateSync(fd, length);
    },
    datasync: fdatasync,
  };
  return disk;
}

describe('frames', () => {
  test('whatever text a frame holds, in whatever pieces it is read, it comes back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' })),
        fc.integer({ min: 1, max: 50 }),
        (texts, size) => {
          const lines = texts.map(text => JSON.stringify(text));
          const bytes = Buffer.concat(lines.map(encodeFrame));
          const splitter = new LineSplitter(0);
          const read: (string | undefined)[] = [];
          let end = 0;
          for (let at = 0; at < bytes.length; at += size) {
            for (const line of splitter.push(bytes.subarray(at, at + size))) {
              read.push(decodeFrame(line.line));
              end = line.end;
            }
          }
          expect(read).toEqual(lines);
          expect(end).toBe(bytes.length);
        },
      ),
    );
  });

  test('a changed byte is noticed', () => {
    const frame = encodeFrame('{"a":1}').subarray(0, -1);
    for (let i = 0; i < frame.length; i++) {
      const changed = Buffer.from(frame);
      changed[i]! ^= 1;
      // The digits of the sum are hexadecimal: their case says nothing.
      expect(decodeFrame(changed)).toBeUndefined();
    }
  });
});

describe('segment log', () => {
  test('frames are read back in order, across segments and reopening', async () => {
    const directory = fresh();
    const written = Array.from({ length: 50 }, (_, i) => `{"i":${i}}`);
    let log = await openSegmentLog({ directory, segmentBytes: 100 });
    for (const payload of written.slice(0, 30)) log.append(payload);
    await log.close();
    log = await openSegmentLog({ directory, segmentBytes: 100 });
    for (const payload of written.slice(30)) log.append(payload);
    expect(await payloads(log)).toEqual(written);
    expect(readdirSync(directory).length).toBeGreaterThan(5);
    await log.close();
  });

  test('reading goes on from a position, and segments before it can be dropped', async () => {
    const directory = fresh();
    const log = await openSegmentLog({ directory, segmentBytes: 60 });
    const positions = Array.from({ length: 20 }, (_, i) => log.append(`[${i}]`));
    expect(await payloads(log, positions[11])).toEqual([
      '[12]',
      '[13]',
      '[14]',
      '[15]',
      '[16]',
      '[17]',
      '[18]',
      '[19]',
    ]);
    log.dropBefore(positions[11]!);
    expect(await payloads(log, positions[11])).toHaveLength(8);
    expect(readdirSync(directory)).toHaveLength(log.end().segment - positions[11]!.segment + 1);
    await log.close();
  });

  test('a tail torn at any byte is cut, and nothing before it', async () => {
    const directory = fresh();
    const log = await openSegmentLog({ directory });
    log.append('{"first":1}');
    const { offset } = log.append('{"second":2}');
    await log.close();
    const file = segmentFile(directory, 1);
    const whole = readFileSync(file);
    for (let length = 21; length <= offset; length++) {
      writeFileSync(file, whole);
      truncateSync(file, length);
      const reopened = await openSegmentLog({ directory });
      const expected = length === offset ? ['{"first":1}', '{"second":2}'] : ['{"first":1}'];
      expect(await payloads(reopened)).toEqual(expected);
      reopened.append('{"third":3}');
      expect(await payloads(reopened)).toEqual([...expected, '{"third":3}']);
      await reopened.close();
    }
  });

  test('a damaged frame costs its own rows only', async () => {
    const directory = fresh();
    const log = await openSegmentLog({ directory });
    for (const i of [1, 2, 3]) log.append(`{"n":${i}}`);
    await log.close();
    const file = segmentFile(directory, 1);
    writeFileSync(file, readFileSync(file, 'latin1').replace('{"n":2}', '{"n":9}'), 'latin1');
    const reopened = await openSegmentLog({ directory });
    expect(reopened.cut).toBe(0);
    expect(await payloads(reopened)).toEqual(['{"n":1}', '{"n":3}']);
    await reopened.close();
  });

  test('rubbish after the last frame is cut', async () => {
    const directory = fresh();
    const log = await openSegmentLog({ directory });
    log.append('{}');
    await log.close();
    appendFileSync(segmentFile(directory, 1), '\0\0\0\n\0\0');
    const reopened = await openSegmentLog({ directory });
    expect(reopened.cut).toBe(6);
    expect(await payloads(reopened)).toEqual(['{}']);
    await reopened.close();
  });

  test.each([true, false])(
    'a full disk refuses the frame whole and takes the next when there is space (space can be given back: %s)',
    async truncates => {
      const directory = fresh();
      const disk = smallDisk(40);
      const log = await openSegmentLog({ directory, files: disk });
      log.append('{"kept":1}');
      disk.truncates = truncates;
      const before = log.end();
      for (let i = 0; i < 3; i++) {
        expect(() => log.append('{"too long for what is left on this disk":true}')).toThrow(
          expect.objectContaining({ code: i === 0 || truncates ? 'storage_full' : 'internal' }),
        );
        expect(log.end()).toEqual(before);
      }
      disk.room = 1000;
      disk.truncates = true;
      log.append('{"later":2}');
      expect(await payloads(log)).toEqual(['{"kept":1}', '{"later":2}']);
      expect(statSync(segmentFile(directory, 1)).size).toBe(log.end().offset);
      await log.close();
      const reopened = await openSegmentLog({ directory });
      expect(reopened.cut).toBe(0);
      expect(await payloads(reopened)).toEqual(['{"kept":1}', '{"later":2}']);
      await reopened.close();
    },
  );

  test('a disk that cannot flush is told to those who wait, and once to the next append', async () => {
    const directory = fresh();
    let broken = true;
    const files: LogFiles = {
      write: writeSync,
      truncate: ftruncateSync,
      datasync: (fd, done) =>
        broken
          ? setImmediate(done, Object.assign(new Error('EIO: fdatasync'), { code: 'ENOSPC' }))
          : fdatasync(fd, done),
    };
    const log = await openSegmentLog({ directory, files });
    log.append('1');
    await expect(log.sync()).rejects.toMatchObject({ code: 'storage_full' });
    broken = false;
    await log.sync();
    log.append('2');
    expect(await payloads(log)).toEqual(['1', '2']);
    await log.close();
  });

  test('a directory that cannot be made is unwritable', async () => {
    const file = join(fresh(), 'file');
    writeFileSync(file, '');
    await expect(openSegmentLog({ directory: join(file, 'log') })).rejects.toMatchObject({
      code: 'data_directory_unwritable',
    });
  });
});
