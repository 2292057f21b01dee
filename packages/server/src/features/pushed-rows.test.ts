import type { ContentHash, Json, ProjectId, Row } from '@twinloop/kernel';
import { memoryBlobs } from '@twinloop/storage';
import { describe, expect, it } from 'vitest';
import { PushedRows, sourceRow } from './pushed-rows.js';

const PROJECT = 'p' as ProjectId;
const VERSION = 'v1' as ContentHash;

/** What a process leaves behind when it is killed. */
function disk() {
  const cursors = new Map<string, Json>();
  const versions = new Set<string>();
  const blobs = memoryBlobs();
  const metadata = {
    cursors: {
      put: async (_project: ProjectId, name: string, value: Json) => void cursors.set(name, value),
      get: async (_project: ProjectId, name: string) => cursors.get(name),
    },
    datasets: {
      put: async () => undefined,
      list: async () => [],
      get: async (_project: ProjectId, _dataset: string, version: ContentHash) =>
        versions.has(version) ? ({ status: 'accepted' } as never) : undefined,
    },
  };
  return { versions, open: () => PushedRows.open(PROJECT, 'weather', metadata, blobs) };
}

const rows = (from: number, until: number): Row[] =>
  Array.from({ length: until - from }, (_, i) => ({ station: 'EWR', at: from + i }));

describe('posted rows', () => {
  it('are there after a kill, in order, few or many', async () => {
    const { open } = disk();
    const first = await open();
    await first.add(rows(0, 3));
    await first.add(rows(3, 450));
    await first.add(rows(450, 455));
    const second = await open();
    expect(await second.read()).toEqual(rows(0, 455));
    expect(second.count).toBe(455);
  });

  it('may be sent again', async () => {
    const { open } = disk();
    await (await open()).add(rows(0, 300));
    const again = await open();
    expect(await again.add(rows(298, 302))).toEqual(rows(300, 302));
    expect(again.count).toBe(302);
  });

  it('go into a version, and those that came meanwhile stay', async () => {
    const { open, versions } = disk();
    const kept = await open();
    await kept.add(rows(0, 5));
    const settled = kept.settle(async (given, note) => {
      await note(VERSION);
      versions.add(VERSION);
      return given.length === 5;
    });
    await Promise.all([settled, kept.add(rows(5, 7))]);
    expect(await kept.read()).toEqual(rows(5, 7));
  });

  it('wait on when the version is refused', async () => {
    const kept = await disk().open();
    await kept.add(rows(0, 2));
    await kept.settle(async () => false);
    expect(await kept.read()).toEqual(rows(0, 2));
  });

  it.each([true, false])(
    'count once when the process ends in the middle (version there: %s)',
    async there => {
      const { open, versions } = disk();
      const kept = await open();
      await kept.add(rows(0, 4));
      await expect(
        kept.settle(async (_given, note) => {
          await note(VERSION);
          if (there) versions.add(VERSION);
          throw new Error('killed');
        }),
      ).rejects.toThrow('killed');
      expect(await (await open()).read()).toEqual(there ? [] : rows(0, 4));
    },
  );
});

describe('a row as it was sent', () => {
  const schema = [
    { name: 'station', type: 'string', nullable: true },
    { name: 'at', type: 'time', nullable: true },
    { name: 'wind', type: 'number', nullable: true },
  ] as const;
  const read = (row: unknown): Row => sourceRow(row, schema, ['station', 'at'], 'America/New_York');

  it('has the types of its dataset; times may be texts in the project’s zone', () => {
    expect(read({ station: 'EWR', at: '2013-03-01T06:00', wind: 3 })).toEqual({
      station: 'EWR',
      at: Date.UTC(2013, 2, 1, 11),
      wind: 3,
    });
    expect(read({ station: 'EWR', at: 5 })).toEqual({ station: 'EWR', at: 5, wind: null });
  });

  it.each([
    ['a list', [1], undefined],
    ['another column', { station: 'EWR', at: 5, sun: 1 }, 'sun'],
    ['no key', { at: 5 }, 'station'],
    ['no time', { station: 'EWR', at: null }, 'at'],
    ['a time that is none', { station: 'EWR', at: 'noon' }, 'at'],
    ['a wrong type', { station: 'EWR', at: 5, wind: 'strong' }, 'wind'],
  ])('is refused: %s', (_, row, field) => {
    expect(() => read(row)).toThrow(expect.objectContaining({ code: 'feature_row_invalid', field }));
  });
});
