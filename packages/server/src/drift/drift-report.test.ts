import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRng } from '@twinloop/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { driftReport } from './drift-report.js';

let directory = '';
const file = (name: string, rows: readonly string[]): string => {
  const path = join(directory, name);
  writeFileSync(path, `${rows.join('\n')}\n`);
  return path;
};
const rows = (seed: number, shift: number, carrier: number): string[] => {
  const rng = seededRng(seed);
  return Array.from({ length: 800 }, () => {
    const temp = rng.next() + rng.next() + rng.next() + shift;
    return `${rng.next() < 0.05 ? '' : temp.toFixed(3)},${rng.next() < carrier ? 'UA' : 'B6'}`;
  });
};
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'twinloop-drift-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('driftReport', () => {
  it('finds what moved, names it, and leaves the rest', async () => {
    const then = file('then.csv', ['temp,carrier', ...rows(1, 0, 0.3)]);
    const same = await driftReport(then, file('same.csv', ['temp,carrier', ...rows(2, 0, 0.3)]));
    expect(same).toMatchObject({ drifted: false, reference: { rows: 800 } });
    const moved = await driftReport(then, file('moved.csv', ['temp,carrier', ...rows(4, 0.3, 0.3)]));
    expect(moved.findings.filter(({ drifted }) => drifted).map(({ subject }) => subject)).toEqual(['temp']);
    expect(moved.findings[0]!.sentence).toMatch(/^temp moved from 1\.\d\d to 1\.\d\d \(median\)/);
  });
  it('different columns and types', async () => {
    const then = file('a.csv', ['temp,carrier,gone', ...rows(1, 0, 0.3).map(row => `${row},1`)]);
    const now = file('b.csv', ['temp,carrier,new', ...rows(2, 0, 0.3).map(row => `x${row},1`)]);
    const report = await driftReport(then, now, { label: 'carrier' });
    expect(
      report.findings
        .filter(({ drifted }) => drifted)
        .map(({ subject }) => subject)
        .sort(),
    ).toEqual(['gone missing', 'temp']);
    expect(report.skipped).toEqual([{ column: 'new', reason: 'the reference does not have it' }]);
    expect(report.findings.find(({ subject }) => subject === 'carrier')?.kind).toBe('label');
  });
  it('refuses what it cannot read', async () => {
    const then = file('c.csv', ['temp,carrier', ...rows(1, 0, 0.3)]);
    await expect(driftReport(then, join(directory, 'nowhere.csv'))).rejects.toMatchObject({
      code: 'dataset_file_missing',
    });
    await expect(driftReport(then, file('d.csv', ['temp,carrier']))).rejects.toMatchObject({
      code: 'dataset_empty',
    });
    await expect(driftReport(then, then, { label: 'late' })).rejects.toMatchObject({
      code: 'dataset_column_missing',
    });
    await expect(driftReport(then, file('e.xlsx', ['x']))).rejects.toMatchObject({
      code: 'dataset_unreadable',
    });
  });
});
