// The drift decision on two Parquet files of 25 columns (15 numeric, 10 of levels), a few columns in memory at a time.
// Promise: 2 × 100,000 rows in 0.25 CPU-s; 2 × 1,000,000 in 2.5 CPU-s and 400 MB. Beside it Evidently with its default
// tests, when `python3` (or $PYTHON) has it: `pip install evidently pyarrow` in a venv of its own. Exits 1 when the promise
// does not hold. `--data DIR` names a folder with reference.parquet and current.parquet instead of what is made here.
// `node scripts/build.mjs --no-web && node bench/drift/report.mjs`
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { load } from '../lib/child.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    measure: { type: 'string' },
    repeat: { type: 'string', default: '3' },
  },
});

if (options.measure !== undefined) {
  // In a process of its own, so that its memory is its own.
  const { driftReport } = await import('@twinloop/server');
  const [reference, current] = ['reference', 'current'].map(name => join(options.measure, `${name}.parquet`));
  let best = Infinity;
  let report;
  for (let run = 0; run < Number(options.repeat); run++) {
    const start = process.cpuUsage();
    report = await driftReport(reference, current);
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1e6);
  }
  const peak = process.resourceUsage().maxRSS / 1024;
  const drifted = report.findings.filter(one => one.drifted).map(one => one.subject);
  console.log(
    JSON.stringify({
      cpu: best,
      peak,
      rows: report.reference.rows,
      subjects: report.findings.length,
      drifted,
    }),
  );
  process.exit();
}

async function make(directory, rows) {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run('select setseed(0.5)');
  const numeric = Array.from({ length: 15 }, (_, k) => {
    const normal = 'sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())';
    const value =
      k % 3 === 0 ? `exp(${normal})` : k % 3 === 1 ? `${normal} * 7 + 1013` : `round(${normal} * 4)`;
    return `case when random() < 0.02 then null else ${value} end as n${k}`;
  });
  const levels = [2, 2, 3, 5, 5, 10, 12, 30, 100, 200];
  const columns = [...numeric, ...levels.map((size, k) => `'v' || floor(${size} * random())::int as c${k}`)];
  for (const name of ['reference', 'current']) {
    // One column of each kind moves, the rest stays.
    const moved =
      name === 'reference'
        ? columns
        : columns.map(column =>
            column.endsWith(' as n1')
              ? column.replace('+ 1013', '+ 1015')
              : column.endsWith(' as c4')
                ? `'v' || floor(5 * random() ^ 1.3)::int as c4`
                : column,
          );
    await connection.run(
      `copy (select ${moved.join(', ')} from range(${rows})) to '${join(directory, `${name}.parquet`)}' (format parquet)`,
    );
  }
  connection.closeSync();
  instance.closeSync();
}

const failures = [];
for (const [rows, cpuLimit, memoryLimit] of options.data
  ? [[null, Infinity, Infinity]]
  : [
      [100_000, 0.25, Infinity],
      [1_000_000, 2.5, 400],
    ]) {
  const directory = options.data ?? mkdtempSync(join(tmpdir(), 'twinloop-drift-'));
  try {
    if (rows !== null) await make(directory, rows);
    const child = spawnSync(
      process.execPath,
      [fileURLToPath(import.meta.url), '--measure', directory, '--repeat', options.repeat],
      { encoding: 'utf8' },
    );
    if (child.status !== 0) throw new Error(child.stderr);
    const ours = JSON.parse(child.stdout);
    console.log(
      `2 × ${ours.rows} rows, ${ours.subjects} subjects: twinloop ${ours.cpu.toFixed(3)} CPU-s (best of ${options.repeat}), peak ${ours.peak.toFixed(0)} MB; drifted: ${ours.drifted.join(', ')}; ${load()}`,
    );
    if (ours.cpu > cpuLimit) failures.push(`${rows} rows: ${ours.cpu.toFixed(3)} of ${cpuLimit} CPU-s`);
    if (ours.peak > memoryLimit) failures.push(`${rows} rows: ${ours.peak.toFixed(0)} of ${memoryLimit} MB`);
    if (rows === 1_000_000) continue;
    const python = process.env.PYTHON ?? 'python3';
    const peer = spawnSync(python, [join(here, 'report_evidently.py'), directory], {
      encoding: 'utf8',
    });
    if (peer.status === 0) {
      const { cpu, drifted } = JSON.parse(peer.stdout.trim().split('\n').at(-1));
      console.log(
        `Evidently: ${cpu.toFixed(2)} CPU-s, × ${(cpu / ours.cpu).toFixed(0)}; drifted columns: ${drifted}`,
      );
    } else console.log('peer missing: no python3 with evidently and pyarrow (set PYTHON to name one)');
  } finally {
    if (!options.data) rmSync(directory, { recursive: true, force: true });
  }
}
for (const failure of failures) console.log(`FAIL: ${failure}`);
if (failures.length > 0) process.exitCode = 1;
