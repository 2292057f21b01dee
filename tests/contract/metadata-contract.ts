import type {
  ContentHash,
  DatasetVersionRecord,
  DeliveryRecord,
  KeyRecord,
  MetadataStore,
  ModelRecord,
  ProjectId,
  ProjectRecord,
  RunRecord,
} from '@twinloop/kernel';
import { describe, expect, test } from 'vitest';

const project = 'shop' as ProjectId;
const other = 'other' as ProjectId;
const hash = (digit: string): ContentHash => digit.repeat(64) as ContentHash;

const projectRecord: ProjectRecord = {
  project,
  config: 'name: shop\n# ünicode 🛫\n',
  configHash: hash('a'),
  directory: '/srv/shop',
  appliedAt: 1357016400000.5,
};
const keyRecord: KeyRecord = {
  id: 'key-1',
  name: 'ci',
  role: 'operator',
  project: null,
  secretHash: hash('b'),
  createdAt: 1,
  revokedAt: null,
};
const dataset = (
  version: string,
  createdAt: number,
  more: Partial<DatasetVersionRecord> = {},
): DatasetVersionRecord => ({
  project,
  dataset: 'flights',
  version: hash(version),
  rows: 9186,
  schema: [{ name: 'temp', type: 'number', nullable: true }],
  profile: { temp: { mean: 0.1, top: ['a', null, true] } },
  blob: hash('c'),
  source: 'flights.csv',
  parent: null,
  createdAt,
  status: 'accepted',
  findings: [],
  checks: [{ rule: 'rows', result: { passed: true } }],
  quarantine: { blob: hash('d'), rows: 2 },
  ...more,
});
const run = (name: string, startedAt: number, more: Partial<RunRecord> = {}): RunRecord => ({
  project,
  run: name,
  trigger: 'manual',
  reason: 'first',
  status: 'running',
  startedAt,
  finishedAt: null,
  datasetVersion: hash('1'),
  model: null,
  steps: [],
  candidates: [],
  verdicts: [],
  log: '',
  ...more,
});
const model = (name: string, createdAt: number): ModelRecord => ({
  project,
  model: name,
  hash: hash('d'),
  blob: hash('e'),
  onnx: null,
  algorithm: 'linear',
  run: 'run-1',
  dataset: 'flights',
  datasetVersion: hash('1'),
  codeDigest: hash('f'),
  parameters: { l2: 1e-3 },
  environment: {},
  signature: { inputs: ['temp'] },
  metrics: { auc: 0.7 },
  parent: null,
  createdAt,
});

const delivery = (channel: string, seq: number, more: Partial<DeliveryRecord> = {}): DeliveryRecord => ({
  project,
  channel,
  seq,
  event: 'alarm',
  title: 'Alarm',
  text: 'temp left its range 🌡',
  link: 'http://127.0.0.1:4600/p/shop/decisions',
  at: 1,
  state: 'queued',
  attempts: 0,
  createdAt: 1,
  giveUpAt: 100,
  nextAt: 1,
  triedAt: null,
  deliveredAt: null,
  failingSince: null,
  lastError: null,
  ...more,
});

