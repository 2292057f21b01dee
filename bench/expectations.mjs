// 20 expectations on 1 M rows × 25 columns, from Parquet: ours against Pandera and Great Expectations, in one run. CPU
// seconds of reading and checking, without starting up. The peers run when `python3` (or $PYTHON) has them:
// `pip install pandera pandas pyarrow great_expectations`. Needs the build; for steady figures pin it to one core.
// `node scripts/build.mjs --no-web && node bench/expectations.mjs [rows]`
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRng } from '@twinloop/kernel';
import { checkExpectations } from '@twinloop/loop/data';
import { openBlobs, openDatasetQuery } from '@twinloop/storage';
import { load } from './lib/child.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const rows = Number(process.argv[2] ?? 1_000_000);
const project = 'bench';

function made() {
  const rng = seededRng(7);
  const number = (name, of, type = 'number') => ({
    name,
    type,
    values: Float64Array.from({ length: rows }, of),
  });
  const text = (name, of) => ({
    name,
    type: 'string',
    values: Array.from({ length: rows }, (_, i) => of(i)),
  });
  const levels = Array.from({ length: 30 }, (_, i) => `c${i}`);
  return {
    rows,
    columns: [
      ...Array.from({ length: 15 }, (_, k) => number(`n${k}`, () => rng.next() * 100)),
      ...Array.from({ length: 5 }, (_, k) => text(`s${k}`, () => levels[Math.floor(rng.next() * 30)])),
      text('id', i => `A${String(i).padStart(7, '0')}`),
      number('k', (_, i) => i),
      number('at', (_, i) => 1.6e12 + i * 1000, 'time'),
      number('b', () => Number(rng.next() < 0.3), 'boolean'),
      number('m', () => (rng.next() < 0.02 ? Number.NaN : rng.next())),
    ],
  };
}

const LEVELS = Array.from({ length: 30 }, (_, i) => `c${i}`);
/** The range of n5 is broken by one row in a thousand, the set of s1 by one in thirty. */
const rules = [
  { rule: 'rows', min: rows, max: rows },
  { rule: 'nulls', column: 'n0', max: 0 },
  { rule: 'nulls', column: 'id', max: 0 },
  { rule: 'nulls', column: 'm', max: 0.05 },
  ...['n1', 'n2', 'n3', 'n4'].map(column => ({ rule: 'range', column, min: 0, max: 100 })),
  { rule: 'range', column: 'n5', min: 0, max: 99.9 },
  { rule: 'set', column: 's0', values: LEVELS },
  { rule: 'set', column: 's1', values: LEVELS.slice(1) },
  { rule: 'pattern', column: 'id', regex: '^A[0-9]{7}$' },
  { rule: 'length', column: 'id', min: 8, max: 8 },
  { rule: 'unique', columns: ['id'] },
  { rule: 'monotonic', column: 'k' },
  { rule: 'statistic', column: 'n6', of: 'mean', min: 40, max: 60 },
  { rule: 'statistic', column: 'n7', of: 'median', min: 40, max: 60 },
  { rule: 'statistic', column: 'n8', of: 'stdev', min: 20, max: 40 },
  { rule: 'statistic', column: 'n9', of: 'max', max: 100 },
  { rule: 'statistic', column: 's2', of: 'distinct', min: 1, max: 30 },
];

const directory = mkdtempSync(join(tmpdir(), 'twinloop-bench-'));
try {
  const blobs = await openBlobs(directory);
  const query = await openDatasetQuery({ blobs, allowedDirectories: [directory] });
  const table = made();
  const { blob } = await query.store(project, table);
  const file = await blobs.path(project, blob);
  const ports = {
    check: (source, checks, options) => query.check({ project, ...source }, checks, options),
    version: async () => undefined,
    column: async () => undefined,
  };
  const schemaOnly = { rows, columns: table.columns.map(column => ({ ...column })) };
  const measure = async () => {
    const before = process.cpuUsage();
    const start = performance.now();
    const { results } = await checkExpectations(ports, {
      dataset: 'bench',
      table: schemaOnly,
      rules,
      blob,
      at: 0,
    });
    const { user, system } = process.cpuUsage(before);
    const broken = results.flatMap(({ passed }, i) => (passed ? [] : [i]));
    return { cpu: (user + system) / 1e6, wall: (performance.now() - start) / 1e3, broken };
  };
  await measure();
  const runs = [await measure(), await measure(), await measure()].sort((a, b) => a.cpu - b.cpu);
  const ours = runs[1];
  console.log(
    `${rules.length} expectations on ${rows.toLocaleString('en')} rows × ${table.columns.length} columns; ${load()}`,
  );
  console.log(
    `twinloop            ${ours.cpu.toFixed(2)} CPU s (${ours.wall.toFixed(2)} s), broken: ${ours.broken.join(', ')}`,
  );
  for (const peer of ['pandera', 'great_expectations']) {
    const python = process.env.PYTHON ?? 'python3';
    const { stdout, status, stderr } = spawnSync(python, [join(here, 'expectations_peers.py'), peer, file], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    if (status !== 0) {
      const why = stderr.trim().split('\n').at(-1);
      console.log(`${peer.padEnd(19)} skipped: ${why}`);
      continue;
    }
    const found = JSON.parse(stdout.trim().split('\n').at(-1));
    console.log(
      `${peer.padEnd(19)} ${found.cpu.toFixed(2)} CPU s (${found.wall.toFixed(2)} s), broken: ${found.broken}; ${(found.cpu / ours.cpu).toFixed(1)} times ours (${found.version})`,
    );
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
