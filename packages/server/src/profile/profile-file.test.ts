import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { profileFile } from './profile-file.js';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'twinloop-profile-'));
});
afterAll(() => rm(directory, { recursive: true }));

it('profiles a file that is larger than a piece, without a project', async () => {
  const file = join(directory, 'march.csv');
  const rows = 150_000;
  const lines = Array.from({ length: rows }, (_, i) => `${i},${i % 100 === 0 ? '' : i % 7},c${i % 3}`);
  await writeFile(file, `id,x,c\n${lines.join('\n')}\n`);
  const { profile, ...rest } = await profileFile(file);
  expect(rest).toEqual({ file, rows });
  const [id, x, c] = profile;
  // It rises from piece to piece: a key, known without an estimate.
  expect(id).toMatchObject({ name: 'id', count: rows, missing: 0, distinct: rows });
  expect(x).toMatchObject({ missing: 1500, distinct: 7, numeric: { min: 0, max: 6 } });
  expect(x!.numeric!.mean).toBeCloseTo(3, 3);
  const top = Object.fromEntries(c!.categorical!.top);
  expect(top).toEqual({ c0: 50_000, c1: 50_000, c2: 50_000 });
});

it('says what is wrong with a file', async () => {
  await expect(profileFile(join(directory, 'gone.csv'))).rejects.toMatchObject({
    code: 'dataset_file_missing',
  });
  await writeFile(join(directory, 'empty.csv'), 'a,b\n');
  await expect(profileFile(join(directory, 'empty.csv'))).rejects.toMatchObject({ code: 'dataset_empty' });
});
