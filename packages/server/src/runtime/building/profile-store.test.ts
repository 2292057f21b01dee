import { gzipSync } from 'node:zlib';
import type { Json, ProjectId, Table } from '@twinloop/kernel';
import { profileOf, profileSketchToJson, profileTable, sketchTable } from '@twinloop/loop/data';
import { memoryBlobs } from '@twinloop/storage';
import { expect, it } from 'vitest';
import { profileStore } from './profile-store.js';

const project = 'shop' as ProjectId;
const table: Table = {
  rows: 3,
  columns: [{ name: 'x', type: 'number', values: Float64Array.of(1, 2, Number.NaN) }],
};
const profileWith = (sketch?: string): Json =>
  ({ ...profileTable(table), ...(sketch === undefined ? {} : { sketch }) }) as unknown as Json;

it('gives back the sketch that a profile names', async () => {
  const store = profileStore(project, memoryBlobs());
  const hash = await store.keep(profileSketchToJson(sketchTable(table)));
  expect(profileOf((await store.sketch(profileWith(hash)))!)).toEqual(profileTable(table));
});

it('has none for a profile of an earlier release, nor when the blob went with its version', async () => {
  const blobs = memoryBlobs();
  const store = profileStore(project, blobs);
  // As releases wrote it before profiles had sketches.
  const old: Json = {
    rows: 3,
    columns: [
      {
        name: 'x',
        type: 'number',
        count: 3,
        missing: 1,
        distinct: 2,
        min: 1,
        max: 2,
        mean: 1.5,
        std: 0.7,
        quantiles: [],
        histogram: { edges: [], counts: [] },
      },
    ],
  };
  expect(await store.sketch(old)).toBeUndefined();
  const hash = await store.keep(profileSketchToJson(sketchTable(table)));
  await blobs.delete(project, hash);
  expect(await store.sketch(profileWith(hash))).toBeUndefined();
});

it('says that a damaged one is damaged', async () => {
  const blobs = memoryBlobs();
  const store = profileStore(project, blobs);
  for (const bytes of [
    new TextEncoder().encode('no gzip'),
    gzipSync('{'),
    gzipSync('{"profile":"sketch"}'),
  ]) {
    const hash = await blobs.put(project, bytes);
    await expect(store.sketch(profileWith(hash))).rejects.toMatchObject({ code: 'storage_corrupt' });
  }
});
