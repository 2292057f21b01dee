import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csv, smallRows, writeSmallProject, type SmallProject } from '../support/small-project.js';
import { cli, scratch, ServerProcess } from '../support/server-process.js';

let directory: Awaited<ReturnType<typeof scratch>>;
let server: ServerProcess;
let project: SmallProject;
const rows = smallRows(300, 7);

beforeAll(async () => {
  directory = await scratch();
  project = await writeSmallProject(join(directory.path, 'project'));
  const file = join(project.directory, 'twinloop.yaml');
  const text = (await readFile(file, 'utf8')).replace(
    /^expectations:\n {2}flights:\n/m,
    `expectations:
  flights:
    - { rule: range, column: temp, min: -90, max: 140, quarantine: true }
    - { rule: nulls, column: temp, max: 0.9, by: origin }
    - { rule: sql-value, expression: avg(hour), min: 0, max: 24 }
`,
  );
  await writeFile(file, text);
  server = await ServerProcess.start(join(directory.path, 'data'));
  await server.client().apply({ file: text, directory: project.directory });
});
afterAll(async () => {
  await server.kill();
  await directory.remove();
});

const wild = (): string => csv(rows.map((row, i) => (i === 3 || i === 40 ? { ...row, temp: 999 } : row)));

describe('data validation over a version’s life', () => {
  it('a file is checked without being registered', async () => {
    await writeFile(join(project.directory, 'wild.csv'), wild());
    const before = (await server.client().datasets()).length;
    const found = await server.client().checkData('flights', 'wild.csv');
    expect(found).toMatchObject({ status: 'accepted', rows: 300, quarantined: 2 });
    expect((await server.client().datasets()).length).toBe(before);
  });

  it('bad rows are kept apart, the others are the version, and all can be asked for', async () => {
    const client = server.client();
    const version = await client.addDatasetVersion('flights', 'wild.csv');
    expect(version).toMatchObject({ rows: 298, status: 'accepted' });
    const apart = await client.quarantine('flights', version.version.slice(0, 10));
    expect(apart).toMatchObject({ quarantined: 2, kept: 298, reasons: [{ rule: 'range', count: 2 }] });
    expect(apart.rows.map(({ row }) => row)).toEqual([4, 41]);
    expect(apart.rows[0]!.values[apart.columns.indexOf('temp')]).toBe(999);
    const [said] = await client.ledger({ types: ['RowsQuarantined'] });
    expect(said!.sentence).toContain('2 rows kept apart, 298 went on (range of temp 2)');
    const history = await client.expectations('flights');
    expect(history.versions.at(-1)).toMatchObject({ rows: 298, quarantined: 2 });
    const range = history.rules.find(({ subject, quarantines }) => subject === 'temp' && quarantines)!;
    expect(range.text).toBe('{ rule: range, column: temp, min: -90, max: 140, quarantine: true }');
    expect(range.results.map(result => result?.passed)).toEqual([true, false]);
    expect(await (await fetch(new URL('/metrics', server.url))).text()).toMatch(
      /twinloop_quarantined_rows\{[^}]*\} 2/,
    );
  });

  it('rules are proposed, and written beside those that are there', async () => {
    const run = (...args: string[]) =>
      cli(['--data', join(directory.path, 'data'), '--server', server.url, ...args], {
        cwd: project.directory,
      });
    const shown = await run('data', 'suggest', 'flights');
    expect(shown.stdout).toContain('rule: nulls');
    const written = await run('data', 'suggest', 'flights', '--write');
    expect(written.stdout).toMatch(/twinloop\.yaml: \d+ expectations of flights added/);
    const file = await readFile(join(project.directory, 'twinloop.yaml'), 'utf8');
    await server.client().apply({ file, directory: project.directory });
    await writeFile(join(project.directory, 'same.csv'), csv(rows));
    const checked = await run('data', 'check', 'same.csv', '--dataset', 'flights');
    expect([checked.code, checked.stdout]).toEqual([0, expect.stringContaining('would be accepted')]);
    await writeFile(join(project.directory, 'cut.csv'), csv(rows.slice(0, 30)));
    const refused = await run('data', 'check', 'cut.csv', '--dataset', 'flights');
    expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('would be refused')]);
  });
});
