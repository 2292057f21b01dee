import type {
  ContentHash,
  DatasetVersionRecord,
  Entry,
  ModelRecord,
  ProjectId,
  RunRecord,
} from '@twinloop/kernel';
import { memoryBlobs, memoryMetadata } from '@twinloop/storage';
import { describe, expect, it } from 'vitest';
import { dependantsOf } from './dependants.js';
import { findObject, type ObjectRef, type Records } from './ids.js';
import { bytesOf, carryOut, planRemoval } from './removal.js';

const project = 'shop' as ProjectId;
const version = (digit: string): ContentHash => digit.repeat(64) as ContentHash;
const model = (id: string): ObjectRef => ({ kind: 'model', id });
const run = (id: string): ObjectRef => ({ kind: 'run', id });

/**
 * Two versions; run-1 on the first made m@1, which m@1r was recalibrated from; run-2 on the second made m@2 out of the
 * same bytes as m@1. Both runs fitted a candidate that nobody chose, and shared one step.
 */
async function world() {
  const [metadata, blobs] = [memoryMetadata(), memoryBlobs()];
  const put = (text: string): Promise<ContentHash> => blobs.put(project, new TextEncoder().encode(text));
  const bytes = {
    data1: await put('rows of one'),
    data2: await put('rows of two'),
    body: await put('the body of m@1 and of m@2'),
    recalibrated: await put('another intercept'),
    onnx: await put('onnx of m@2'),
    candidate1: await put('not chosen in run-1'),
    shared: await put('not chosen in both'),
    card: await put('# m@1'),
  };
  const dataset = (digit: string, blob: ContentHash, createdAt: number) =>
    ({
      project,
      dataset: 'flights',
      version: version(digit),
      blob,
      createdAt,
      status: 'accepted',
      profile: {},
    }) as DatasetVersionRecord;
  const steps = (...keys: ContentHash[]) => keys.map(key => ({ key })) as unknown as RunRecord['steps'];
  const runOf = (name: string, digit: string, made: string, startedAt: number, ...keys: ContentHash[]) =>
    ({
      project,
      run: name,
      datasetVersion: version(digit),
      model: made,
      startedAt,
      steps: steps(...keys),
    }) as unknown as RunRecord;
  const modelOf = (
    name: string,
    of: string,
    digit: string,
    blob: ContentHash,
    onnx: ContentHash | null = null,
  ) =>
    ({
      project,
      model: name,
      run: of,
      dataset: 'flights',
      datasetVersion: version(digit),
      hash: blob,
      blob,
      onnx,
      parent: null,
      createdAt: 1,
    }) as unknown as ModelRecord;
  const keys = { fit1: version('a'), fit2: version('b'), both: version('c') };
  const records: Records = {
    datasets: [dataset('2', bytes.data2, 2), dataset('1', bytes.data1, 1)],
    runs: [
      runOf('run-2', '2', 'm@2', 2, keys.fit2, keys.both),
      runOf('run-1', '1', 'm@1', 1, keys.fit1, keys.both),
    ],
    models: [
      modelOf('m@1', 'run-1', '1', bytes.body),
      modelOf('m@1r', 'run-1', '1', bytes.recalibrated),
      modelOf('m@2', 'run-2', '2', bytes.body, bytes.onnx),
    ],
  };
  for (const one of records.datasets) await metadata.datasets.put(one);
  for (const one of records.runs) await metadata.runs.put(one);
  for (const one of records.models) await metadata.models.put(one);
  await metadata.steps.put(project, keys.fit1, { blob: bytes.candidate1 });
  await metadata.steps.put(project, keys.fit2, { blob: bytes.body });
  await metadata.steps.put(project, keys.both, { blob: bytes.shared });
  const ports = { project, metadata, blobs, cards: new Map([['m@1', [bytes.card]]]) };
  const names = (hashes: readonly ContentHash[]): string[] =>
    Object.entries(bytes)
      .flatMap(([name, hash]) => (hashes.includes(hash) ? [name] : []))
      .sort();
  return { ports, records, bytes, keys, names, metadata, blobs };
}

