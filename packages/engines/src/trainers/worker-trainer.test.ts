import { existsSync } from 'node:fs';
import { type Row, type Schema, seededRng, tableFromRows, type TrainingJob } from '@twinloop/kernel';
import { encodeDocument, parseFeatureSpec } from '@twinloop/model';
import { afterAll, describe, expect, it } from 'vitest';
import { packTable, unpackTable } from './packed-table.js';
import { trainModel } from './train-model.js';
import { workerTrainer } from './worker-trainer.js';
import { workerUrl } from './worker-url.js';

const schema: Schema = [
  { name: 'x', type: 'number', nullable: true },
  { name: 'city', type: 'string', nullable: true },
  { name: 'y', type: 'number', nullable: false },
];
const rng = seededRng(11);
const rows = Array.from({ length: 3000 }, (): Row => {
  const x = rng.next();
  const city = rng.next() < 0.5 ? 'ash' : rng.next() < 0.1 ? null : 'bay';
  return { x, city, y: rng.next() < (city === 'ash' ? x : 1 - x) ? 1 : 0 };
});
const table = tableFromRows(schema, rows);
const features = { inputs: ['x', 'city'] };
const job = (id: string, parameters: TrainingJob['parameters']): TrainingJob => ({
  id,
  task: 'binary',
  parameters,
  seed: 1,
  table,
  label: 'y',
  features,
});

describe('workerUrl', () => {
  it('points at the built twin from a source, and beside the module otherwise', () => {
    expect(workerUrl('file:///src/a/src/t/x.ts', './worker.js').pathname).toBe('/src/a/dist/t/worker.js');
    expect(workerUrl('file:///a/dist/t/x.js', './worker.js').pathname).toBe('/a/dist/t/worker.js');
  });
});

describe('packed tables', () => {
  it('come back as they were', () => {
    expect(unpackTable(packTable(table, new Set(['x', 'city', 'y'])))).toEqual(table);
  });
});

// Starting a thread needs the build (scripts/test.mjs makes it first).
describe.runIf(existsSync(workerUrl(import.meta.url, './worker.js')))('workerTrainer', () => {
  const trainer = workerTrainer();
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  afterAll(() => trainer.close());

  it('gives what training here gives, one job after the other on one thread', async () => {
    await trainer.start(job('a', { algorithm: 'gbt' }), log);
    await trainer.start(job('b', { algorithm: 'linear' }), log);
    await trainer.start(job('a', { algorithm: 'linear' }), log);
    for (const [id, algorithm] of [
      ['a', 'gbt'],
      ['b', 'linear'],
    ] as const) {
      const state = await trainer.wait(id);
      if (state.status !== 'done') throw new Error(state.reason);
      const here = trainModel({
        algorithm,
        task: 'binary',
        table,
        label: 'y',
        features: parseFeatureSpec(features),
        seed: 1,
      });
      expect(Buffer.from(state.result.bytes)).toEqual(Buffer.from(encodeDocument(here.document)));
      expect(state.result.importance).toEqual(here.importance);
      expect(state.result.cpuSeconds).toBeGreaterThan(0);
    }
    expect(lines.filter(line => line.startsWith('training on 3000 rows'))).toHaveLength(2);
    // The caller's table is untouched.
    expect(table).toEqual(tableFromRows(schema, rows));
  });

  it('fails a job with the reason, and goes on', async () => {
    const bad = { ...job('c', { algorithm: 'gbt' }), label: 'city', features: { inputs: ['x'] } };
    await trainer.start(bad, log);
    expect(await trainer.wait('c')).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('is text') as string,
    });
    await trainer.start(job('d', { algorithm: 'linear' }), log);
    expect(await trainer.wait('d')).toMatchObject({ status: 'done' });
  });

  it('stops a running and a waiting job, and trains the next', async () => {
    await trainer.start(job('long', { algorithm: 'gbt', iterations: 10_000, maxLeaves: 64 }), log);
    await trainer.start(job('queued', { algorithm: 'gbt' }), log);
    await trainer.start(job('next', { algorithm: 'linear' }), log);
    await trainer.stop('queued');
    await trainer.stop('long');
    await trainer.stop('long');
    expect(await trainer.wait('long')).toEqual({ status: 'failed', reason: 'stopped' });
    expect(await trainer.wait('queued')).toEqual({ status: 'failed', reason: 'stopped' });
    expect(await trainer.wait('next')).toMatchObject({ status: 'done' });
  });

  it('forgets a collected job and refuses bad parameters at once', async () => {
    await trainer.collect('a');
    await expect(trainer.wait('a')).rejects.toMatchObject({ code: 'not_found' });
    await expect(trainer.start(job('e', { algorithm: 'forest' }), log)).rejects.toMatchObject({
      code: 'invalid_request',
      field: 'parameters/algorithm',
    });
  });
});