export function metadataContract(name: string, open: () => Promise<MetadataStore>): void {
  describe(`metadata store: ${name}`, () => {
    test('records come back equal, and put replaces by primary key', async () => {
      const store = await open();
      await store.projects.put(projectRecord);
      await store.projects.put({ ...projectRecord, project: other });
      expect(await store.projects.get(project)).toEqual(projectRecord);
      const moved = { ...projectRecord, directory: '/srv/elsewhere' };
      await store.projects.put(moved);
      expect(await store.projects.get(project)).toEqual(moved);
      expect((await store.projects.list()).map(record => record.project)).toEqual([other, project]);
      expect(await store.projects.get('ghost' as ProjectId)).toBeUndefined();
      await store.close();
    });

    test('keys are found by the hash of their secret', async () => {
      const store = await open();
      await store.keys.put(keyRecord);
      await store.keys.put({ ...keyRecord, id: 'key-0', project, secretHash: hash('c'), createdAt: 0 });
      expect(await store.keys.bySecretHash(hash('b'))).toEqual(keyRecord);
      expect(await store.keys.bySecretHash(hash('0'))).toBeUndefined();
      await store.keys.put({ ...keyRecord, revokedAt: 9 });
      expect(await store.keys.bySecretHash(hash('b'))).toEqual({ ...keyRecord, revokedAt: 9 });
      expect((await store.keys.list()).map(key => key.id)).toEqual(['key-0', 'key-1']);
      await store.close();
    });

    test('dataset versions are listed newest first, by dataset and page', async () => {
      const store = await open();
      const records = [
        dataset('1', 10),
        dataset('2', 20, { parent: hash('1'), status: 'refused', findings: [{ rule: 'r' }] }),
        dataset('3', 20, { dataset: 'weather' }),
        dataset('4', 30),
      ];
      for (const record of records) await store.datasets.put(record);
      await store.datasets.put({ ...records[0]!, project: other });
      expect(await store.datasets.get(project, 'flights', hash('2'))).toEqual(records[1]);
      expect(await store.datasets.get(project, 'weather', hash('2'))).toBeUndefined();
      const versions = async (...query: [dataset?: string, page?: { limit?: number; before?: number }]) =>
        (await store.datasets.list(project, ...query)).map(record => record.version[0]);
      expect(await versions()).toEqual(['4', '2', '3', '1']);
      expect(await versions('flights')).toEqual(['4', '2', '1']);
      expect(await versions('flights', { limit: 1, before: 30 })).toEqual(['2']);
      await store.close();
    });

    test('runs and models come back equal and newest first', async () => {
      const store = await open();
      await store.runs.put(run('run-1', 10));
      const finished = run('run-1', 10, { status: 'passed', finishedAt: 12, log: 'done\n' });
      await store.runs.put(finished);
      await store.runs.put(run('run-2', 20));
      expect(await store.runs.get(project, 'run-1')).toEqual(finished);
      expect(await store.runs.get(other, 'run-1')).toBeUndefined();
      expect((await store.runs.list(project)).map(record => record.run)).toEqual(['run-2', 'run-1']);
      expect((await store.runs.list(project, { before: 20, limit: 5 })).map(record => record.run)).toEqual([
        'run-1',
      ]);
      await store.models.put(model('m@1', 1));
      await store.models.put(model('m@2', 2));
      expect(await store.models.get(project, 'm@2')).toEqual(model('m@2', 2));
      expect((await store.models.list(project, { limit: 1 })).map(record => record.model)).toEqual(['m@2']);
      expect(await store.models.list(other)).toEqual([]);
      await store.close();
    });

    test('step results and cursors are any JSON, apart by project', async () => {
      const store = await open();
      await store.steps.put(project, hash('a'), { n: [1, null, 'x'] });
      await store.cursors.put(project, 'replay', 41);
      await store.cursors.put(project, 'replay', 42);
      await store.cursors.put(project, 'nothing', null);
      expect(await store.steps.get(project, hash('a'))).toEqual({ n: [1, null, 'x'] });
      expect(await store.steps.get(other, hash('a'))).toBeUndefined();
      expect(await store.cursors.get(project, 'replay')).toBe(42);
      expect(await store.cursors.get(project, 'nothing')).toBeNull();
      expect(await store.cursors.get(other, 'replay')).toBeUndefined();
      await store.close();
    });

    test('deliveries are due in order of their time, one row a channel and fact', async () => {
      const store = await open();
      const { deliveries } = store;
      const waiting = delivery('ops', 7, { nextAt: 20 });
      await deliveries.put(waiting);
      await deliveries.put(delivery('ops', 5, { nextAt: 30 }));
      await deliveries.put(
        delivery('ops', 6, { nextAt: 20, state: 'failed', attempts: 1, lastError: 'it answered 500' }),
      );
      await deliveries.put(delivery('ops', 4, { nextAt: null, state: 'delivered', deliveredAt: 9 }));
      await deliveries.put(delivery('chat', 7, { nextAt: 1 }));
      await deliveries.put({ ...waiting, project: other });
      const due = async (until: number, limit = 10) =>
        (await deliveries.due(project, { channel: 'ops', until, limit })).map(({ seq }) => seq);
      expect(await due(19)).toEqual([]);
      expect(await due(20)).toEqual([6, 7]);
      expect(await due(Number.MAX_SAFE_INTEGER)).toEqual([6, 7, 5]);
      expect(await due(20, 1)).toEqual([6]);
      const delivered: DeliveryRecord = {
        ...waiting,
        state: 'delivered',
        nextAt: null,
        deliveredAt: 21,
        attempts: 1,
      };
      await deliveries.put(delivered);
      expect(await deliveries.get(project, 'ops', 7)).toEqual(delivered);
      expect(await deliveries.get(project, 'ops', 8)).toBeUndefined();
      expect(await due(20)).toEqual([6]);
      const listed = async (query?: Parameters<typeof deliveries.list>[1]) =>
        (await deliveries.list(project, query)).map(({ channel, seq }) => `${channel}.${seq}`);
      expect(await listed()).toEqual(['chat.7', 'ops.7', 'ops.6', 'ops.5', 'ops.4']);
      expect(await listed({ channel: 'ops', state: 'delivered' })).toEqual(['ops.7', 'ops.4']);
      expect(await listed({ limit: 2 })).toEqual(['chat.7', 'ops.7']);
      expect(await deliveries.counts(project)).toEqual([
        { channel: 'chat', state: 'queued', count: 1 },
        { channel: 'ops', state: 'delivered', count: 2 },
        { channel: 'ops', state: 'failed', count: 1 },
        { channel: 'ops', state: 'queued', count: 1 },
      ]);
      await store.close();
    });

    test('remove takes what is named and nothing else, and everything of one project alone', async () => {
      const store = await open();
      for (const owner of [project, other]) {
        await store.projects.put({ ...projectRecord, project: owner });
        await store.keys.put({
          ...keyRecord,
          id: `key-${owner}`,
          project: owner,
          secretHash: hash(owner === other ? '8' : '9'),
        });
        await store.datasets.put({ ...dataset('1', 10), project: owner });
        await store.datasets.put({ ...dataset('2', 20), project: owner });
        await store.runs.put({ ...run('run-1', 10), project: owner });
        await store.runs.put({ ...run('run-2', 20), project: owner });
        await store.models.put({ ...model('m@1', 1), project: owner });
        await store.steps.put(owner, hash('a'), 1);
        await store.steps.put(owner, hash('b'), 2);
        await store.cursors.put(owner, 'replay', 1);
        await store.deliveries.put({ ...delivery('ops', 1), project: owner });
      }
      await store.keys.put({ ...keyRecord, project: null });
      const removed = await store.remove(project, {
        datasets: [
          { dataset: 'flights', version: hash('1') },
          { dataset: 'weather', version: hash('2') },
        ],
        runs: ['run-2', 'run-9'],
        models: ['m@1'],
        steps: [hash('b')],
      });
      expect(removed).toBe(4);
      const left = async (owner: ProjectId) => ({
        projects: (await store.projects.list()).filter(one => one.project === owner).length,
        keys: (await store.keys.list()).filter(one => one.project === owner).length,
        versions: (await store.datasets.list(owner)).map(({ version }) => version[0]),
        runs: (await store.runs.list(owner)).map(one => one.run),
        models: (await store.models.list(owner)).length,
        steps: [await store.steps.get(owner, hash('a')), await store.steps.get(owner, hash('b'))],
        cursor: await store.cursors.get(owner, 'replay'),
        deliveries: (await store.deliveries.list(owner)).length,
      });
      const all = {
        projects: 1,
        keys: 1,
        versions: ['2', '1'],
        runs: ['run-2', 'run-1'],
        models: 1,
        steps: [1, 2],
        cursor: 1,
        deliveries: 1,
      };
      expect(await left(project)).toEqual({
        ...all,
        versions: ['2'],
        runs: ['run-1'],
        models: 0,
        steps: [1, undefined],
      });
      expect(await left(other)).toEqual(all);
      expect(await store.remove(project, {})).toBe(0);
      expect(await store.remove(project, 'everything')).toBe(7);
      expect(await left(project)).toEqual({
        projects: 0,
        keys: 0,
        versions: [],
        runs: [],
        models: 0,
        steps: [undefined, undefined],
        cursor: undefined,
        deliveries: 0,
      });
      expect(await left(other)).toEqual(all);
      expect((await store.keys.list()).map(({ id }) => id)).toContain('key-1');
      await store.close();
    });

    test('many puts of one turn all arrive, the last of equal keys wins', async () => {
      const store = await open();
      await Promise.all(Array.from({ length: 500 }, (_, i) => store.cursors.put(project, `c${i % 250}`, i)));
      expect(await store.cursors.get(project, 'c0')).toBe(250);
      expect(await store.cursors.get(project, 'c249')).toBe(499);
      await store.close();
    });
  });
}
