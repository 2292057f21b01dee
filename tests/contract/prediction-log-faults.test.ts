import { openPredictionLog, type PredictionLogOptions } from '@twinloop/storage';
import { fdatasync, ftruncateSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { outcome, prediction, project } from './prediction-log-contract.js';
import { freshDirectory } from './workspace.js';

const endpoint = 'delays';

describe('the embedded prediction log', () => {
  test('requests of one turn share one write', async () => {
    let writes = 0;
    const files: PredictionLogOptions['files'] = {
      write: (fd, bytes, offset, length, position) => {
        writes++;
        return writeSync(fd, bytes, offset, length, position);
      },
      truncate: ftruncateSync,
      datasync: fdatasync,
    };
    const log = await openPredictionLog({ directory: freshDirectory(), files });
    await Promise.all([
      ...Array.from({ length: 50 }, (_, i) => log.appendPredictions([prediction(`p${i}`)])),
      log.appendOutcomes([outcome('p1', 1)]),
    ]);
    expect(writes).toBe(1);
    await log.close();
  });

  test('a full disk is storage_full; when space returns nothing acknowledged is missing', async () => {
    const directory = freshDirectory();
    let full = false;
    const files: PredictionLogOptions['files'] = {
      write(fd, bytes, offset, length, position) {
        if (!full) return writeSync(fd, bytes, offset, length, position);
        if (length < 20)
          throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
        return writeSync(fd, bytes, offset, 10, position);
      },
      truncate: ftruncateSync,
      datasync: fdatasync,
    };
    const log = await openPredictionLog({ directory, files });
    const acknowledged: string[] = [];
    for (let i = 0; i < 30; i++) {
      full = i % 3 === 1;
      await log.appendPredictions([prediction(`p${i}`)]).then(
        () => acknowledged.push(`p${i}`),
        (error: unknown) => expect(error).toMatchObject({ code: 'storage_full' }),
      );
    }
    full = false;
    expect(acknowledged).toHaveLength(20);
    const ids = async (opened: typeof log) =>
      (await opened.inputs({ project, endpoint, schema: [], predicted: {} })).columns[0]!.values;
    expect(await ids(log)).toEqual([...acknowledged].sort());
    await log.close();
    const reopened = await openPredictionLog({ directory });
    expect(await ids(reopened)).toEqual([...acknowledged].sort());
    await reopened.close();
  });

  test('rows that were never fed are fed after reopening, across segments, once', async () => {
    const directory = freshDirectory();
    for (let round = 0; round < 3; round++) {
      const log = await openPredictionLog({ directory, segmentBytes: 20_000 });
      for (let i = 0; i < 20; i++) {
        const ids = Array.from({ length: 10 }, (_, j) => `r${round}-${i}-${j}`);
        await log.appendPredictions(ids.map(id => prediction(id, { at: round })));
      }
      if (round === 1) await log.flush();
      await log.close();
    }
    const log = await openPredictionLog({ directory });
    expect((await log.counts(project, endpoint)).live).toBe(600);
    await log.close();
    const again = await openPredictionLog({ directory });
    expect((await again.counts(project, endpoint)).live).toBe(600);
    // What has been fed need not be kept twice.
    expect(readdirSync(join(directory, 'predictions'))).toHaveLength(1);
    await again.close();
  });

  test('more rows than are kept in memory are read from the log again', async () => {
    const log = await openPredictionLog({ directory: freshDirectory() });
    const rows = 70_000;
    await log.appendPredictions(
      Array.from({ length: rows }, (_, i) => prediction(`p${i}`, { inputs: { temp: i } })),
    );
    await log.appendPredictions([prediction('last')]);
    expect((await log.counts(project, endpoint)).live).toBe(rows + 1);
    await log.close();
  });

  test('reads and appends in flight together agree on what had been acknowledged', async () => {
    const log = await openPredictionLog({ directory: freshDirectory() });
    let acknowledged = 0;
    const writing = (async () => {
      for (let i = 0; i < 300; i++) {
        await log.appendPredictions([prediction(`p${i}`, { inputs: { [`column${i % 7}`]: i } })]);
        acknowledged++;
      }
    })();
    while (acknowledged < 300) {
      const before = acknowledged;
      expect((await log.counts(project, endpoint)).live).toBeGreaterThanOrEqual(before);
    }
    await writing;
    await log.close();
  });

  test('a database that was lost is fed again from the segments that are still there', async () => {
    const directory = freshDirectory();
    const log = await openPredictionLog({ directory });
    await log.appendPredictions([prediction('a')]);
    await log.flush();
    await log.close();
    rmSync(join(directory, 'telemetry.duckdb'));
    const reopened = await openPredictionLog({ directory });
    expect((await reopened.counts(project, endpoint)).live).toBe(1);
    await reopened.close();
  });
});