describe('what a deletion takes away', () => {
  it('is what nobody else refers to', async () => {
    const { ports, records, names } = await world();
    const freed = async (...objects: ObjectRef[]) =>
      names((await planRemoval(ports, records, objects)).blobs);
    // Its bytes are the other model's too; its card is its own.
    expect(await freed(model('m@1'))).toEqual(['card']);
    expect(await freed(model('m@1r'))).toEqual(['recalibrated']);
    expect(await freed(model('m@2'))).toEqual(['onnx']);
    expect(await freed(run('run-1'))).toEqual(['candidate1']);
    expect(await freed({ kind: 'dataset-version', id: `flights@${version('1')}` })).toEqual(['data1']);
    expect(await freed(run('run-1'), run('run-2'), model('m@1'), model('m@1r'), model('m@2'))).toEqual([
      'body',
      'candidate1',
      'card',
      'onnx',
      'recalibrated',
      'shared',
    ]);
  });

  it('takes results of the build cache along that speak of bytes that go', async () => {
    const { ports, records, keys, names } = await world();
    const removal = await planRemoval(ports, records, [model('m@1'), model('m@2')]);
    expect(names(removal.blobs)).toEqual(['body', 'card', 'onnx']);
    // run-2 stays, but its fit would bring back a blob that is gone.
    expect(removal.records.steps).toEqual([keys.fit2]);
    expect((await planRemoval(ports, records, [run('run-1')])).records.steps).toEqual([keys.fit1]);
  });

  it('frees the bytes that the preview names, and doing it twice is harmless', async () => {
    const { ports, records, metadata, blobs, bytes } = await world();
    const removal = await planRemoval(ports, records, [run('run-1'), model('m@1'), model('m@1r')]);
    const expected = await bytesOf(ports, removal);
    const before = (await blobs.usage(project)).bytes;
    expect(await carryOut(ports, removal)).toEqual({ records: 4, blobs: 3, bytes: expected });
    expect((await blobs.usage(project)).bytes).toBe(before - expected);
    expect(await blobs.has(project, bytes.body)).toBe(true);
    expect((await metadata.models.list(project)).map(one => one.model)).toEqual(['m@2']);
    expect((await metadata.runs.list(project)).map(one => one.run)).toEqual(['run-2']);
    expect(await carryOut(ports, removal)).toEqual({ records: 0, blobs: 3, bytes: 0 });
  });
});

describe('what hangs on an object', () => {
  const recalibrated = new Map([['m@1r', 'm@1']]);
  const rollout = (name: string, champion: string, challenger: string) =>
    ({ type: 'RolloutStarted', payload: { rollout: name, champion, challenger } }) as Extract<
      Entry,
      { type: 'RolloutStarted' }
    >;
  const rollouts = [rollout('rollout-1', 'm@1', 'm@2')];

  it('is found from the data down to the rollouts, nearest first and each once', async () => {
    const { records } = await world();
    const found = dependantsOf(
      { kind: 'dataset-version', id: `flights@${version('1')}` },
      records,
      recalibrated,
      rollouts,
    );
    expect(found.map(({ kind, id, of }) => `${kind} ${id} of ${of.kind}`)).toEqual([
      'run run-1 of dataset-version',
      'model m@1 of dataset-version',
      'model m@1r of dataset-version',
      'rollout rollout-1 of model',
    ]);
  });

  it('of a run is its models, of a model its recalibrated forms, of those nothing', async () => {
    const { records } = await world();
    const names = (object: ObjectRef) =>
      dependantsOf(object, records, recalibrated, rollouts).map(({ id }) => id);
    expect(names(run('run-2'))).toEqual(['m@2', 'rollout-1']);
    expect(names(model('m@1'))).toEqual(['m@1r', 'rollout-1']);
    expect(names(model('m@1r'))).toEqual([]);
  });
});

it('a version is found by its whole hash or by eight characters of it, others by name alone', async () => {
  const { records } = await world();
  const found = (id: string) => findObject(records, 'dataset-version', id)?.id;
  expect(found(`flights@${version('1')}`)).toBe(`flights@${version('1')}`);
  expect(found('flights@22222222')).toBe(`flights@${version('2')}`);
  expect(found('flights@2222222')).toBeUndefined();
  expect(found('weather@22222222')).toBeUndefined();
  expect(found('flights')).toBeUndefined();
  expect(findObject(records, 'run', 'run-1')).toEqual(run('run-1'));
  expect(findObject(records, 'model', 'm@')).toBeUndefined();
});
